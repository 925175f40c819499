// Google's generated Firestore client, pointed at the emulator. Raw protocol values are what we want here: an int64
// arrives as a string of digits, a timestamp as seconds and nanoseconds, and nothing is lost on the way.
import firestorePackage from '@google-cloud/firestore';
import { emulatorClient } from './emulator-client.js';

const EXPORT_WITHIN_MS = 600_000;

export function firestoreDocuments({ project, host }) {
  const client = new firestorePackage.v1.FirestoreClient(emulatorClient({ project, host }));
  const database = `projects/${project}/databases/(default)`;
  const root = `${database}/documents`;
  const options = { otherArgs: { headers: { authorization: 'Bearer owner', 'google-cloud-resource-prefix': database } } };

  return {
    /** The documents that exist among `paths`, as a Map from path to fields; only the named fields are read. */
    async read(paths, fieldPaths) {
      const stream = client.batchGetDocuments({
        database, documents: paths.map((path) => `${root}/${path}`), mask: { fieldPaths },
      }, options);
      const found = new Map();
      for await (const { found: document } of stream) {
        if (document) found.set(document.name.slice(root.length + 1), document.fields);
      }
      return found;
    },

    /** The documents of a collection whose fields have these texts, as a Map from path to fields; only the named fields are read. */
    async equal(collection, texts, fieldPaths) {
      const filters = Object.entries(texts).map(([fieldPath, stringValue]) => ({ fieldFilter: { field: { fieldPath }, op: 'EQUAL', value: { stringValue } } }));
      const stream = client.runQuery({
        parent: root,
        structuredQuery: {
          select: { fields: fieldPaths.map((fieldPath) => ({ fieldPath })) },
          from: [{ collectionId: collection }],
          where: { compositeFilter: { op: 'AND', filters } },
        },
      }, options);
      const found = new Map();
      for await (const { document } of stream) {
        if (document) found.set(document.name.slice(root.length + 1), document.fields);
      }
      return found;
    },

    /**
     * Every document of every collection, sorted by path: yields { path, fields, updateTime }. One query, read as it comes: the
     * emulator goes through all documents for each query, so that reading page by page would take it minutes.
     */
    async* all() {
      const stream = client.runQuery({
        parent: root,
        structuredQuery: {
          from: [{ allDescendants: true }], // No collection named: all of them, and theirs.
          orderBy: [{ field: { fieldPath: '__name__' }, direction: 'ASCENDING' }],
        },
      }, { ...options, timeout: EXPORT_WITHIN_MS });
      for await (const { document } of stream) {
        if (document) yield { path: document.name.slice(root.length + 1), fields: document.fields, updateTime: document.updateTime };
      }
    },
    close: () => client.close(),
  };
}
