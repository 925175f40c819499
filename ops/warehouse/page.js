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

/**
 * { page({ collection, after, upTo, readAt, limit, append, only, deleted }) => the job's answer, wholePage: the same, and it knows for certain
 * whether others follow }. `countOf`: of documents.js.
 */
export function openPages(target, { countOf }) {
  if (!existsSync(MODULE)) throw new WrongArguments('The module that reads pages isn\'t built yet: npm start builds it.');
  const job = openJob(MODULE, target, { patienceMs: PATIENCE_MS });

  async function page(parameters) {
    const { answer, failure } = await job.run(parameters);
    const [fault] = answer.faults;
    if (fault === undefined) return answer;
    const text = failure?.message ?? fault;
    const isTooOld = [INVALID_ARGUMENT, FAILED_PRECONDITION].includes(failure?.code) && TOO_OLD.test(text);
    throw isTooOld ? new TooOld(text) : new PageFailed(`${parameters.collection} could not be ${parameters.append === 'none' ? 'read' : 'read or appended'}: ${text}`);
  }

  return { page, wholePage: (parameters) => completed(parameters, { page, countOf }), close: job.close };
}

/**
 * The module leaves out documents whose ids no function writes, such as ones with a space. A full page with one of them is then shorter than a full
 * one, and looks like the last; behind a page that seems to be the last it is therefore counted, for one read. What is behind it must
 * never be taken for deleted. `foreign`: how many were left out.
 */
export async function completed(parameters, { page, countOf }) {
  const answer = await page(parameters);
  if (answer.last !== null) return { ...answer, foreign: 0, reads: answer.read };
  const { limit } = parameters;
  const there = await countOf(parameters);
  const whole = { ...answer, foreign: there - answer.read, reads: Math.max(1, there) + 1 };
  if (there < limit) return whole;
  const { rows } = parameters.append === 'none' ? answer : await page({ ...parameters, append: 'none' });
  const last = rows.at(-1)?.id;
  if (last === undefined) throw new PageFailed(`${parameters.collection} has ${limit} documents in a row behind "${parameters.after ?? ''}" whose ids no function writes, and can't be read beyond them.`);
  return { ...whole, last };
}
