// The router's status over HTTP: `GET /deliveries`, one JSON line per finished delivery for as long as the
// caller listens, and `GET /state`, counts of the messages that it holds.
import http from 'node:http';

const SEND_EVERY_MS = 20;
const GIVE_UP_AT_BYTES = 64 * 1024 * 1024;

/** At that port, or at any that is free. */
export async function serveStatus(port = 0) {
  let state = () => ({});
  const listeners = new Set();
  let lines = [];
  let timer;

  const server = http.createServer((request, response) => {
    if (request.method === 'GET' && request.url === '/state') {
      // Flushed first, so that a client that reads "nothing in flight" has been sent every delivery by then.
      flush();
      response.setHeader('content-type', 'application/json');
      response.end(`${JSON.stringify(state())}\n`);
    } else if (request.method === 'GET' && request.url === '/deliveries') {
      response.setHeader('content-type', 'application/x-ndjson');
      response.flushHeaders();
      listeners.add(response);
      response.once('close', () => listeners.delete(response));
    } else {
      response.statusCode = 404;
      response.end();
    }
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });

  function flush() {
    clearTimeout(timer);
    timer = undefined;
    if (lines.length === 0) return;
    const chunk = lines.join('');
    lines = [];
    for (const listener of listeners) {
      // A listener that stopped reading must not fill the memory; it can connect again and look the rest up.
      if (listener.writableLength > GIVE_UP_AT_BYTES) listener.destroy();
      else listener.write(chunk);
    }
  }

  return {
    host: `127.0.0.1:${server.address().port}`,
    /** `ask()` is called for each request of the state. */
    readsFrom: (ask) => { state = ask; },
    announce(notice) {
      if (listeners.size === 0) return;
      lines.push(`${JSON.stringify(notice)}\n`);
      timer ??= setTimeout(flush, SEND_EVERY_MS);
    },
    close: () => { server.close(); server.closeAllConnections(); },
  };
}
