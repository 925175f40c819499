// A TCP proxy in front of a server, for tests that break connections: cut() resets every one that is open, and `target`
// may be changed, as when a server comes back at another port.
import { once } from 'node:events';
import net from 'node:net';

/** Resolves with { host, target, cut(), isDown, close() }; while `isDown`, new connections are reset, too. */
export async function startTcpProxy(target) {
  const sockets = new Set();
  const wire = { target, isDown: false };
  const server = net.createServer((near) => {
    if (wire.isDown) {
      near.resetAndDestroy();
      return;
    }
    const [host, port] = wire.target.split(':');
    const far = net.connect({ host, port: Number(port) });
    for (const [socket, other] of [[near, far], [far, near]]) {
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
  wire.host = `127.0.0.1:${server.address().port}`;
  wire.cut = () => { for (const socket of sockets) socket.resetAndDestroy(); };
  wire.close = () => {
    server.close();
    wire.cut();
  };
  return wire;
}
