// One subscription's StreamingPull: messages in, acknowledgements and lease extensions out. The client's own
// high-level subscriber isn't used: it runs messages of one key at the same time and costs three times the CPU.
//
// The emulator doesn't notice that a subscriber is gone: it hands out messages to a broken stream until the deadline of that
// call, here and there one for ever. So no stream lasts longer than half a minute. The next one is opened when the last one has
// ended; and after one that broke only when the emulator has given it up too and has been wound back, so that everything that
// isn't acknowledged comes again in the order of publishing, as from production's ordered subscriptions.
import { setTimeout as wait } from 'node:timers/promises';

const ACK_DEADLINE_S = 60;
const EXTENSIONS_PER_DEADLINE = 3;
const ACK_WITHIN_MS = 50; // Leases last a minute, so there is time to acknowledge many at once.
const IDS_PER_REQUEST = 1000;

const STREAM_LASTS_MS = 30_000; // The emulator takes a tenth of a second from one to the next.
// The emulator looks every 50 ms whether a stream was ended and whether its deadline has passed, but the machine may be busy.
const endsWithinMs = (streamLastsMs) => streamLastsMs / 2 + 1000;
const LOOKS_WITHIN_MS = 1000;
const AGAIN_AFTER_MS = 500;
const CALL_TIMEOUT_MS = 5000;
const HEADERS = { headers: { authorization: 'Bearer owner' } };

/**
 * `onMessage(receivedMessage)` is called for each message, in the order in which the emulator sent them. `heldAckIds()`
 * says which leases to extend. `takesOver`: there was another router, which was killed, and its streams live on in the emulator.
 */
export function pull({ client, subscription, onMessage, heldAckIds, takesOver = false, streamLastsMs = STREAM_LASTS_MS }) {
  const deadlineMs = streamLastsMs + endsWithinMs(streamLastsMs);
  const closing = new AbortController();
  let stream; // undefined between two
  let acked = [];
  let ackTimer;

  function open() {
    if (closing.signal.aborted) return;
    const opened = client.streamingPull({ timeout: deadlineMs, otherArgs: HEADERS });
    const openedMs = performance.now();
    let isOver = false;
    let isAskedToEnd = false;
    const over = (next) => {
      if (isOver) return; // A stream that breaks says so up to twice, as an error and as its end.
      isOver = true;
      clearTimeout(asking);
      opened.removeAllListeners('data');
      if (stream === opened) stream = undefined;
      next();
    };
    const broken = () => {
      opened.destroy?.();
      goOn(openedMs + deadlineMs + LOOKS_WITHIN_MS - performance.now());
    };
    const asking = setTimeout(() => {
      isAskedToEnd = true;
      stream = undefined;
      opened.end();
    }, streamLastsMs);

    stream = opened;
    opened.on('data', ({ receivedMessages }) => {
      for (const received of receivedMessages ?? []) onMessage(received);
    });
    opened.on('error', () => over(broken));
    opened.on('end', () => over(isAskedToEnd ? open : broken));
    // No flow control: a key that backs off may hold many messages, and must not keep the others out.
    opened.write({ subscription, streamAckDeadlineSeconds: ACK_DEADLINE_S, maxOutstandingMessages: 0, maxOutstandingBytes: 0 });
    flush();
  }

  /** When the emulator has given up the streams that broke. Until it answers, it is asked again. */
  async function goOn(afterMs) {
    for (let pauseMs = Math.max(afterMs, AGAIN_AFTER_MS); await paused(pauseMs); pauseMs = AGAIN_AFTER_MS) {
      try {
        await windBack();
        open();
        return;
      } catch {
        // If it has ended, so does the whole stack: see local/children.js.
      }
    }
  }

  /** The acknowledgements first: what is acknowledged doesn't come again. */
  async function windBack() {
    const options = { timeout: CALL_TIMEOUT_MS, otherArgs: HEADERS };
    while (acked.length > 0) {
      const ackIds = acked.slice(0, IDS_PER_REQUEST);
      await client.acknowledge({ subscription, ackIds }, options);
      acked = acked.slice(ackIds.length);
    }
    await client.seek({ subscription, time: { seconds: 0 } }, options);
  }

  /** Whether the pause came to its end. */
  const paused = (ms) => wait(ms, true, { signal: closing.signal }).catch(() => false);

  function flush() {
    clearTimeout(ackTimer);
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
  }, ACK_DEADLINE_S * 1000 / EXTENSIONS_PER_DEADLINE);

  if (takesOver) goOn(deadlineMs + LOOKS_WITHIN_MS);
  else open();
  return {
    ack(ackId) {
      acked.push(ackId);
      ackTimer ??= setTimeout(flush, ACK_WITHIN_MS);
    },
    close() {
      closing.abort();
      clearInterval(extending);
      flush();
      stream?.end();
    },
  };
}

function* slices(ids) {
  for (let from = 0; from < ids.length; from += IDS_PER_REQUEST) yield ids.slice(from, from + IDS_PER_REQUEST);
}
