'use strict';

// Access tokens of the function's own service account.

const metadataServer = require('./metadata-server.js');

const TOKEN_PATH = 'instance/service-accounts/default/token';
const EARLY_MS = 5 * 60_000;

/**
 * A function that answers with a token that is good for a while. It is fetched when first asked for, kept until five
 * minutes before its end, and fetched once however many ask at the same time.
 *
 * Who was refused with a token names it when asking for another. Only that one is dropped: of many who are refused at once
 * the first makes it be fetched, and those who come late get the new one.
 */
function accessTokens({ read = metadataServer.read, now = Date.now } = {}) {
  let kept = null;
  let underWay = null;

  async function fetched() {
    const askedAt = now();
    const { access_token: token, expires_in: seconds } = parsed(await read(TOKEN_PATH));
    const lifeMs = seconds * 1_000;
    // A token that comes with less than ten minutes is kept for half of them, or each call would fetch it again.
    kept = { token, refreshAt: askedAt + Math.max(lifeMs - EARLY_MS, lifeMs / 2), endsAt: askedAt + lifeMs };
    return token;
  }

  return async function accessToken(refused) {
    if (kept !== null && kept.token === refused) kept = null;
    if (kept !== null && now() < kept.refreshAt) return kept.token;
    underWay ??= fetched().finally(() => {
      underWay = null;
    });
    try {
      return await underWay;
    } catch (error) {
      if (kept !== null && now() < kept.endsAt) return kept.token;
      throw error;
    }
  };
}

function parsed(text) {
  const answer = jsonOrNull(text);
  if (isToken(answer?.access_token) && Number.isFinite(answer.expires_in)) return answer;
  // Without the text itself: there may be a token in it.
  throw new Error(`the metadata server answered with something that is no token when it was asked for ${TOKEN_PATH}`);
}

/** With what no header may have in it, it would end up in the text of the error that says so. */
function isToken(value) {
  return typeof value === 'string' && /^[\x20-\x7e]+$/.test(value);
}

function jsonOrNull(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

module.exports = { accessTokens };
