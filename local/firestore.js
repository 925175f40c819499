// Google's generated Firestore client, pointed at the emulator. Raw protocol values are what we want here: an int64
// arrives as a string of digits, a timestamp as seconds and nanoseconds, and nothing is lost on the way.
import firestorePackage from '@google-cloud/firestore';
import grpc from '@grpc/grpc-js';
import { NO_AUTH } from './pubsub.js';

const PAGE = 2000;

export function firestoreDocuments({ project, host }) {
  const [servicePath, port] = host.split(':');
  const client = new firestorePackage.v1.FirestoreClient({
    projectId: project, servicePath, port: Number(port), sslCreds: grpc.credentials.createInsecure(), auth: NO_AUTH,
  });
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

    /** Every document of every collection, sorted by path: yields { path, fields }, read page by page. */
    async* all() {
      let last;
      for (;;) {
        let count = 0;
        const stream = client.runQuery({
          parent: root,
          structuredQuery: {
            from: [{ allDescendants: true }], // No collection named: all of them, and theirs.
            orderBy: [{ field: { fieldPath: '__name__' }, direction: 'ASCENDING' }],
            limit: { value: PAGE },
            ...(last ? { startAt: { values: [{ referenceValue: last }], before: false } } : {}),
          },
        }, options);
        for await (const { document } of stream) {
          if (!document) continue;
          count += 1;
          last = document.name;
          yield { path: document.name.slice(root.length + 1), fields: document.fields };
        }
        if (count < PAGE) return;
      }
    },
    close: () => client.close(),
  };
}
