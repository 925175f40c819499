// A page of a collection, by the module of ops/warehouse-page. Its parameters and answers are described in
// crates/core/src/jobs/warehouse/page.rs.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../local/set-up.js';
import { WrongArguments } from '../../local/wrong-arguments.js';
import { openJob } from '../job.js';
import { pageSizes } from './page-sizes.js';

const MODULE = join(ROOT, 'dist-ops', 'warehouse-page');
/** As patient as a short disturbance lasts; a row that is appended twice is one in the views. */
const PATIENCE_MS = 20_000;
/** What breaks an instance of the module breaks the pages beside it, however small they are. */
const TRIES_OF_ONE = 3;
const { INVALID_ARGUMENT, FAILED_PRECONDITION } = { INVALID_ARGUMENT: 3, FAILED_PRECONDITION: 9 };
const TOO_OLD = /too old|read[_ ]?time|stale|version.*retention/i;

/** Firestore doesn't have the versions of that time any more. */
export class TooOld extends Error {}

/** What Firestore or BigQuery said, after which there is no going on. */
export class PageFailed extends Error {}

/**
 * { page({ collection, after, upTo, readAt, limit, append, only, deleted, restated }) => the job's answer, and in `reads` what it cost, close }. The
 * page has `limit` documents or, where these are too large to be held at once, fewer: others follow it unless its `last` is null.
 */
export function openPages(target) {
  if (!existsSync(MODULE)) throw new WrongArguments('The module that reads pages isn\'t built yet: npm start builds it.');
  const job = openJob(MODULE, target, { patienceMs: PATIENCE_MS });
  const sizes = pageSizes();
  return { page: (parameters) => pageOf(parameters, { job, sizes }), close: job.close };
}

/** `job`: of ops/job.js; `sizes`: of page-sizes.js. */
export async function pageOf(parameters, { job, sizes }) {
  const { collection } = parameters;
  for (let [spent, ofOne] = [0, 0]; ;) {
    const limit = sizes.of(collection, parameters.limit);
    const { answer, failure, crash } = await job.run({ ...parameters, limit });
    const [fault] = answer.faults;
    if (fault === undefined) {
      sizes.wentWell(collection);
      return { ...answer, reads: spent + readsOf(answer, parameters) };
    }
    spent += limit;
    if (limit === 1) ofOne += 1;
    if (crash === undefined || ofOne === TRIES_OF_ONE) throw failed(parameters, { fault, failure, crash });
    sizes.broke(collection, limit);
  }
}

/** A query that finds nothing costs a read; where deletions alone are meant there is no query. */
const readsOf = ({ read }, { append, only }) => (append === 'only' && only.length === 0 ? 0 : Math.max(1, read));

function failed({ collection, append }, { fault, failure, crash }) {
  const text = failure?.message ?? (crash === undefined ? fault : `${fault} (${crash})`);
  const isTooOld = [INVALID_ARGUMENT, FAILED_PRECONDITION].includes(failure?.code) && TOO_OLD.test(text);
  return isTooOld ? new TooOld(text) : new PageFailed(`${collection} could not be ${append === 'none' ? 'read' : 'read or appended'}: ${text}`);
}
