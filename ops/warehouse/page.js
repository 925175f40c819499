// A page of a collection, by the module of ops/warehouse-page. Its parameters and answers are described in
// crates/core/src/jobs/warehouse/page.rs.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../local/set-up.js';
import { WrongArguments } from '../../local/wrong-arguments.js';
import { openJob } from '../job.js';

const MODULE = join(ROOT, 'dist-ops', 'warehouse-page');
/** As patient as a short disturbance lasts; a row that is appended twice is one in the views. */
const PATIENCE_MS = 20_000;
const { INVALID_ARGUMENT, FAILED_PRECONDITION } = { INVALID_ARGUMENT: 3, FAILED_PRECONDITION: 9 };
const TOO_OLD = /too old|read[_ ]?time|stale|version.*retention/i;

/** Firestore doesn't have the versions of that time any more. */
export class TooOld extends Error {}

/** What Firestore or BigQuery said, after which there is no going on. */
export class PageFailed extends Error {}

/** { page({ collection, after, upTo, readAt, limit, append, only, deleted }) => the job's answer, close } */
export function openPages(target) {
  if (!existsSync(MODULE)) throw new WrongArguments('The module that reads pages isn\'t built yet: npm start builds it.');
  const job = openJob(MODULE, target, { patienceMs: PATIENCE_MS });
  return {
    async page(parameters) {
      const { answer, failure } = await job.run(parameters);
      const [fault] = answer.faults;
      if (fault === undefined) return answer;
      const text = failure?.message ?? fault;
      const isTooOld = [INVALID_ARGUMENT, FAILED_PRECONDITION].includes(failure?.code) && TOO_OLD.test(text);
      throw isTooOld ? new TooOld(text) : new PageFailed(`${parameters.collection} could not be ${parameters.append === 'none' ? 'read' : 'read or appended'}: ${text}`);
    },
    close: job.close,
  };
}
