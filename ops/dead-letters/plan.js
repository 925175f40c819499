// Which letters may be replayed, where they go, and in which order. Pure.

// Records live 45 days. Without its record an event would be new again, so a letter is refused well before that. A message that
// crashed may have been handled before, up to the 31 days ago for which Pub/Sub keeps it: then its record is older than its letter.
// Or it crashed when it had only to publish, up to a day after its commit; and a duplicate publishes for 13 days.
const OLDEST_DAYS = 40;
const OLDEST_CRASHED_DAYS = 12;
const DAY_MS = 86_400_000;

/** `hearers`: see `hearersOf`. `named`: whether the operator gave the letter's own id. */
export function routeOf(letter, { hearers, topic: fallback, nowMs, named = false }) {
  const refused = (why) => ({ refused: why });
  if (letter.status !== 'OPEN' && !(letter.status === 'DISCARDED' && named)) {
    return refused(letter.status === 'DISCARDED' ? 'it is DISCARDED; only its own id brings it back' : `it is ${letter.status}, not OPEN`);
  }
  if (letter.receivedMs === undefined) return refused('it doesn\'t say when it was received');
  const oldestDays = letter.kind === 'CRASHED' ? OLDEST_CRASHED_DAYS : OLDEST_DAYS;
  if (nowMs - letter.receivedMs > oldestDays * DAY_MS) {
    return refused(`it is older than ${oldestDays} days: the record that would know the event again lives 45`);
  }
  if (letter.truncated) return refused('its body was cut when it was filed, so the event isn\'t whole');
  return topicOfLetter(letter, hearers, fallback);
}

function topicOfLetter({ consumer, type }, { functions, topicOf }, fallback) {
  const heard = functions.get(consumer);
  if (!heard) return fallback ? { topic: fallback } : { refused: `there is no function ${consumer}: --topic must say where it goes` };
  const own = topicOf[type];
  // A type that it doesn't act on is passed over there, and the letter is settled by that.
  if (heard[own]) return { topic: own };
  const topics = Object.keys(heard);
  const topic = topics.length === 1 ? topics[0] : fallback;
  if (!topic) return { refused: `nothing says which topic it came from: --topic must (${topics.join(' or ')})` };
  if (!heard[topic]) return { refused: `${consumer} doesn't hear ${topic}: ${topics.join(' or ')}` };
  return { topic };
}

/** { functions: Map from consumer to {topic: [types]}, topicOf: {type: topic} } of what `readFunctions` read. */
export function hearersOf({ functions, topicOf }) {
  return { functions: new Map(functions.filter(({ trigger }) => trigger === 'pubsub').map(({ name, topics = {} }) => [name, topics])), topicOf };
}

/** { entries: [{letter, topic}] in the order of publishing, refused: [{letter, why}] } */
export function planReplay(letters, conditions) {
  const entries = [];
  const refused = [];
  for (const letter of letters) {
    const route = routeOf(letter, conditions);
    if (route.refused) refused.push({ letter, why: route.refused });
    else entries.push({ letter, topic: route.topic });
  }
  return { entries: entries.sort(byKeyThenTime), refused };
}

function byKeyThenTime({ letter: a }, { letter: b }) {
  return compare(a.subject ?? '', b.subject ?? '') || compare(a.receivedAt, b.receivedAt) || compare(a.id, b.id);
}

const compare = (a, b) => (a < b ? -1 : Number(a > b));

/** The sorted entries by key, whichever consumer or topic they are for; one without a key is by itself. */
export function lanesOf(entries) {
  const lanes = [];
  for (const entry of entries) {
    const last = lanes.at(-1);
    if (last && entry.letter.subject !== undefined && last[0].letter.subject === entry.letter.subject) last.push(entry);
    else lanes.push([entry]);
  }
  return lanes;
}
