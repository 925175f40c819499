// Signing in on Google Cloud: e-mail, password and, where the account has one, the code of its second factor. No pop-up and no frame of
// another origin takes part. Loaded only there.

import type { FirebaseApp } from 'firebase/app';
import {
  TotpMultiFactorGenerator, browserSessionPersistence, getMultiFactorResolver, initializeAuth, onAuthStateChanged, signInWithEmailAndPassword,
  multiFactor, signOut, type Auth, type MultiFactorError, type MultiFactorResolver, type User,
} from 'firebase/auth';
import type { Role } from './config.js';
import type { Session } from './session.js';

export class NoRole extends Error {}

export function openAuth(app: FirebaseApp): Auth {
  return initializeAuth(app, { persistence: browserSessionPersistence });
}

/** Whoever signed in on this tab before. */
export function keptUser(auth: Auth): Promise<User | null> {
  return new Promise((resolve) => {
    const stop = onAuthStateChanged(auth, (user) => {
      stop();
      resolve(user);
    });
  });
}

/** A session, or what asks for the second factor's code. */
export async function signInBy(auth: Auth, email: string, password: string): Promise<Session | MultiFactorResolver> {
  try {
    const { user } = await signInWithEmailAndPassword(auth, email, password);
    return await sessionOf(auth, user);
  } catch (error) {
    if ((error as { code?: string }).code === 'auth/multi-factor-auth-required') return getMultiFactorResolver(auth, error as MultiFactorError);
    throw error;
  }
}

export async function signInByCode(auth: Auth, resolver: MultiFactorResolver, code: string): Promise<Session> {
  const totp = resolver.hints.find(({ factorId }) => factorId === TotpMultiFactorGenerator.FACTOR_ID) ?? resolver.hints[0];
  if (!totp) throw new Error('The account has no second factor that this page knows.');
  const { user } = await resolver.resolveSignIn(TotpMultiFactorGenerator.assertionForSignIn(totp.uid, code));
  return await sessionOf(auth, user);
}

/** The first time: what an authenticator is given, and the code by which it shows that it has it. */
export interface Enrolment {
  secret: string;
  /** For an authenticator on the same device. */
  url: string;
  finish(code: string): Promise<void>;
}

/** undefined: there is a second factor, or the project takes none. */
export async function enrolmentOf(auth: Auth): Promise<Enrolment | undefined> {
  const user = auth.currentUser;
  if (!user || multiFactor(user).enrolledFactors.length > 0) return undefined;
  try {
    const secret = await TotpMultiFactorGenerator.generateSecret(await multiFactor(user).getSession());
    return {
      secret: secret.secretKey,
      url: secret.generateQrCodeUrl(user.email ?? user.uid, 'Boma'),
      finish: (code) => multiFactor(user).enroll(TotpMultiFactorGenerator.assertionForEnrollment(secret, code), 'authenticator'),
    };
  } catch (error) {
    if ((error as { code?: string }).code === 'auth/operation-not-allowed') return undefined;
    throw error;
  }
}

export async function sessionOf(auth: Auth, user: User): Promise<Session> {
  const { claims, authTime } = await user.getIdTokenResult(true);
  if (typeof claims.role !== 'string') {
    await signOut(auth);
    throw new NoRole(`${user.email ?? 'This account'} has no role here: npm run operators gives one.`);
  }
  return {
    email: user.email ?? user.uid,
    role: claims.role as Role,
    signedInAt: new Date(authTime),
    token: () => user.getIdToken(),
    signOut: () => signOut(auth),
  };
}
