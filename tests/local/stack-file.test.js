// Whether a stack still runs is asked of its router, which in one with --faults may just have been killed.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { freePorts } from '../../local/emulators.js';
import { runningStack } from '../../local/stack-file.js';

/** Asks for a stack whose supervisor lives, and whose router comes up only half a second later. */
async function askedWhileRouterIsDown(more) {
  const stateDir = mkdtempSync(join(tmpdir(), 'boma-stack-file-'));
  const [port] = await freePorts(1);
  const router = createServer((_, response) => response.end('{}'));
  const coming = setTimeout(() => router.listen(port, '127.0.0.1'), 500);
  try {
    writeFileSync(join(stateDir, 'stack.json'), JSON.stringify({ router: `127.0.0.1:${port}`, pids: { supervisor: process.pid }, ...more }));
    const stack = await runningStack(stateDir, () => {});
    return { isRunning: stack !== undefined, isFileThere: existsSync(join(stateDir, 'stack.json')) };
  } finally {
    clearTimeout(coming);
    if (router.listening) {
      router.closeAllConnections();
      router.close();
      await once(router, 'close');
    }
    rmSync(stateDir, { recursive: true });
  }
}

test('a stack with faults whose router is down at the moment still runs', async () => {
  assert.deepEqual(await askedWhileRouterIsDown({ faults: 'kill-router=10s' }), { isRunning: true, isFileThere: true });
});

test('one without is a leftover, and its file goes', async () => {
  assert.deepEqual(await askedWhileRouterIsDown({}), { isRunning: false, isFileThere: false });
});
