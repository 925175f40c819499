// Signing in on one machine: the emulators take unsigned tokens, so a list of ready users is enough. The cloud takes none of these.

import type { LocalConfig, LocalUser } from './config.js';
import type { Session } from './session.js';

const KEPT_AS = 'boma-signed-in';
const LASTS_S = 12 * 60 * 60;

interface Kept {
  email: string;
  signedInAtS: number;
}

/** Whoever signed in on this tab before. */
export function keptSession(config: LocalConfig): Session | undefined {
  const text = sessionStorage.getItem(KEPT_AS);
  if (text === null) return undefined;
  const { email, signedInAtS } = JSON.parse(text) as Kept;
  const user = config.users.find((one) => one.email === email);
  const isOver = signedInAtS + LASTS_S < Date.now() / 1000;
  return user && !isOver ? sessionOf(config.project, user, signedInAtS) : undefined;
}

export function signIn(config: LocalConfig, user: LocalUser): Session {
  const signedInAtS = Math.floor(Date.now() / 1000);
  sessionStorage.setItem(KEPT_AS, JSON.stringify({ email: user.email, signedInAtS } satisfies Kept));
  return sessionOf(config.project, user, signedInAtS);
}

function sessionOf(project: string, { email, role }: LocalUser, signedInAtS: number): Session {
  const claims = {
    sub: email, user_id: email, email, email_verified: true, role,
    auth_time: signedInAtS, iat: signedInAtS, exp: signedInAtS + LASTS_S,
    iss: `https://securetoken.google.com/${project}`, aud: project, firebase: { sign_in_provider: 'custom', identities: {} },
  };
  const token = `${base64url({ alg: 'none', type: 'JWT' })}.${base64url(claims)}.`;
  return {
    email,
    role,
    signedInAt: new Date(signedInAtS * 1000),
    token: async () => token,
    async signOut() {
      sessionStorage.removeItem(KEPT_AS);
    },
  };
}

const base64url = (value: unknown) =>
  btoa(JSON.stringify(value)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
