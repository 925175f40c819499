// Serves a function of the tests on loopback, in a process of its own, so that what it writes can be read.

import { createServer } from 'node:http';

import { builtModule } from './probe.js';

const [name] = process.argv.slice(2);
const server = createServer(builtModule(name, 'index.js').answer);
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
