// Total queue: what goes in comes out. Every event that was sent and every follow-up that a record owes has a record or a
// letter for each of its consumers; and there is none of anything else.

/** Complaints, none if all is well. `consumersOf(type)` is who hears it. */
export function totalQueue({ sent, records, letters }, { consumersOf }) {
  const recorded = new Set(records.map(({ id }) => id));
  const filed = new Set(letters.map(({ id }) => id));
  const owed = records.flatMap(({ id, owes }) => owes.map((fact) => ({ ...fact, of: `owed by ${id}` })));
  const pairs = [...sent.map((fact) => ({ ...fact, of: 'sent' })), ...owed].flatMap((fact) => consumersOf(fact.type).map((consumer) => ({
    ...fact, record: `${consumer}.${fact.id}`, letter: `${consumer}.${fact.hash}`,
  })));
  const lost = new Map(pairs.filter(({ record, letter }) => !recorded.has(record) && !filed.has(letter)).map((pair) => [pair.record, pair]));

  const mayBeRecorded = new Set(pairs.map(({ record }) => record));
  const mayBeFiled = new Set(pairs.map(({ letter }) => letter));
  return [
    ...[...lost.values()].map(({ record, type, of }) => `lost: ${record} (${type}, ${of}) has neither a record nor a letter`),
    ...[...recorded].filter((id) => !mayBeRecorded.has(id)).map((id) => `unexpected: processed_events/${id} is of nothing that was sent or owed`),
    ...[...filed].filter((id) => !mayBeFiled.has(id)).map((id) => `unexpected: dead_letters/${id} is of nothing that was sent or owed`),
  ];
}
