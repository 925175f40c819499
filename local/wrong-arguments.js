// Errors of the command lines of npm start and of ops/: one sentence that names the flag.

export class WrongArguments extends Error {}

export function wrong(sentence) {
  throw new WrongArguments(sentence);
}

/** Where --project is given, it must look like a project's id. */
export function checkProject(project) {
  if (project === undefined || /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/.test(project)) return;
  wrong(`--project "${project}" is not a project id: 6 to 30 lowercase letters, digits and hyphens, a letter first.`);
}
