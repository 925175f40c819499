// Counts the run's pairs (event, consumer) once more, from nothing but the input and the exported documents, so that it
// doesn't share a mistake with the replay. A pair without a record and without a dead letter is lost, and so is one whose letter
// waits for a document that is there. Pure.

/**
 * `sent`: iterable of { id, type, hash } of all published lines; `records`: Map from `{consumer}.{eventId}` to
 * { outcome, followUps: [{ id, type, hash }] }; `letters`: Map from `{consumer}.{hash}` to { count, open, awaits, isDue }: how many
 * there are of that hash, where it isn't 1, and those that are open; the last two of one that waits.
 */
export function recount({ sent, records, letters, consumersOf }) {
  const counts = { APPLIED: 0, IGNORED: 0, REFUSED: 0 };
  const pairs = new Set();
  const followUpIds = new Set();
  const ownLetters = new Set();
  const lettersOf = lettersByHash(letters);
  const lost = [];

  // A line that stands in the input several times is one pair per consumer. Without a record it is told apart by its
  // bytes, because two different bodies may claim the same id.
  function visit({ id, type, hash }) {
    // An unreadable message is filed by every consumer that receives it, also by those that don't handle its type.
    for (const letterId of lettersOf.get(hash) ?? []) ownLetters.add(letterId);
    for (const consumer of consumersOf(type)) {
      const record = records.get(`${consumer}.${id}`);
      const letterId = `${consumer}.${hash}`;
      const pair = record ? `${consumer}.${id}` : letterId;
      if (pairs.has(pair)) continue;
      pairs.add(pair);
      if (record) {
        counts[record.outcome] = (counts[record.outcome] ?? 0) + 1;
        for (const followUp of record.followUps) {
          if (followUpIds.has(followUp.id)) continue;
          followUpIds.add(followUp.id);
          visit(followUp);
        }
      } else if (!letters.has(letterId) || letters.get(letterId).isDue) {
        lost.push({ consumer, id, type });
      }
    }
  }
  for (const event of sent) visit(event);

  return {
    pairs: pairs.size,
    applied: counts.APPLIED,
    ignored: counts.IGNORED,
    refused: counts.REFUSED,
    followUps: followUpIds.size,
    deadLetters: [...ownLetters].reduce((sum, letterId) => sum + (letters.get(letterId).count ?? 1), 0),
    openLetters: [...ownLetters].flatMap((letterId) => letters.get(letterId).open ?? []),
    awaited: [...ownLetters].filter((letterId) => letters.get(letterId).awaits !== undefined).length,
    lost,
  };
}

/** Their ids by the hash of the body, which is what stands behind the consumer's name. */
function lettersByHash(letters) {
  const byHash = new Map();
  for (const id of letters.keys()) {
    const hash = id.slice(id.lastIndexOf('.') + 1);
    byHash.set(hash, [...(byHash.get(hash) ?? []), id]);
  }
  return byHash;
}
