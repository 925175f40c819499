#!/usr/bin/env bash
# Brings a project on Google Cloud to what this tree says. It can be stopped at any point and run again: each run looks first.
set -euo pipefail

usage() {
  cat <<'END'
./deploy.sh plan      shows each difference between the project and this tree, and the steps that would end it (status 2: there are some)
./deploy.sh apply     takes those steps
./deploy.sh destroy   takes away what apply made, after asking
./deploy.sh build     makes dist/, which needs neither project nor credentials
  --project ID               the Google Cloud project
  --region REGION            where the functions and the messages are, such as europe-west1
  --environment NAME         deploy/environments/NAME.json, which may say both (production)
  --firestore-location L     where the database is, such as eur3 (the region)
  --only FUNCTION            of the functions this one alone
  --built                    dist/ as build made it: nothing is fetched or compiled
END
}

# With CDPATH set, cd would look elsewhere first, and say where it went.
CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")"
readonly WORK="${BOMA_DEPLOY_FOLDER:-.boma/deploy}"
# Each run has a folder of its own. Those that change something hold the lock, one at a time.
readonly RUN="$WORK/run-$$"
readonly STEPS="$RUN/steps"
readonly LOCK="$WORK/lock"
readonly AT_ONCE="${BOMA_DEPLOY_AT_ONCE:-4}"
# What was just made isn't known everywhere at once: a right on a new account may be refused for a minute, an alert on a new
# metric for several.
read -r -a PAUSES_S <<< "${BOMA_DEPLOY_PAUSES:-5 15 30 60 120}"
# The address that a trigger's tokens are made out to is known when its function is there, and is a setting of that function.
readonly ROUNDS=2
# gcloud's status for a command that it doesn't know: that isn't known later either.
readonly NO_SUCH_COMMAND=2

main() {
  case "${1:-}" in
    '' | -h | --help | help) usage; return 0 ;;
  esac
  need node 'https://nodejs.org, 20 or newer'
  if [[ " $* " != *' --built '* ]]; then need cargo 'https://rustup.rs'; fi
  if [[ $1 != build ]]; then need gcloud 'https://cloud.google.com/sdk/docs/install'; fi

  rm -rf "$RUN"
  mkdir -p "$RUN"
  # Whoever changes nothing leaves nothing.
  trap 'rm -rf "$RUN"' EXIT
  case "$1" in
    apply | destroy)
      take_lock "$@"
      leave_no_dead_runs
      ;;
  esac
  look "$@"
  case "$1" in
    plan) if [[ -s "$STEPS" ]]; then return 2; fi ;;
    apply) apply "$@" ;;
    destroy) destroy ;;
  esac
}

need() {
  command -v "$1" > /dev/null || fail "$1 is missing: get it from $2."
}

fail() {
  echo "deploy.sh: $1" >&2
  exit 1
}

# A run is its process: the number alone may be another program's by now. What nobody can tell counts as a run, for by the other
# mistake two would take the same steps.
is_running() {
  local program
  if [[ "$(LC_ALL=C kill -0 "$1" 2>&1)" == *'No such process'* ]]; then return 1; fi
  program=$(program_of "$1")
  [[ -z "$program" || "$program" == *deploy.sh* ]]
}

# The whole line, however narrow COLUMNS says the terminal is. Slim containers have no ps, but Linux's /proc.
program_of() {
  ps -ww -o command= -p "$1" 2> /dev/null || { tr '\0' ' ' < "/proc/$1/cmdline"; } 2> /dev/null || true
}

# Whoever holds the lock tidies up. The folder of the latest run stays, with its logs, until the next one begins.
leave_no_dead_runs() {
  local folder
  for folder in "$WORK"/run-*; do
    if ! is_running "${folder##*/run-}"; then rm -rf "$folder"; fi
  done
}

# Two runs would take the same steps, and each would find the other's half done. A link is made by one of two, and never half
# written. A dead holder's lock is moved away first: if it is another's by then, it goes back.
take_lock() {
  local mine="$RUN/lock" stale="$RUN/stale-lock" holder rest
  printf '%s ./deploy.sh %s, since %s\n' "$$" "$*" "$(date '+%Y-%m-%d %H:%M:%S')" > "$mine"
  until ln "$mine" "$LOCK" 2> /dev/null; do
    read -r holder rest 2> /dev/null < "$LOCK" || continue
    # Who had our own number is dead.
    if [[ "$holder" != "$$" ]] && is_running "$holder"; then
      fail "another run is under way, process $holder: $rest. Nothing was changed. Wait for it, or end it by Ctrl-C there. If that process is another program: take $LOCK away."
    fi
    mv "$LOCK" "$stale" 2> /dev/null || continue
    if [[ "$(< "$stale")" == "$holder $rest" ]]; then
      echo "Process $holder is gone, which held the lock: $rest." >&2
    else
      ln "$stale" "$LOCK" 2> /dev/null || true
    fi
  done
  trap 'rm -f "$LOCK"' EXIT
}

