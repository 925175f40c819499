// A Firestore in which nothing is, for functions that file letters: it finds no document, takes every commit and keeps what was written.

import grpc from '@grpc/grpc-js';
import protobuf from 'protobufjs';

// As much of google.firestore.v1 as the letters need.
const { root } = protobuf.parse(`
  syntax = "proto3";
  message BatchGetDocumentsRequest { repeated string documents = 2; }
  message BatchGetDocumentsResponse { string missing = 2; Timestamp read_time = 4; }
  message Timestamp { int64 seconds = 1; }
  message Value {
    oneof kind { bool boolean_value = 1; int64 integer_value = 2; MapValue map_value = 6; string string_value = 17; bytes bytes_value = 18; }
  }
  message MapValue { map<string, Value> fields = 1; }
  message Document { string name = 1; map<string, Value> fields = 2; }
  message Write { Document update = 1; }
  message CommitRequest { repeated Write writes = 2; }
  message WriteResult { Timestamp update_time = 1; }
  message CommitResponse { repeated WriteResult write_results = 1; Timestamp commit_time = 2; }
`);
const NOW = { seconds: 1_800_000_000 };

const method = (name, responseStream) => ({
  path: `/google.firestore.v1.Firestore/${name}`, requestStream: false, responseStream,
  requestSerialize: (bytes) => bytes,
  requestDeserialize: (bytes) => root.lookupType(`${name}Request`).decode(bytes),
  responseSerialize: (answer) => Buffer.from(root.lookupType(`${name}Response`).encode(answer).finish()),
  responseDeserialize: (bytes) => bytes,
});

const service = { read: method('BatchGetDocuments', true), commit: method('Commit', false) };

/** Answers `{host, letters, close}`; `letters` maps the id of each to its fields. */
export async function startEmptyFirestore() {
  const letters = new Map();
  const server = new grpc.Server({ 'grpc.max_receive_message_length': -1 });
  server.addService(service, {
    read(call) {
      for (const name of call.request.documents) call.write({ missing: name, readTime: NOW });
      call.end();
    },
    commit(call, answer) {
      for (const { update } of call.request.writes) {
        const [collection, id] = update.name.split('/').slice(-2);
        if (collection === 'dead_letters') letters.set(id, fieldsOf(update.fields));
      }
      answer(null, { writeResults: call.request.writes.map(() => ({ updateTime: NOW })), commitTime: NOW });
    },
  });
  const port = await new Promise((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) => (error ? reject(error) : resolve(bound)));
  });
  return { host: `127.0.0.1:${port}`, letters, close: () => server.forceShutdown() };
}

const fieldsOf = (fields) => Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, plain(value)]));

function plain(value) {
  if (value.mapValue) return fieldsOf(value.mapValue.fields);
  const [kind] = ['booleanValue', 'integerValue', 'stringValue', 'bytesValue'].filter((each) => Object.hasOwn(value, each));
  return kind === 'integerValue' ? Number(value.integerValue) : value[kind];
}
