// What is asked of Firestore beside the pages: how many documents there are, and what time it is there.
import { timestampText } from '../../local/run/export-format.js';

/** { count(collection) => { documents, readAt } }: `readAt` is Firestore's own time, RFC 3339. A time of this machine may be one that is still to come there. */
export function countedDocuments({ firestore, database, options }) {
  return {
    async count(collection) {
      const stream = firestore.runAggregationQuery({
        parent: `${database}/documents`,
        structuredAggregationQuery: { structuredQuery: { from: [{ collectionId: collection }] }, aggregations: [{ alias: 'documents', count: {} }] },
      }, options);
      let answer;
      for await (const each of stream) if (each.result) answer = each;
      return { documents: Number(answer.result.aggregateFields.documents.integerValue), readAt: timestampText(answer.readTime) };
    },
  };
}

/** The same moment some seconds earlier, to the microsecond. */
export function earlier(readAt, seconds) {
  const whole = Date.parse(`${readAt.slice(0, 19)}Z`) - seconds * 1000;
  return `${new Date(whole).toISOString().slice(0, 19)}${readAt.slice(19)}`;
}
