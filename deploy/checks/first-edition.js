// A project of the first edition must say whether its messages are still on their way. Without a word they would be filed as what their
// topics may not say.
import { lastOf } from '../names.js';
import { isOurs } from '../kinds/values.js';

/** On it the first edition published what operators and the clock say. */
const BEFORE = 'kyc';
/** The first edition hadn't this one. */
const SINCE = 'operations';

export function firstEdition({ found, system }) {
  const { there = [] } = found.find(({ kind }) => kind.name === 'topics') ?? {};
  const has = (name) => there.some((topic) => isOurs(topic) && lastOf(topic.name) === name);
  if (!has(BEFORE) || has(SINCE) || system.firstEdition !== undefined) return [];
  return [`${system.project} runs the first edition: write "firstEdition": "in-flight" into deploy/environments/${system.environment}.json, and go on as docs/operations/authorities.md says`];
}
