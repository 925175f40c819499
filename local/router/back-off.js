// How often a message is tried, and how long to wait before the next time.

/** Production's retry policy: 100 attempts, 1 s doubled up to 600 s. A test may retry faster. */
export const PRODUCTION_RETRY = { maxAttempts: 100, firstMs: 1_000, longestMs: 600_000 };

export function backOffMs(failedAttempt, { firstMs, longestMs } = PRODUCTION_RETRY) {
  return Math.min(longestMs, firstMs * 2 ** (failedAttempt - 1));
}
