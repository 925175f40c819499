// One call of StreamingPull. It lasts for a while and is then ended from here, because the emulator doesn't notice that a
// subscriber is gone: it hands out messages to a stream that broke until the deadline of its call, and without one for ever.
export const ACK_DEADLINE_S = 60;
const STREAM_LASTS_MS = 30_000; // From one to the next nothing comes, so not too often.
// The emulator looks every 50 ms whether a stream was ended and whether its deadline has passed, but the machine may be busy.
const LOOKS_WITHIN_MS = 1000;
const HEADERS = { headers: { authorization: 'Bearer owner' } };

const deadlineMs = (lastsMs) => lastsMs * 1.5 + LOOKS_WITHIN_MS;
/** How long after its opening the emulator may still hand out messages to an abandoned stream. */
export const outlivesMs = (lastsMs = STREAM_LASTS_MS) => deadlineMs(lastsMs) + LOOKS_WITHIN_MS;

/**
 * `onMessage(receivedMessage)` is called for each, in the order in which the emulator sent them; `onEnding()` when nothing may
 * be written any more; and then, after the last message, `onEnded()`, or `onBroken(ms)`: so long the emulator may go on taking
 * the stream for alive.
 */
export function openStream({ client, subscription, lastsMs = STREAM_LASTS_MS, onMessage, onEnding, onEnded, onBroken }) {
  const stream = client.streamingPull({ timeout: deadlineMs(lastsMs), otherArgs: HEADERS });
  const openedMs = performance.now();
  let isEnding = false;
  let isOver = false;

  const ending = setTimeout(() => {
    isEnding = true;
    onEnding();
    stream.end();
  }, lastsMs);

  stream.on('data', ({ receivedMessages }) => {
    for (const received of receivedMessages ?? []) onMessage(received);
  });
  stream.on('error', () => over(false));
  stream.on('end', () => over(isEnding));

  function over(isAsWanted) {
    if (isOver) return; // A broken stream may emit both an error and its end.
    isOver = true;
    clearTimeout(ending);
    if (isAsWanted) return onEnded();
    stream.removeAllListeners('data');
    stream.destroy?.();
    return onBroken(openedMs + outlivesMs(lastsMs) - performance.now());
  }

  // No flow control: a key that backs off may hold many messages, and must not keep the others out.
  stream.write({ subscription, streamAckDeadlineSeconds: ACK_DEADLINE_S, maxOutstandingMessages: 0, maxOutstandingBytes: 0 });
  return stream;
}
