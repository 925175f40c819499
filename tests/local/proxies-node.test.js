// Node 24 takes proxies from the environment when NODE_USE_ENV_PROXY is set: nothing on this machine is called through one.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test, { after, before } from 'node:test';
import { deployedNode } from '../stack/deployed-node.js';

const CALLS = fileURLToPath(new URL('proxied-calls.js', import.meta.url));
const ENDS_WITHIN_MS = 30_000;
const servers = [];
let proxied;
let url;

async function serving(answer, tunnel = () => {}) {
  const server = http.createServer(answer).on('connect', tunnel).listen(0, '127.0.0.1');
  await once(server, 'listening');
  servers.push(server);
  return `http://127.0.0.1:${server.address().port}/`;
}

before(async () => {
  url = await serving((_, response) => response.writeHead(204).end());
});
after(() => { for (const server of servers) server.close(); });

async function called(more) {
  proxied = 0;
  const proxy = await serving(
    (_, response) => { proxied += 1; response.writeHead(502).end(); },
    (_, socket) => { proxied += 1; socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'); },
  );
  const env = { PATH: process.env.PATH, HTTP_PROXY: proxy, http_proxy: proxy, HTTPS_PROXY: proxy, https_proxy: proxy, NODE_USE_ENV_PROXY: '1', ...more };
  const { stdout } = await promisify(execFile)(deployedNode(), [CALLS, url], { env, timeout: ENDS_WITHIN_MS });
  return { ...JSON.parse(stdout), proxied };
}

for (const more of [{}, { NO_PROXY: 'example.com' }, { no_proxy: 'example.com' }]) {
  test(`fetch and the router's deliveries go past a proxy of the environment (${JSON.stringify(more)})`, async () => {
    assert.deepEqual(await called(more), { delivered: 204, fetched: 204, proxied: 0 });
  });
}
