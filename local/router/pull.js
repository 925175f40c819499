// One subscription: messages in, acknowledgements and lease extensions out, over one stream after the other. The client's own
// high-level subscriber isn't used: it runs messages of one key at the same time and costs three times the CPU.
//
// The next stream is opened when the last one has ended. After one that broke, that is when the emulator has given it up too
// and a seek has reset the subscription: everything that isn't acknowledged comes again, in the order of publishing, as from production's
// ordered subscriptions.
import { setTimeout as wait } from 'node:timers/promises';
import { slices } from '../slices.js';
import { ACK_DEADLINE_S, openStream, outlivesMs } from './stream.js';

const EXTENSIONS_PER_DEADLINE = 3;
const ACK_WITHIN_MS = 50; // Leases last a minute, so there is time to acknowledge many at once.
const IDS_PER_REQUEST = 1000;
const AGAIN_AFTER_MS = 500;
const CALL = { timeout: 5000 };

/**
 * `onMessage(receivedMessage)` is called for each message, in the order in which the emulator sent them. `heldAckIds()`
 * says which leases to extend. `takesOver`: there was another router, which was killed, and its streams live on in the emulator.
 */
export function pull({ client, subscription, onMessage, heldAckIds, takesOver = false, streamLastsMs }) {
  const closing = new AbortController();
  let stream; // undefined between two
  let acked = [];
  let ackTimer;

  function open() {
    if (closing.signal.aborted) return;
    const none = () => { stream = undefined; };
    stream = openStream({
      client, subscription, onMessage, lastsMs: streamLastsMs,
      onEnding: none,
      onEnded: open,
      onBroken: (ms) => { none(); goOn(ms); },
    });
    flush();
  }

  /** After a stream that broke. Until the emulator answers, it is asked again; if it has ended, the whole stack ends. */
  async function goOn(afterMs) {
    for (let pauseMs = Math.max(afterMs, AGAIN_AFTER_MS); await paused(pauseMs); pauseMs = AGAIN_AFTER_MS) {
      if (await seekToStart()) return open();
    }
  }

  const paused = (ms) => wait(ms, true, { signal: closing.signal }).catch(() => false);

  /** Makes the emulator deliver again all that isn't acknowledged. Resolves with whether it could be done. */
  async function seekToStart() {
    try {
      await acknowledge(); // Acknowledged messages aren't delivered again.
      await client.seek({ subscription, time: { seconds: 0 } }, CALL);
      return true;
    } catch {
      return false;
    }
  }

  async function acknowledge() {
    while (acked.length > 0) {
      const ackIds = acked.slice(0, IDS_PER_REQUEST);
      await client.acknowledge({ subscription, ackIds }, CALL);
      acked = acked.slice(ackIds.length);
    }
  }

  function flush() {
    clearTimeout(ackTimer);
    ackTimer = undefined;
    if (!stream) return; // The next stream takes them along.
    for (const ackIds of slices(acked, IDS_PER_REQUEST)) stream.write({ ackIds });
    acked = [];
  }

  const extending = setInterval(() => {
    if (!stream) return;
    for (const ids of slices(heldAckIds(), IDS_PER_REQUEST)) {
      stream.write({ modifyDeadlineAckIds: ids, modifyDeadlineSeconds: ids.map(() => ACK_DEADLINE_S) });
    }
  }, ACK_DEADLINE_S * 1000 / EXTENSIONS_PER_DEADLINE);

  if (takesOver) goOn(outlivesMs(streamLastsMs));
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
