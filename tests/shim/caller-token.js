// The one who may call a deployed function, in tests: the settings that name it, and the token that it shows.

const EMAIL = 'caller@p.iam.gserviceaccount.com';
const AUDIENCE = 'https://function.example.app';

export const CALLER = { BOMA_CALLER: EMAIL, BOMA_AUDIENCE: AUDIENCE };

const base64url = (json) => Buffer.from(JSON.stringify(json)).toString('base64url');

/** The header's value as Cloud Run hands on what Pub/Sub sent, with other claims where one gives them. */
export function bearer(different = {}) {
  const seconds = Math.floor(Date.now() / 1_000);
  const claims = {
    aud: AUDIENCE, azp: '1', email: EMAIL, email_verified: true, exp: seconds + 3_000, iat: seconds - 600, iss: 'https://accounts.google.com', sub: '1',
  };
  return `Bearer ${base64url({ alg: 'RS256', typ: 'JWT' })}.${base64url({ ...claims, ...different })}.SIGNATURE_REMOVED_BY_GOOGLE`;
}
