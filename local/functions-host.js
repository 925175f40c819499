// All functions in one process, each behind a port of its own, as it would be in its container. The supervisor sends { dist, names },
// and `ports` by name for those that shall be where they were before.
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { entryPointOf } from '../manifest/functions.js';
import { settingsFromSupervisor } from './processes.js';

const { dist, names, ports = {} } = await settingsFromSupervisor();
const urls = {};
for (const name of names) {
  const server = serverOf(name);
  // Longer than any pause of the router's: else a connection could be closed in the moment in which it is used again.
  server.keepAliveTimeout = 3_600_000;
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(ports[name] ?? 0, '127.0.0.1', resolve);
  });
  urls[name] = `http://127.0.0.1:${server.address().port}/`;
}
process.send({ urls });
process.on('SIGTERM', () => process.exit(0));

/** A function of the shim's answers requests by itself, in the cloud as here; a stand-in of the tests goes through Google's framework. */
function serverOf(name) {
  const require = createRequire(join(dist, name, 'index.js'));
  const { answer } = require('./index.js');
  if (answer !== undefined) return createServer(answer);
  const { getTestServer } = require('@google-cloud/functions-framework/testing');
  return getTestServer(entryPointOf(name));
}