# Says what differs, and writes the steps into $STEPS.
look() {
  rm -f "$STEPS"
  node deploy/main.js "$STEPS" "$@" || exit 1
}

# Some commands are in tracks that not every installation has. gcloud would fetch them in the middle of a step, and with
# several steps at once it would do so several times.
need_tracks() {
  local track tracks=''
  for track in alpha beta; do
    if ! grep -q "gcloud $track " "$STEPS"; then continue; fi
    tracks=${tracks:-$(gcloud version 2> /dev/null | cut -d ' ' -f 1)}
    if ! grep -qx "$track" <<< "$tracks"; then
      fail "gcloud has no $track commands, which some steps are: gcloud components install $track (Debian: they come with google-cloud-cli)."
    fi
  done
}

# Takes the steps, looks again, and takes those that could be seen only then.
apply() {
  local round
  for (( round = 0; round < ROUNDS; round++ )); do
    if [[ ! -s "$STEPS" ]]; then return; fi
    need_tracks
    carry_out
    echo
    echo 'Looking again:'
    look "$@"
  done
  if [[ -s "$STEPS" ]]; then fail 'something still differs, see above: the last step of its kind says why, and somebody else may be changing it.'; fi
}

destroy() {
  if [[ ! -s "$STEPS" ]]; then return; fi
  local project answer
  project=$(sed -n 's/.* --project=\([^ ]*\) .*/\1/p;q' "$STEPS")
  echo
  echo "To take all this away from $project, type the project's name."
  read -r -p '> ' answer || true
  if [[ "$answer" != "$project" ]]; then fail 'that is not its name: nothing was changed.'; fi
  need_tracks
  carry_out
}

# Takes the steps in their order; those of one wave, a few at a time.
carry_out() {
  local total number=0 wave='' stopping='' interrupted=''
  total=$(wc -l < "$STEPS" | tr -d ' ')
  rm -rf "$RUN/logs"
  mkdir -p "$RUN/logs"
  pids=()
  trap 'stopping=yes; interrupted=yes; echo; echo "Finishing what is under way. Run the same command again to go on."' INT TERM

  while IFS=$'\t' read -r -u 3 its_wave say command; do
    if [[ "$its_wave" == - || "$its_wave" != "$wave" || ${#pids[@]} -ge $AT_ONCE ]]; then finish; fi
    if [[ -n "$stopping" ]]; then break; fi
    number=$((number + 1))
    wave=$its_wave
    # In a process group of its own: at a terminal Ctrl-C goes to everybody in ours, and a step is not to be cut in two.
    set -m
    take "[$number/$total] $say" "$command" "$RUN/logs/$number" &
    set +m
    pids+=($!)
  done 3< "$STEPS"
  finish
  trap - INT TERM
  if [[ -n "$stopping" ]]; then exit 130; fi
}

# Waits for all that is under way; one that failed ends the run when the others are done.
finish() {
  local failed='' pid status
  for pid in ${pids[@]+"${pids[@]}"}; do
    # A signal interrupts the waiting, not the step; then one waits again.
    while true; do
      interrupted=''
      status=0
      wait "$pid" || status=$?
      if [[ -z "$interrupted" ]]; then break; fi
    done
    if (( status != 0 )); then failed=yes; fi
  done
  pids=()
  if [[ -n "$failed" && -z "$stopping" ]]; then fail 'a step failed, see above. What was done stays done: when it is mended, run the same command again.'; fi
}

# One step, tried again while it fails.
take() {
  local say=$1 command=$2 log=$3 began=$SECONDS pause wanted status
  for pause in "${PAUSES_S[@]}" ''; do
    status=0
    bash -c "$command" > "$log" 2>&1 < /dev/null || status=$?
    if (( status == 0 )); then
      echo "$say, $((SECONDS - began)) s"
      return 0
    fi
    if [[ -z "$pause" ]] || (( status == NO_SUCH_COMMAND )); then break; fi
    # The name of a database that was deleted is free again after some minutes only, and Google says how many seconds are left.
    wanted=$(grep -oE '[Rr]etry in [0-9]{1,3} seconds' "$log" | head -n 1 | tr -cd '0-9' || true)
    if (( ${wanted:-0} > pause )); then pause=$wanted; fi
    echo "$say: failed, once more in $pause s ($(grep -m1 . "$log" || echo "no word of why"))"
    sleep "$pause"
  done
  echo "$say: failed"
  echo "    $command"
  sed 's/^/    /' "$log"
  return 1
}

main "$@"
