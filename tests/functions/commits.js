// A Firestore that takes commits and nothing else: it notes each, answers when and how it is told, and keeps the documents that were written.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import grpc from '@grpc/grpc-js';

const require = createRequire(import.meta.url);
const firestore = require.resolve('@google-cloud/firestore');
// The Firestore client's own definitions.
const protobuf = createRequire(firestore)('protobufjs');
const root = protobuf.Root.fromJSON(require(join(firestore, '..', '..', 'protos', 'v1.json')));
const field = (id, type) => ({ id, type: `google.firestore.v1.${type}` });
root.define('google.events.cloud.firestore.v1', {
  DocumentEventData: { fields: { value: field(1, 'Document'), oldValue: field(2, 'Document') } },
});
const [EventData, Request, Response] = ['google.events.cloud.firestore.v1.DocumentEventData', 'google.firestore.v1.CommitRequest', 'google.firestore.v1.CommitResponse']
  .map((name) => root.lookupType(name));

const SERVICE = {
  commit: {
    path: '/google.firestore.v1.Firestore/Commit', requestStream: false, responseStream: false,
    requestSerialize: (bytes) => bytes,
    requestDeserialize: (bytes) => Request.decode(bytes),
    responseSerialize: (answer) => Buffer.from(Response.encode(answer).finish()),
    responseDeserialize: (bytes) => bytes,
  },
};

/** The body of a trigger's request: a document of that path and status was created. */
export function createdBody(path, status, at = new Date()) {
  const name = `projects/p/databases/(default)/documents/${path}`;
  const updateTime = { seconds: Math.floor(at.getTime() / 1_000), nanos: 0 };
  return Buffer.from(EventData.encode({ value: { name, fields: { status: { stringValue: status } }, updateTime } }).finish());
}

/**
 * Answers `{host, commits, documents, answers, close}`. `commits`: `{atMs, answeredMs, isDone, paths}` of each. `answers` says of each commit,
 * counted from 1, `{afterMs, code, isDone}`: when it is answered, with which status, and whether it is done all the same.
 */
export async function commitsOnly() {
  const commits = [];
  const documents = new Map();
  const state = { answers: () => ({}) };
  const server = new grpc.Server();
  server.addService(SERVICE, {
    async commit({ request: { writes } }, answer) {
      const { afterMs = 10, code = 0, isDone = code === 0 } = state.answers(commits.length + 1);
      const commit = { atMs: performance.now(), isDone, paths: writes.map(({ update }) => update.name.split('/documents/')[1]) };
      commits.push(commit);
      await wait(afterMs);
      if (isDone) for (const { update } of writes) documents.set(update.name.split('/documents/')[1], plain({ mapValue: update }));
      commit.answeredMs = performance.now();
      if (code === 0) answer(null, { writeResults: writes.map(() => ({})) });
      else answer({ code, details: 'as the test wants it' });
    },
  });
  const port = await new Promise((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) => (error ? reject(error) : resolve(bound)));
  });
  return Object.assign(state, { host: `127.0.0.1:${port}`, commits, documents, close: () => server.forceShutdown() });
}

function plain(value) {
  if (value.mapValue) return Object.fromEntries(Object.entries(value.mapValue.fields ?? {}).map(([name, each]) => [name, plain(each)]));
  if (value.arrayValue) return (value.arrayValue.values ?? []).map(plain);
  if (value.timestampValue) return new Date(Number(value.timestampValue.seconds) * 1_000 + (value.timestampValue.nanos ?? 0) / 1e6).toISOString();
  return Object.hasOwn(value, 'integerValue') ? Number(value.integerValue) : value.stringValue;
}
