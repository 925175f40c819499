// A TCP proxy in front of a server that can make connections die without a word, as when a NAT forgets them or the machine
// behind it hangs: they stay open, and what is sent goes nowhere.

import { once } from 'node:events';
import net from 'node:net';

/**
 * Answers `{host, taken(), swallow(), close()}`. After `swallow()` nothing comes through those that are open; and nothing
 * through new ones either while `isHung`.
 */
export async function startSwallowingProxy(port) {
  const pairs = new Set();
  const proxy = { isHung: false };
  let taken = 0;
  const server = net.createServer((near) => {
    taken += 1;
    const pair = { near, far: net.connect(port, '127.0.0.1'), isDead: proxy.isHung };
    pairs.add(pair);
    carry(pair, pair.near, pair.far);
    carry(pair, pair.far, pair.near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(proxy, {
    host: `localhost:${server.address().port}`,
    /** How many connections there were. */
    taken: () => taken,
    swallow: () => { for (const pair of pairs) pair.isDead = true; },
    close() {
      server.close();
      for (const { near, far } of pairs) for (const socket of [near, far]) socket.destroy();
    },
  });
}

function carry(pair, from, to) {
  from.on('data', (bytes) => { if (!pair.isDead) to.write(bytes); });
  from.on('error', () => {});
  from.once('close', () => { if (!pair.isDead) to.destroy(); });
}
