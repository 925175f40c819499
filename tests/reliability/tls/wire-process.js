// The transport in a process of its own, because Node reads NODE_EXTRA_CA_CERTS when it starts. It opens wires and does
// calls as its parent orders, and tells what they came to.

import { accessTokens } from '../../../shim/credentials.js';
import { read } from '../../../shim/metadata-server.js';
import { openWire } from '../../../shim/wire.js';

const wires = new Map();

const orders = {
  open({ wire, env }) {
    wires.set(wire, openWire({ env, accessToken: accessTokens({ read: (path) => read(path, env) }) }));
  },
  async call({ wire, id, step }) {
    const { messages, status, detail } = await wires.get(wire).call({ ...step, bytes: Buffer.from(step.bytes) });
    process.send({ id, messages: messages.map((message) => message.toString()), status, detail });
  },
  close({ wire }) {
    wires.get(wire).close();
    wires.delete(wire);
  },
};

process.on('message', ({ order, ...what }) => orders[order](what));
process.on('disconnect', () => process.exit(0));
