// What a replay's open dead letters say is wrong: their largest groups, each with an event to look for in the file. Pure.
import { join } from 'node:path';
import { groupsOf } from '../../ops/dead-letters/groups.js';
import { letters, short, table } from '../../ops/dead-letters/tables.js';

const GROUPS_NAMED = 8;

/** `open`: [{ id, consumer, kind, reason, receivedAt, eventId }]. */
export function deadLetterLines(open, { endsAfter = false, exportDir } = {}) {
  if (open.length === 0) return [];
  const eventIds = new Map(open.map(({ id, eventId }) => [id, eventId]));
  const groups = groupsOf(open);
  const [, ...rows] = table(['', '', '', '', ''], groups.slice(0, GROUPS_NAMED).map(({ letters: howMany, consumer, kind, reason, example }) => (
    [howMany.toLocaleString('en-US'), consumer, kind, short(reason), eventIds.get(example) ? `event ${eventIds.get(example)}` : `letter ${example}`]
  )), 1);
  const others = groups.slice(GROUPS_NAMED);
  const unnamed = others.reduce((sum, group) => sum + group.letters, 0);
  const more = others.length === 0 ? [] : [`  and ${others.length} more ${others.length === 1 ? 'group' : 'groups'}, of ${letters(unnamed)}`];
  return ['', 'Dead letters that are open', ...rows, ...more, `  ${wayToThem(endsAfter, exportDir)}`];
}

function wayToThem(endsAfter, exportDir) {
  if (!endsAfter) return 'npm run dead-letters -- list';
  if (exportDir) return `${join(exportDir, 'dead_letters.ndjson')} has them whole`;
  return '--export DIR writes them whole: DIR/dead_letters.ndjson';
}
