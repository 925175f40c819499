// Order: what was sent about a customer on one topic takes effect in that order with each consumer, whatever was killed
// meanwhile. Judged by what the functions said: a process that is killed between an effect and its line leaves a gap, no more.

/** Complaints, none if all is well. `topicOf` is by type. */
export function order({ sent, effects }, { topicOf }) {
  const places = new Map();
  for (const [place, { id, type, subject }] of sent.entries()) {
    if (!places.has(id)) places.set(id, { place, lane: `${subject} on ${topicOf[type]}` });
  }
  const last = new Map(); // consumer and lane -> what took effect there last
  return effects.flatMap((pair) => {
    const [consumer, id] = pair.split('.');
    const own = places.get(id);
    if (!own) return []; // A follow-up: in what order those are published is told by their versions.
    const lane = `${consumer}, ${own.lane}`;
    const before = last.get(lane);
    if (before && before.place > own.place) return [`${pair} took effect after ${before.pair}, but was sent before it (${lane})`];
    last.set(lane, { pair, place: own.place });
    return [];
  });
}
