// The replay policy, which is the core's: the module of ops/replay. Its parameters and answers are described in
// crates/core/src/jobs/replay/replay_job.rs.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../local/set-up.js';
import { WrongArguments } from '../../local/wrong-arguments.js';
import { openJob } from '../job.js';

const MODULE = join(ROOT, 'dist-ops', 'replay');

// As patient as a short disturbance lasts; publishing one twice is harmless, for the inbox knows the event.
const PATIENCE_MS = 20_000;

/** { plan(ids) => { keys, refused }, step({ left, sent, waitedMs }) => the same and more, for the next step; close } */
export function openReplayJob({ target, consumers, wanted }) {
  if (!existsSync(MODULE)) throw new WrongArguments('The replay isn\'t built yet: npm start builds it.');
  const job = openJob(MODULE, target, { patienceMs: PATIENCE_MS });
  const choice = wanted.ids.length > 0 ? 'BY_NAME' : 'BY_FILTER';
  const terms = wanted.wait ? { mode: 'WAIT', settleWithinMs: wanted.settleWithinMs } : { mode: 'NO_WAIT' };
  return {
    async plan(ids) {
      const { outcome, answer, failure } = await job.run({ mode: 'DRY_RUN', choice, consumers, letters: ids });
      const [fault] = answer.faults;
      if (fault !== undefined) throw Object.assign(new Error(failure?.message ?? fault), { code: failure?.code });
      // A plan of some of them would leave out the others without a word.
      if (outcome !== 'FINISHED') throw new WrongArguments('These are more letters than can be looked at in seven minutes; choose fewer, such as those of one --consumer.');
      return answer;
    },
    async step({ left, sent, waitedMs }) {
      const { answer, failure } = await job.run({ ...terms, choice, left, sent, waitedMs });
      // What an operator needs is what Google said, not only its status.
      const inFull = (result) => (result.outcome === 'FAILED' ? { ...result, why: failure?.message ?? result.why } : result);
      return { ...answer, results: answer.results?.map(inFull), fault: answer.faults[0] && (failure?.message ?? answer.faults[0]) };
    },
    close: job.close,
  };
}
