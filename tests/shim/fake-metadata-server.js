// The metadata server that a function on Google Cloud finds, as far as the shim asks it.

import { once } from 'node:events';
import http from 'node:http';

/**
 * `answer(count, path)` says what comes back: `{status, text}`, or `{isSilent: true}`, or `{trickle}`, a text of which a character
 * comes each half second and which never ends. Answers `{env, requests, tokenRequests(), close()}`.
 */
export async function startMetadataServer(answer) {
  const requests = [];
  const server = http.createServer((request, response) => {
    requests.push(`${request.headers['metadata-flavor']} ${request.url}`);
    const { status = 200, text, isSilent, trickle } = answer(requests.length, request.url);
    if (isSilent) return;
    response.writeHead(status);
    if (trickle === undefined) {
      response.end(text);
      return;
    }
    const ticking = setInterval(() => response.write(trickle), 500);
    response.once('close', () => clearInterval(ticking));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    env: { GCE_METADATA_HOST: `127.0.0.1:${server.address().port}` },
    requests,
    tokenRequests: () => requests.filter((request) => request.endsWith('/token')).length,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** What it answers to who asks for a token. */
export const token = (text, seconds = 3_600) => ({
  text: JSON.stringify({ access_token: text, expires_in: seconds, token_type: 'Bearer' }),
});
