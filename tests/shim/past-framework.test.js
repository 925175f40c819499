// functions-framework begins the process and opens the server, and sees no request: the shim takes the first one, and all after it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { deployedNode } from '../stack/deployed-node.js';
import { startEchoServer } from './echo-server.js';
import { startByFramework } from './framework-child.js';

const TELLING_DOMAINS = fileURLToPath(new URL('telling-domains.cjs', import.meta.url));

let echo;
before(async () => {
  echo = await startEchoServer();
});
after(() => echo.close());

for (const [name, node] of [['this Node', process.execPath], ['the Node that functions are deployed on', deployedNode()]]) {
  test(`on ${name} no request is run in the framework's domain, and all are answered`, async () => {
    const settings = { FIRESTORE_EMULATOR_HOST: echo.host, GOOGLE_CLOUD_PROJECT: 'p', NODE_OPTIONS: `--require ${TELLING_DOMAINS}` };
    const probe = await startByFramework(settings, { node });
    try {
      const delivered = async () => (await fetch(probe.url, { method: 'POST', body: 'echo:a' })).headers.get('boma-outcome');
      const atOnce = await Promise.all(Array.from({ length: 5 }, delivered));
      assert.deepEqual([...atOnce, await delivered()], Array(6).fill('APPLIED'));
      assert.equal(probe.stderr(), '');
    } finally {
      probe.stop();
    }
  });
}
