// The peer that appends by the Storage Write API: the managed writer of each table, opened once and kept, on the default stream.
import functions from '@google-cloud/functions-framework';
import { adapt, managedwriter } from '@google-cloud/bigquery-storage';
import { grpc } from 'google-gax';

import { changeOf } from './document-event.js';
import { DATASET, PROJECT, tables } from './tables.js';
import { microsOf, rowOf } from './typed-row.js';

const { DefaultStream, JSONWriter, WriterClient } = managedwriter;

// Every integer that is one exactly is a number; others are Long, which protobufjs writes as they are.
const form = { int: (value) => value, time: microsOf, now: () => Date.now() * 1e3 };

const [host, port] = process.env.BIGQUERY_STORAGE_EMULATOR_HOST.split(':');
const client = new WriterClient({ projectId: PROJECT, apiEndpoint: host, port: Number(port), sslCreds: grpc.credentials.createInsecure() });
client.enableWriteRetries(true);

const writers = new Map();

async function open({ tableId, schema }) {
  const destinationTable = `projects/${PROJECT}/datasets/${DATASET}/tables/${tableId}`;
  const connection = await client.createStreamConnection({ streamId: DefaultStream, destinationTable });
  const storageSchema = adapt.convertBigQuerySchemaToStorageTableSchema(schema);
  return new JSONWriter({ streamId: connection.getStreamId(), connection, protoDescriptor: adapt.convertStorageSchemaToProto2Descriptor(storageSchema, 'root') });
}

function writerOf(collection) {
  if (!writers.has(collection)) writers.set(collection, open(tables.get(collection)));
  return writers.get(collection);
}

functions.cloudEvent('warehouse', async (event) => {
  const change = changeOf(event);
  const row = rowOf(tables.get(change.collection), change, form);
  const writer = await writerOf(change.collection);
  const { error, rowErrors } = await writer.appendRows([row]).getResult();
  if (error || rowErrors?.length > 0) throw new Error(`not appended: ${error?.message ?? rowErrors[0].message}`);
});
