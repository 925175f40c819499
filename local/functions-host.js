// All functions in one process, each behind Google's own framework at a port of its own, as it would be in its
// container. The supervisor sends { dist, names }, and `ports` by name for those that shall be where they were before.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { entryPointOf } from '../manifest/functions.js';
import { settingsFromSupervisor } from './processes.js';

const { dist, names, ports = {} } = await settingsFromSupervisor();
const urls = {};
for (const name of names) {
  const require = createRequire(join(dist, name, 'index.js'));
  require('./index.js');
  const { getTestServer } = require('@google-cloud/functions-framework/testing');
  const server = getTestServer(entryPointOf(name));
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
