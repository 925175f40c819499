// Letters by consumer, kind and reason, counted as they stream by. Pure.
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** A reason without the ids in it: four thousand customers who are awaited are one reason, not four thousand. */
export const commonReason = (reason) => reason.replace(UUID, '{id}');

export class Groups {
  #groups = new Map();

  add({ id, consumer, kind, reason, receivedAt }) {
    const common = commonReason(reason);
    const key = JSON.stringify([consumer, kind, common]);
    let group = this.#groups.get(key);
    if (!group) {
      group = { consumer, kind, reason: common, letters: 0, oldest: receivedAt, newest: receivedAt, example: id };
      this.#groups.set(key, group);
    }
    group.letters += 1;
    if (receivedAt === undefined) return;
    if (group.oldest === undefined || receivedAt < group.oldest) [group.oldest, group.example] = [receivedAt, id];
    if (group.newest === undefined || receivedAt > group.newest) group.newest = receivedAt;
  }

  /** The largest first. */
  sorted() {
    const name = ({ consumer, kind, reason }) => `${consumer}\n${kind}\n${reason}`;
    return [...this.#groups.values()].sort((a, b) => b.letters - a.letters || (name(a) < name(b) ? -1 : 1));
  }
}

export function groupsOf(letters) {
  const groups = new Groups();
  for (const letter of letters) groups.add(letter);
  return groups.sorted();
}
