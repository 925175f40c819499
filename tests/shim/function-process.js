// Serves the function `probe` on loopback, in a process of its own, so that what it writes can be read.

import { getTestServer } from '@google-cloud/functions-framework/testing';

import { probeModule } from './probe.js';

probeModule('index.js');
const server = getTestServer('probe');
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
