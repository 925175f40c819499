// Stands in for a function that hears of changes of documents: an HTTP server that notes each request as it came.
import { once } from 'node:events';
import http from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { until } from '../../stack/until.js';

/** Within which an event of the emulator comes. */
export const SOON = { withinMs: 20_000, everyMs: 5 };

/** `answer(number)` says with which status the request of that number is answered, from 1 on; it may take its time. */
export async function changeFunction({ port = 0, answer = () => 204 } = {}) {
  const requests = [];
  const server = http.createServer(async (request, response) => {
    const { method, url, headers } = request;
    const number = requests.push({ method, url, headers, atMs: performance.now(), body: await buffer(request) });
    response.writeHead(await answer(number)).end();
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    requests,
    url: `http://127.0.0.1:${server.address().port}/`,
    async received(count) {
      await until(`${count} requests`, () => requests.length >= count, SOON);
      return requests;
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

const require = createRequire(import.meta.url);
const firestore = require.resolve('@google-cloud/firestore');
// The Firestore client's own definitions: the events have the same Document under another name.
const protobuf = createRequire(firestore)('protobufjs');
const root = protobuf.Root.fromJSON(require(join(firestore, '..', '..', 'protos', 'v1.json')));
const field = (id, type) => ({ id, type: `google.firestore.v1.${type}` });
root.define('google.events.cloud.firestore.v1', {
  DocumentEventData: { fields: { value: field(1, 'Document'), oldValue: field(2, 'Document'), updateMask: field(3, 'DocumentMask') } },
});
const DocumentEventData = root.lookupType('google.events.cloud.firestore.v1.DocumentEventData');

/** { value, oldValue }: name and plain integers of each document, null where there is none. */
export function decoded(body) {
  const { value, oldValue } = DocumentEventData.decode(body);
  const plain = (document) => document && {
    name: document.name,
    fields: Object.fromEntries(Object.entries(document.fields).map(([name, { integerValue }]) => [name, Number(integerValue)])),
  };
  return { value: plain(value), oldValue: plain(oldValue) };
}

/** `DocumentEventData` of one document with that balance, as bytes. */
export const encoded = (name, balance) => Buffer.from(DocumentEventData.encode({ value: { name, fields: { balance: { integerValue: balance } } } }).finish());
