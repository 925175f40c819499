// One subscription's StreamingPull: messages in, acknowledgements and lease extensions out. The client's own
// high-level subscriber isn't used: it runs messages of one key at the same time and costs three times the CPU.
const ACK_DEADLINE_S = 60;
const EXTENSIONS_PER_DEADLINE = 3;
const ACK_WITHIN_MS = 50; // Leases last a minute, so there is time to acknowledge many at once.
const RECONNECT_AFTER_MS = 500;
const IDS_PER_REQUEST = 1000;

/**
 * `onMessage(receivedMessage)` is called for each message, in the order in which the emulator sent them. `heldAckIds()`
 * says which leases to extend.
 *
 * What was leased on a stream that broke comes again when its lease has run out, and so do the first batches after the
 * break: the emulator still gives them to the dead stream, even half a minute later. Production's ordered subscriptions
 * would hold back the later messages of those keys meanwhile; the emulator's unordered ones don't.
 */
export function pull({ client, subscription, onMessage, heldAckIds, ackDeadlineS = ACK_DEADLINE_S }) {
  let stream;
  let acked = [];
  let ackTimer;
  let reopening;
  let closed = false;

  function open() {
    if (closed) return;
    const opened = client.streamingPull({ timeout: 2 ** 31 - 1, otherArgs: { headers: { authorization: 'Bearer owner' } } });
    stream = opened;
    opened.on('data', ({ receivedMessages }) => {
      for (const received of receivedMessages ?? []) onMessage(received);
    });
    // A stream that breaks says so up to twice, as an error and as its end, and only the first counts: the second may come
    // when its successor is open already.
    const broken = () => {
      if (stream !== opened) return;
      stream = undefined;
      opened.removeAllListeners('data');
      opened.destroy?.();
      if (!closed) reopening = setTimeout(open, RECONNECT_AFTER_MS);
    };
    opened.on('error', broken);
    opened.on('end', broken);
    // No flow control: a key that backs off may hold many messages, and must not keep the others out.
    opened.write({ subscription, streamAckDeadlineSeconds: ackDeadlineS, maxOutstandingMessages: 0, maxOutstandingBytes: 0 });
    flush();
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
      stream.write({ modifyDeadlineAckIds: ids, modifyDeadlineSeconds: ids.map(() => ackDeadlineS) });
    }
  }, ackDeadlineS * 1000 / EXTENSIONS_PER_DEADLINE);

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
