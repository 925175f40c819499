// Dead letters in Firestore: read page by page and without their bodies, so that a hundred thousand don't fill the memory.
import { slices } from '../../local/slices.js';
import { FIELDS_BUT_BODY, equalities, letterOf, passes } from './letter.js';

const PAGE_LETTERS = 1000;
const READ_AT_ONCE = 300;
const DISCARD_AT_ONCE = 300;
const DAYS_KEPT_AFTER_CLOSING = 90;
const READ_AGAIN_AFTER_MS = [200, 1000, 3000];
const CHANGED = new Set([5, 9]); // NOT_FOUND, FAILED_PRECONDITION
const PASSING_TROUBLE = new Set([4, 8, 13, 14]); // DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, INTERNAL, UNAVAILABLE

/**
 * `client`: the generated FirestoreClient; `database`: its full name; `options`: of each call;
 * `stopped`: a signal, looked at between requests.
 */
export function deadLetters({ client, database, options, stopped }) {
  const root = `${database}/documents`;
  const nameOf = (id) => `${root}/dead_letters/${id}`;

  async function page(filters, after) {
    const stream = client.runQuery({
      parent: root,
      structuredQuery: {
        select: { fields: FIELDS_BUT_BODY.map((fieldPath) => ({ fieldPath })) },
        from: [{ collectionId: 'dead_letters' }],
        ...where(equalities(filters)),
        orderBy: [{ field: { fieldPath: '__name__' }, direction: 'ASCENDING' }],
        ...(after && { startAt: { values: [{ referenceValue: after }], before: false } }),
        limit: { value: PAGE_LETTERS },
      },
    }, options);
    const documents = [];
    for await (const { document } of stream) if (document) documents.push(document);
    return documents;
  }

  async function documentsOf(ids, mask) {
    const stream = client.batchGetDocuments({ database, documents: ids.map(nameOf), ...(mask && { mask: { fieldPaths: mask } }) }, options);
    const found = [];
    for await (const { found: document } of stream) if (document) found.push(document);
    return found;
  }

  return {
    /** Every letter that the filters let through, by id, as it is read. */
    async* matching(filters) {
      let after;
      for (;;) {
        const documents = await persistently(() => page(filters, after));
        stopped.throwIfAborted();
        for (const document of documents) {
          const letter = letterOf(document);
          if (passes(letter, filters)) yield letter;
        }
        if (documents.length < PAGE_LETTERS) return;
        after = documents.at(-1).name;
      }
    },

    /** Those of the ids that are there, as a Map by id. */
    async read(ids) {
      const found = new Map();
      for (const some of slices(ids, READ_AT_ONCE)) {
        const documents = await persistently(() => documentsOf(some, FIELDS_BUT_BODY));
        for (const document of documents) found.set(letterOf(document).id, letterOf(document));
      }
      return found;
    },

    /** One letter with its body and its fields as they are stored, or undefined. */
    async whole(id) {
      const [document] = await persistently(() => documentsOf([id]));
      return document && { letter: letterOf(document), body: Buffer.from(document.fields.body?.bytesValue ?? ''), fields: document.fields };
    },

    /**
     * Closes each letter that is still as it was read. Each is a write of its own, so that one that changed meanwhile
     * doesn't keep the others open: `onDone(letter, closed, why not)`.
     */
    async discard(letters, why, onDone) {
      for (const some of slices(letters, DISCARD_AT_ONCE)) {
        if (stopped.aborted) return;
        const [{ status }] = await client.batchWrite({
          database,
          writes: some.map(({ id, updateTime }) => ({
            update: { name: nameOf(id), fields: { status: { stringValue: 'DISCARDED' }, discardReason: { stringValue: why }, expireAt: { timestampValue: expiry(Date.now()) } } },
            updateMask: { fieldPaths: ['status', 'discardReason', 'expireAt'] },
            currentDocument: { updateTime },
          })),
        }, options);
        some.forEach((letter, index) => onDone(letter, !status[index].code, CHANGED.has(status[index].code) ? 'it changed meanwhile and was left as it is' : status[index].message));
      }
    },
  };
}

/** A closed letter is kept for as long as after a replay (`DAYS_KEPT_AFTER_CLOSING` in the core). */
function expiry(nowMs) {
  const atMs = nowMs + DAYS_KEPT_AFTER_CLOSING * 86_400_000;
  return { seconds: Math.floor(atMs / 1000), nanos: 0 };
}

function where(equal) {
  const filters = equal.map(([fieldPath, value]) => ({ fieldFilter: { field: { fieldPath }, op: 'EQUAL', value: { stringValue: value } } }));
  if (filters.length === 0) return {};
  return { where: filters.length === 1 ? filters[0] : { compositeFilter: { op: 'AND', filters } } };
}

// A page is used only once it is whole, so that reading it again after a broken connection repeats nothing.
async function persistently(read) {
  for (const pauseMs of READ_AGAIN_AFTER_MS) {
    try {
      return await read();
    } catch (error) {
      if (!PASSING_TROUBLE.has(error.code)) throw error;
      await new Promise((resolve) => { setTimeout(resolve, pauseMs); });
    }
  }
  return read();
}
