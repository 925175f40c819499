// The router's clients: `listen` gets one notice per finished delivery, `routerState` the counts of its messages. A broken
// connection is opened again; notices that were missed meanwhile are made up for from the records (see replay/settlement.js).
import http from 'node:http';

const RECONNECT_AFTER_MS = 300;

export function listen(routerHost, onNotice) {
  const [hostname, port] = routerHost.split(':');
  let closed = false;
  let request;
  let timer;

  function open() {
    return new Promise((resolve) => {
      request = http.get({ hostname, port, path: '/deliveries', agent: false }, (response) => {
        let rest = '';
        response.setEncoding('utf8');
        response.on('data', (piece) => {
          const lines = (rest + piece).split('\n');
          rest = lines.pop();
          for (const line of lines) onNotice(JSON.parse(line));
        });
        response.once('error', () => {});
        response.once('close', again);
        resolve();
      });
      request.once('error', () => { again(); resolve(); });
    });
  }

  function again() {
    if (closed || timer) return;
    timer = setTimeout(() => { timer = undefined; open(); }, RECONNECT_AFTER_MS);
  }

  return {
    opened: open(),
    close() {
      closed = true;
      clearTimeout(timer);
      request?.destroy();
    },
  };
}

/** The messages that the router holds: { inFlight, queued, blocked, consumers }, or undefined when it doesn't answer. */
export async function routerState(routerHost) {
  try {
    const response = await fetch(`http://${routerHost}/state`, { signal: AbortSignal.timeout(5000) });
    return response.ok ? await response.json() : undefined;
  } catch {
    return undefined;
  }
}

/** How many messages those are, whether they are being delivered or wait for it. */
export const messagesHeld = ({ inFlight, queued, blocked }) => inFlight + queued + blocked;
