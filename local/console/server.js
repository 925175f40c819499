// The console's page for one machine: the files of console/dist with production's headers, /config.json, and what goes to the function
// `operator` handed on, as Firebase Hosting does.
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import http from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { READY_OPERATORS } from '../operators.js';

const FOLDER = fileURLToPath(new URL('../../console/', import.meta.url));
const OF_OPERATOR = /^\/(?:commands|me|approvals\/[^/]+|letters\/[^/]+)$/;
const TYPES = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml', '.json': 'application/json',
};
const LARGEST_BODY_BYTES = 512 * 1024;
const NOT_LOCALLY = ['strict-transport-security'];

/** Resolves with { url, close }. `operator`: the function's url, where the stack has it. `folder`: console/, or a test's. */
export async function startConsole({ project, firestore, operator, port = 0, folder = FOLDER }) {
  const config = JSON.stringify({ mode: 'local', project, firestore, users: READY_OPERATORS });
  const headersOf = headersFrom(join(folder, 'headers.json'), firestore);
  const files = join(folder, 'dist');
  const server = http.createServer((request, response) => {
    // Two slashes name another host, to which nothing of this page's may go.
    if (!/^\/(?!\/)/.test(request.url) || !URL.canParse(request.url, 'http://localhost')) return end(response, 400, 'text/plain', 'Not a path');
    const { pathname, search } = new URL(request.url, 'http://localhost');
    // The parser drops dots, so another `//` may come about.
    if (pathname.startsWith('//')) return end(response, 400, 'text/plain', 'Not a path');
    for (const [name, value] of Object.entries(headersOf(pathname))) response.setHeader(name, value);
    if (!isLocal(request)) return end(response, 403, 'text/plain', 'This address is for this machine alone.');
    if (OF_OPERATOR.test(pathname)) return operator ? handOn(request, response, new URL(`.${pathname}${search}`, operator)).catch(() => response.destroy()) : end(response, 503, 'application/problem+json', '{"title":"The function operator isn\'t there","status":503}');
    if (request.method !== 'GET' && request.method !== 'HEAD') return end(response, 405, 'text/plain', 'GET alone');
    if (pathname === '/config.json') return end(response, 200, TYPES['.json'], config);
    return file(response, files, pathname);
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close: () => new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    }),
  };
}

/** Another page, under a name of its own for this address, would be of the same origin as this one. */
const isLocal = ({ headers: { host = '' } }) => /^(?:127\.0\.0\.1|localhost)(?::\d+)?$/.test(host);

/** The headers of headers.json by path, with the emulator in place of Google's hosts. */
function headersFrom(path, firestore) {
  const listed = JSON.parse(readFileSync(path, 'utf8'));
  const local = (name, value) => (name === 'content-security-policy' ? value.replace(/connect-src [^;]*/, `connect-src 'self' http://${firestore}`) : value);
  return (pathname) => Object.fromEntries(listed.filter(({ glob }) => matches(glob, pathname)).flatMap(({ headers }) => Object.entries(headers))
    .filter(([name]) => !NOT_LOCALLY.includes(name)).map(([name, value]) => [name, local(name, value)]));
}

/** Hosting's globs, as far as headers.json has them: `**` alone or at the end. */
const matches = (glob, pathname) => glob === '**' || glob === pathname || (glob.endsWith('/**') && pathname.startsWith(glob.slice(0, -2)));

/** A file, or the page itself: each view has an address. */
function file(response, files, pathname) {
  const asked = join(files, normalize(pathname));
  const isThere = asked.startsWith(files) && existsSync(asked) && statSync(asked).isFile();
  if (!isThere && pathname.startsWith('/assets/')) return end(response, 404, 'text/plain', 'There is no such file.');
  const path = isThere ? asked : join(files, 'index.html');
  response.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' });
  return createReadStream(path).pipe(response);
}

function end(response, status, type, body) {
  response.writeHead(status, { 'content-type': type }).end(body);
}

/** What a page of another site could send without being asked first has no `authorization`, and is refused by the function. */
async function handOn(request, response, url) {
  const chunks = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > LARGEST_BODY_BYTES) return end(response, 413, 'text/plain', 'Too large');
    chunks.push(chunk);
  }
  const { authorization, 'content-type': type } = request.headers;
  const headers = { ...(authorization && { authorization }), ...(type && { 'content-type': type }) };
  const passed = http.request(url, { method: request.method, headers, agent: false }, (answer) => {
    response.writeHead(answer.statusCode, { 'content-type': answer.headers['content-type'] ?? 'application/json' });
    answer.pipe(response);
  });
  passed.on('error', ({ message }) => end(response, 503, 'application/problem+json', JSON.stringify({ title: 'The function operator doesn\'t answer', status: 503, detail: message })));
  return passed.end(Buffer.concat(chunks));
}
