// The notice of a finished delivery, as the router sends it to its clients.

/** `answer`: { status, outcome }; `startedMs` is of performance.now(). */
export function noticeOf(consumer, { messageId, eventId, attempt, publishedMs }, { status, outcome }, startedMs) {
  return {
    consumer, messageId, eventId, outcome, status, attempt,
    acked: status >= 200 && status < 300, exhausted: false,
    ms: round(performance.now() - startedMs),
    latencyMs: Math.max(0, Date.now() - publishedMs),
  };
}

const round = (ms) => Math.round(ms * 100) / 100;
