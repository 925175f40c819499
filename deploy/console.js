// The operators' console as Firebase Hosting serves it: the built page, the headers that it is served with, and which requests go to the function
// `operator`. The page learns from /config.json which project it is of.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { DATABASE } from './names.js';

const SOURCES = 'console/package.json';
const DIST = 'console/dist';
const HEADERS = 'console/headers.json';
const OPERATOR = 'operator';
/** What of its addresses is the function's; the local server hands on the same. */
const OF_OPERATOR = ['/commands', '/approvals/**', '/letters/**', '/me'];
const PAGE = { glob: '**', path: '/index.html' };

/** { folder, config: Hosting's }; { folder: null } where the page isn't built, or null where the tree has none. */
export function consoleOf(root, { region, functions }) {
  const folder = join(root, DIST);
  if (!existsSync(join(folder, 'index.html'))) return existsSync(join(root, SOURCES)) ? { folder: null } : null;
  const headers = JSON.parse(readFileSync(join(root, HEADERS), 'utf8'));
  // Hosting refuses a rewrite to a service that isn't there.
  const isThere = functions.some(({ name }) => name === OPERATOR);
  const ofOperator = isThere ? OF_OPERATOR.map((glob) => ({ glob, run: { serviceId: OPERATOR, region } })) : [];
  return { folder, config: { headers, rewrites: [...ofOperator, PAGE] } };
}

/** { files: Map of path to bytes, digest } of the page for this project. `app`: the web app's config, as Firebase gives it. */
export function contentOf({ folder, config }, { project, database, app }) {
  const files = new Map(filesIn(folder).map((name) => [`/${name}`, readFileSync(join(folder, name))]));
  files.set('/config.json', Buffer.from(JSON.stringify(pageConfig({ project, database, app }), null, 2)));
  const hash = createHash('sha256').update(JSON.stringify(config));
  for (const [path, bytes] of files) hash.update(`\0${path}\0${bytes.length}\0`).update(bytes);
  return { files, digest: hash.digest('hex').slice(0, 40) };
}

/** The key is no secret: it says which project is meant, and each request is asked by the rules or by the function. */
function pageConfig({ project, database, app: { apiKey, authDomain, appId } }) {
  return { mode: 'cloud', project, apiKey, authDomain, appId, ...(database !== DATABASE && { database }) };
}

function filesIn(folder, above = '') {
  return readdirSync(join(folder, above)).sort().flatMap((name) => {
    const path = above === '' ? name : `${above}/${name}`;
    return statSync(join(folder, path)).isDirectory() ? filesIn(folder, path) : [path];
  });
}
