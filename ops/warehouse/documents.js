// What is asked of Firestore beside the pages: how many documents there are, and what time it is there.
import { timestampText } from '../../local/run/export-format.js';

/**
 * { count(collection, readAt) => { documents, readAt }: `readAt` is Firestore's own time, RFC 3339, for a time of this machine may be one that is still
 * to come there; asked for without one, it is now. countOf({ collection, after, upTo }, readAt) => how many there are in a range }.
 */
export function countedDocuments({ firestore, database, options }) {
  const nameOf = (collection, id) => ({ values: [{ referenceValue: `${database}/documents/${collection}/${id}` }], before: false });

  async function counted(structuredQuery, readAt) {
    const stream = firestore.runAggregationQuery({
      parent: `${database}/documents`, structuredAggregationQuery: { structuredQuery, aggregations: [{ alias: 'documents', count: {} }] }, ...(readAt && { readTime: timestampOf(readAt) }),
    }, options);
    let answer;
    for await (const each of stream) if (each.result) answer = each;
    return { documents: Number(answer.result.aggregateFields.documents.integerValue), readAt: readAt ?? timestampText(answer.readTime) };
  }

  return {
    count: (collection, readAt) => counted({ from: [{ collectionId: collection }] }, readAt),
    async countOf({ collection, after, upTo }, readAt) {
      const { documents } = await counted({
        from: [{ collectionId: collection }], orderBy: [{ field: { fieldPath: '__name__' }, direction: 'ASCENDING' }],
        ...(after !== undefined && { startAt: nameOf(collection, after) }), ...(upTo !== undefined && { endAt: nameOf(collection, upTo) }),
      }, readAt);
      return documents;
    },
  };
}

const timestampOf = (readAt) => ({ seconds: Date.parse(`${readAt.slice(0, 19)}Z`) / 1000, nanos: Number(readAt.slice(20, 26)) * 1000 });

/** The same moment some seconds earlier, to the microsecond. */
export function earlier(readAt, seconds) {
  const whole = Date.parse(`${readAt.slice(0, 19)}Z`) - seconds * 1000;
  return `${new Date(whole).toISOString().slice(0, 19)}${readAt.slice(19)}`;
}
