// A function for each way in which one can be called, and systems of them.
import { aFunction, aSystem } from '../a-system.js';

export const kycRequest = aFunction('kyc-request', { topics: { 'user-onboarding': ['UserRegistered'] }, digest: 'd1' });
export const clock = aFunction('clock', { trigger: 'schedule', schedule: '*/10 * * * *', timeout: '540s', concurrency: 1, 'max-instances': 1, digest: 'd2' });
export const mirror = aFunction('mirror', { trigger: 'firestore', document: 'users/{userId}', event: 'written', digest: 'd3' });

export const systemOf = (...functions) => aSystem({ project: 'acme', firestoreLocation: 'eur3', functions });
