// A stack with a warehouse, and one without.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { isAlive } from '../../../local/processes.js';
import { startStack } from '../../../local/stack.js';
import { bigQuery } from '../../../local/warehouse/rest.js';
import { standInFunctions } from '../../stack/stand-ins.js';
import { until } from '../../stack/until.js';
import { installedEnvironment } from '../../stack/warehouse.js';

// Notes whom it hears of, and at its start what it was told and whether its table was there.
const HEARING = `
const { appendFileSync } = require('node:fs');
const note = (name, line) => appendFileSync(require('node:path').join(__dirname, name), JSON.stringify(line) + '\\n');
const { BIGQUERY_STORAGE_EMULATOR_HOST } = process.env;
note('env', { BIGQUERY_STORAGE_EMULATOR_HOST });
require('@google-cloud/functions-framework').http('warehouse', (request, response) => {
  note('heard', request.headers['ce-document']);
  response.status(204).end();
});`;

const permissions = [{ role: 'roles/bigquery.dataEditor', tables: ['users_history'], reason: 'appends rows' }];
const warehouseFunction = { trigger: 'firestore', permissions, documents: ['users/{id}', 'leads/{id}', 'dead_letters/{id}'], event: 'written', program: HEARING };
const files = standInFunctions({ warehouse: warehouseFunction, other: { topics: { payments: ['Paid'] } } }, { Paid: 'payments' });
after(files.remove);

const noted = (name) => readFileSync(join(files.dist, 'warehouse', name), 'utf8').trim().split('\n').map((line) => JSON.parse(line));

async function write({ project, firestore }, path) {
  const response = await fetch(`http://${firestore}/v1/projects/${project}/databases/(default)/documents/${path}`, { method: 'PATCH', headers: { authorization: 'Bearer owner' }, body: '{"fields":{"status":{"stringValue":"NEW"}}}' });
  assert.equal(response.status, 200);
}

const answers = (port) => new Promise((resolve) => {
  const socket = net.connect(port, '127.0.0.1', () => { socket.destroy(); resolve(true); });
  socket.on('error', () => resolve(false));
});

test('without a warehouse the function is not started and nobody hears of changes', async () => {
  const own = await startStack(files);
  try {
    assert.deepEqual(Object.keys(own.stack.functions), ['other']);
    assert.deepEqual(own.functions.map(({ name }) => name), ['other']);
    assert.equal(own.stack.warehouse, undefined);
    assert.deepEqual(Object.keys(own.stack.pids).filter((name) => name === 'bigquery'), []);
    await write(own.stack, 'users/u-1');
    assert.ok(!existsSync(join(files.dist, 'warehouse', 'env')));
  } finally {
    await own.stop();
  }
});

test('with one, its tables are there, its function hears of each of its collections, and its end leaves nothing', async () => {
  const own = await startStack({ ...files, warehouse: { environment: await installedEnvironment() } });
  const { rest, grpc } = own.stack.warehouse;
  const ports = [rest, `http://${grpc}`].map((url) => Number(new URL(url).port));
  try {
    assert.deepEqual(JSON.parse(readFileSync(join(files.stateDir, 'stack.json'), 'utf8')).warehouse, { rest, grpc });
    assert.deepEqual(noted('env'), [{ BIGQUERY_STORAGE_EMULATOR_HOST: grpc }]);
    assert.deepEqual((await bigQuery({ rest, project: files.project }).query(`SELECT id FROM \`${files.project}.boma.users_latest\``)).rows, []);
    for (const path of ['users/u-2', 'leads/l-1', 'transactions/t-1', 'dead_letters/d-1']) await write(own.stack, path);
    await until('three changes', () => existsSync(join(files.dist, 'warehouse', 'heard')) && noted('heard').length === 3);
    assert.deepEqual(noted('heard').sort(), ['dead_letters/d-1', 'leads/l-1', 'users/u-2']);
    assert.deepEqual(await Promise.all(ports.map(answers)), [true, true]);
  } finally {
    await own.stop();
  }
  assert.equal(isAlive(own.stack.pids.bigquery), false);
  assert.deepEqual(await Promise.all(ports.map(answers)), [false, false]);
});

test('a warehouse that does not start is an error that has its last words, and nothing of the stack is left', async () => {
  await assert.rejects(startStack({ ...files, warehouse: { environment: join(files.dir, 'nowhere') } }), /the BigQuery emulator ended while it was starting; its log is .*bigquery\.log/);
  assert.ok(!existsSync(join(files.stateDir, 'stack.json')));
});
