// A job's module in this process, against a Firestore that is away for a while.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import grpc from '@grpc/grpc-js';
import { openJob } from '../../ops/job.js';

const MODULE = join(fileURLToPath(new URL('../..', import.meta.url)), 'dist-ops', 'replay');
const LETTER = 'kyc.00000000000000000000000000000001';
const LOOK_FOR_ONE = { mode: 'DRY_RUN', choice: 'BY_NAME', letters: [LETTER] };
// More often than the job itself repeats a call.
const TIMES_AWAY = 8;

/** A Firestore that is UNAVAILABLE so often, and then has no document. */
async function startFirestore(timesAway) {
  const same = (bytes) => bytes;
  const server = new grpc.Server();
  let calls = 0;
  const quotaProjects = new Set();
  const service = {
    BatchGetDocuments: {
      path: '/google.firestore.v1.Firestore/BatchGetDocuments', requestStream: false, responseStream: true,
      requestSerialize: same, requestDeserialize: same, responseSerialize: same, responseDeserialize: same,
    },
  };
  server.addService(service, {
    BatchGetDocuments(call) {
      calls += 1;
      quotaProjects.add(call.metadata.get('x-goog-user-project').join());
      if (calls <= timesAway) {
        call.emit('error', { code: grpc.status.UNAVAILABLE, details: 'away' });
        return;
      }
      const name = Buffer.from(`projects/demo/databases/(default)/documents/dead_letters/${LETTER}`);
      call.write(Buffer.concat([Buffer.from([0x12, name.length]), name])); // `missing`
      call.end();
    },
  });
  const port = await new Promise((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) => (error ? reject(error) : resolve(bound)));
  });
  return { host: `127.0.0.1:${port}`, quotaProjects, close: () => server.forceShutdown() };
}

async function lookedFor(patienceMs, quotaProject) {
  const firestore = await startFirestore(TIMES_AWAY);
  const env = { FIRESTORE_EMULATOR_HOST: firestore.host, PUBSUB_EMULATOR_HOST: firestore.host };
  const job = openJob(MODULE, { host: { project: 'demo', database: '(default)' }, env, quotaProject }, { patienceMs });
  try {
    return { ...await job.run(LOOK_FOR_ONE), quotaProjects: [...firestore.quotaProjects] };
  } finally {
    job.close();
    firestore.close();
  }
}

test('a service that is away for a while is waited for', async () => {
  const { answer } = await lookedFor(3_000);
  assert.deepEqual([answer.faults, answer.refused], [[], [{ letter: LETTER, why: 'there is no such letter' }]]);
});

test('where it stays away the fault is named, and what the service said', async () => {
  const { answer, failure } = await lookedFor(0);
  assert.deepEqual(answer.faults, ['read: UNAVAILABLE']);
  assert.equal(failure.code, grpc.status.UNAVAILABLE);
  assert.match(failure.message, /^14 UNAVAILABLE: .*away/);
});

test('the quota project of an operator\'s credentials goes with each call, and none where they name none', async () => {
  assert.deepEqual((await lookedFor(3_000, 'acme')).quotaProjects, ['acme']);
  assert.deepEqual((await lookedFor(3_000)).quotaProjects, ['']);
});

test('parameters that the job cannot read are a mistake of ours', async () => {
  const job = openJob(MODULE, { host: { project: 'demo', database: '(default)' }, env: { FIRESTORE_EMULATOR_HOST: '127.0.0.1:1', PUBSUB_EMULATOR_HOST: '127.0.0.1:1' } });
  await assert.rejects(() => job.run({ mode: 'GUESS', choice: 'BY_NAME' }), /mode: not one of DRY_RUN, WAIT, NO_WAIT/);
  job.close();
});
