'use strict';

// Counts what functions ask of Firestore and Pub/Sub, without changing them: loaded before a program, it stands between a
// function and its wire, and writes its counts when the program ends.
//
//   NODE_OPTIONS="--require ./bench/count-calls.cjs" BOMA_COUNTS=counts.json npm start -- --once --events F
//
// Per method: calls, bytes there and back, and `items`: documents asked for, writes, or messages.

const Module = require('node:module');
const { writeFileSync } = require('node:fs');

// In BatchGetDocuments, Commit and Publish alike, what there may be many of is field 2.
const ITEMS_FIELD = 2;

const counts = {};
const load = Module.prototype.require;

Module.prototype.require = function required(request) {
  const loaded = load.call(this, request);
  return request === './wire.js' && loaded.openWire ? { ...loaded, openWire: (options) => counted(loaded.openWire(options)) } : loaded;
};

function counted(wire) {
  return {
    ...wire,
    async call(step) {
      const answer = await wire.call(step);
      note(step, answer);
      return answer;
    },
  };
}

function note({ path, bytes }, { messages, status }) {
  const method = path.split('/').at(-1);
  const count = (counts[method] ??= { calls: 0, failed: 0, items: 0, bytesThere: 0, bytesBack: 0 });
  count.calls += 1;
  if (status !== 0) count.failed += 1;
  count.items += itemsIn(bytes);
  count.bytesThere += bytes.length;
  count.bytesBack += messages.reduce((sum, message) => sum + message.length, 0);
}

/** How many fields of that number the protobuf message has on its first level. */
function itemsIn(bytes) {
  let items = 0;
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at];
      at += 1;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const [field, wireType] = [Math.floor(tag / 8), tag % 8];
    if (field === ITEMS_FIELD) items += 1;
    const value = varint();
    if (wireType === 2) at += value;
    else if (wireType !== 0) throw new Error(`field ${field} has wire type ${wireType}, which none of these requests has`);
  }
  return items;
}

process.on('exit', () => {
  if (process.env.BOMA_COUNTS && Object.keys(counts).length > 0) writeFileSync(process.env.BOMA_COUNTS, `${JSON.stringify(counts, null, 2)}\n`);
});
