// A small system, as deploy/system.js reads one: a function for each trigger that there is.

const common = { runtime: 'nodejs22', memory: '256Mi', timeout: '50s', concurrency: 16, 'min-instances': 0, 'max-instances': 20, topics: {}, publishes: {}, permissions: [] };

export const kycRequest = {
  ...common, name: 'kyc-request', description: 'Asks a provider.', trigger: 'pubsub', topics: { 'user-onboarding': ['UserRegistered'] },
  source: 'dist/kyc-request', digest: 'd1',
};
export const clock = {
  ...common, name: 'clock', description: 'Says what time has ended.', trigger: 'schedule', schedule: '*/10 * * * *', timeout: '540s', concurrency: 1, 'max-instances': 1,
  source: 'dist/clock', digest: 'd2',
};
export const mirror = {
  ...common, name: 'mirror', description: 'Hears of customers who change.', trigger: 'firestore', document: 'users/{userId}', event: 'written',
  source: 'dist/mirror', digest: 'd3',
};

export const aSystem = (...functions) => ({
  project: 'acme', projectNumber: '1234', region: 'europe-west1', firestoreLocation: 'eur3', database: '(default)', environment: 'production', isWhole: true,
  functions, topics: ['dead-letters', 'user-onboarding'], deadLetters: 'dead-letters',
});
