// The Firestore emulator's triggers. They are not documented; firebase-tools registers and receives them in the same way (its
// pull request 5685).
import { once } from 'node:events';
import http from 'node:http';
import { buffer } from 'node:stream/consumers';

const DATABASE = '(default)';
const TRIGGER_PATH = /^\/functions\/projects\/[^/]+\/triggers\/([^/]+)$/;

/** To register a trigger of that id again replaces it. */
export async function registerTrigger(firestore, project, { id, document, event }) {
  const response = await fetch(`http://${firestore}/emulator/v1/projects/${project}/eventarcTrigger?eventarcTriggerId=${id}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      eventType: `google.cloud.firestore.document.v1.${event}`,
      database: DATABASE,
      namespace: DATABASE,
      document: { value: document, matchType: 'PATH_PATTERN' },
    }),
  });
  if (!response.ok) throw new Error(`${id}: the Firestore emulator doesn't take its trigger: ${response.status} ${await response.text()}`);
}

/**
 * `onEvent(id, headers, body)` is called for each event of a trigger. The emulator has one thread, waits for the answer and
 * never sends an event again. So the answer comes as soon as the event is here, before its delivery.
 */
export async function listenForTriggers(port, onEvent) {
  const server = http.createServer(async (request, response) => {
    try {
      const body = await buffer(request);
      response.end();
      onEvent(TRIGGER_PATH.exec(request.url)?.[1], request.headers, body);
    } catch (error) {
      console.error(`an event of the Firestore emulator is lost: ${error.message}`);
      response.destroy();
    }
  });
  // Else a connection could be closed in the moment in which the emulator uses it again.
  server.keepAliveTimeout = 3_600_000;
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return { close: () => { server.close(); server.closeAllConnections(); } };
}
