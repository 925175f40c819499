// The flags --project and --database, which name a real project instead of the running stack.
import { checkProject, wrong } from '../local/wrong-arguments.js';

const DEFAULT_DATABASE = '(default)';

/** { project, database } */
export function targetFlags({ project, database }) {
  if (database && !project) wrong('--database goes with --project ID: the running stack has only one.');
  checkProject(project);
  return { project, database: database ?? DEFAULT_DATABASE };
}
