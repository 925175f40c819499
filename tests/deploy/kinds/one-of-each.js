// A function of each trigger, and systems of them.
import { aFunction, aSystem } from '../a-system.js';

export const kycRequest = aFunction('kyc-request', { topics: { 'user-onboarding': ['UserRegistered'] }, digest: 'd1' });
export const clock = aFunction('clock', { trigger: 'schedule', schedule: '*/10 * * * *', timeout: '540s', concurrency: 1, 'max-instances': 1, digest: 'd2' });
export const mirror = aFunction('mirror', { trigger: 'firestore', document: 'users/{userId}', event: 'written', digest: 'd3' });
/** One HTTP function that anybody may call, and one that a single account may. */
export const hook = aFunction('hook', { trigger: 'http', unauthenticated: 'the provider signs what it posts', digest: 'd4' });
export const lookup = aFunction('lookup', { trigger: 'http', digest: 'd5' });

export const systemOf = (...functions) => aSystem({ project: 'acme', firestoreLocation: 'eur3', functions });
