// Stands in for BigQuery where only the function is measured: takes rows by both APIs, counts them, and answers at once. In a process of
// its own; GET answers with the number of rows so far.
import http from 'node:http';
import { buffer } from 'node:stream/consumers';

import { Server, ServerCredentials } from '@grpc/grpc-js';

import { settingsFromSupervisor } from '../../local/processes.js';

const APPENDED = Buffer.from([0x0a, 0x00]); // AppendRowsResponse with an empty append_result.
const asIs = (bytes) => bytes;

await settingsFromSupervisor();
let rows = 0;

const grpc = new Server();
grpc.addService({ appendRows: {
  path: '/google.cloud.bigquery.storage.v1.BigQueryWrite/AppendRows',
  requestStream: true, responseStream: true, requestSerialize: asIs, requestDeserialize: asIs, responseSerialize: asIs, responseDeserialize: asIs,
} }, {
  appendRows(call) {
    call.on('data', () => {
      rows += 1;
      call.write(APPENDED);
    });
    call.on('end', () => call.end());
    call.on('error', () => {}); // A function that ends leaves its streams open.
  },
});
const grpcPort = await new Promise((resolve, reject) => {
  grpc.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => (error ? reject(error) : resolve(port)));
});

const rest = http.createServer(async (request, response) => {
  const body = await buffer(request);
  if (request.method === 'GET') {
    response.end(JSON.stringify({ rows }));
    return;
  }
  rows += JSON.parse(body).rows.length;
  response.setHeader('content-type', 'application/json');
  response.end('{"kind":"bigquery#tableDataInsertAllResponse"}');
});
rest.keepAliveTimeout = 3_600_000;
await new Promise((resolve) => {
  rest.listen(0, '127.0.0.1', resolve);
});

process.on('SIGTERM', () => process.exit(0));
process.send({ grpc: `127.0.0.1:${grpcPort}`, rest: `http://127.0.0.1:${rest.address().port}` });
