// A project of the first edition must say whether its messages are still on their way. Without a word they would be filed as what their
// topics may not say.
import { lastOf } from '../names.js';
import { isOurs } from '../kinds/values.js';

/** On it the first edition published what operators and the clock say. */
const BEFORE = 'kyc';
/** The first edition hadn't this one. */
const SINCE = 'operations';

export function firstEdition({ found, system }) {
  const ours = (kindName) => (found.find(({ kind }) => kind.name === kindName)?.there ?? []).filter(isOurs);
  // A subscription, for topics come first: where an apply was stopped between two of them, there is `kyc` alone as well.
  const hears = ours('subscriptions').some(({ topic }) => lastOf(topic) === BEFORE);
  const has = ours('topics').some(({ name }) => lastOf(name) === SINCE);
  if (!hears || has || system.firstEdition !== undefined) return [];
  return [`${system.project} runs the first edition: write "firstEdition": "in-flight" into deploy/environments/${system.environment}.json, and go on as docs/operations/authorities.md says`];
}
