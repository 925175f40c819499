// A TCP proxy in front of a server, for tests that break connections: cut() resets every one that is open, and `target`
// may be changed, as when a server comes back at another port.
import { once } from 'node:events';
import net from 'node:net';

/** Resolves with { host, target, cut(), isDown, close() }; while `isDown`, new connections are reset, too. */
export async function startTcpProxy(target) {
  const sockets = new Set();
  const proxy = { target, isDown: false };
  const server = net.createServer((downstream) => {
    if (proxy.isDown) {
      downstream.resetAndDestroy();
      return;
    }
    const [host, port] = proxy.target.split(':');
    const upstream = net.connect({ host, port: Number(port) });
    for (const [socket, other] of [[downstream, upstream], [upstream, downstream]]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.once('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  proxy.host = `127.0.0.1:${server.address().port}`;
  proxy.cut = () => { for (const socket of sockets) socket.resetAndDestroy(); };
  proxy.close = () => {
    server.close();
    proxy.cut();
  };
  return proxy;
}
