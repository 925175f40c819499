// How long to wait before the next attempt: production's retry policy, 1 s doubled up to 600 s.
const FIRST_MS = 1_000;
const LONGEST_MS = 600_000;

export const MAX_ATTEMPTS = 100;

export function backOffMs(failedAttempt) {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** (failedAttempt - 1));
}
