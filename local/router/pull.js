// One subscription's StreamingPull: messages in, acknowledgements and lease extensions out. The client's own
// high-level subscriber isn't used: it runs messages of one key at the same time and costs three times the CPU.
const ACK_DEADLINE_S = 60;
const EXTEND_EVERY_MS = 20_000;
const ACK_WITHIN_MS = 50; // Leases last a minute, so there is time to acknowledge many at once.
const RECONNECT_AFTER_MS = 500;
const IDS_PER_REQUEST = 1000;

/**
 * `onMessage(receivedMessage)` is called for each message, in the order in which the emulator sent them. `heldAckIds()`
 * says which leases to extend.
 */
export function pull({ client, subscription, onMessage, heldAckIds }) {
  let stream;
  let acked = [];
  let ackTimer;
  let closed = false;

  function open() {
    if (closed) return;
    stream = client.streamingPull({ timeout: 2 ** 31 - 1, otherArgs: { headers: { authorization: 'Bearer owner' } } });
    stream.on('data', ({ receivedMessages }) => {
      for (const received of receivedMessages ?? []) onMessage(received);
    });
    // Whatever was leased on a broken stream comes again on the next one.
    stream.once('error', again);
    stream.once('end', again);
    // No flow control: a key that backs off may hold many messages, and must not keep the others out.
    stream.write({ subscription, streamAckDeadlineSeconds: ACK_DEADLINE_S, maxOutstandingMessages: 0, maxOutstandingBytes: 0 });
    flush();
  }

  let reopening;
  function again() {
    stream.removeAllListeners('data');
    stream.on('error', () => {});
    stream.destroy?.();
    stream = undefined;
    if (!closed) reopening ??= setTimeout(() => { reopening = undefined; open(); }, RECONNECT_AFTER_MS);
  }

  function flush() {
    ackTimer = undefined;
    if (!stream) return; // The next stream takes them along.
    for (const ackIds of slices(acked)) stream.write({ ackIds });
    acked = [];
  }

  const extending = setInterval(() => {
    if (!stream) return;
    for (const ids of slices(heldAckIds())) {
      stream.write({ modifyDeadlineAckIds: ids, modifyDeadlineSeconds: ids.map(() => ACK_DEADLINE_S) });
    }
  }, EXTEND_EVERY_MS);

  open();
  return {
    ack(ackId) {
      acked.push(ackId);
      ackTimer ??= setTimeout(flush, ACK_WITHIN_MS);
    },
    close() {
      closed = true;
      clearInterval(extending);
      clearTimeout(reopening);
      clearTimeout(ackTimer);
      flush();
      stream?.end();
    },
  };
}

function* slices(ids) {
  for (let from = 0; from < ids.length; from += IDS_PER_REQUEST) yield ids.slice(from, from + IDS_PER_REQUEST);
}
