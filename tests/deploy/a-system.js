// What should be, for tests: one function that hears, one for dead letters, one on a schedule.
export function aSystem(others = {}) {
  return {
    project: 'acme-crm', projectNumber: '1234', region: 'europe-west1', firestoreLocation: 'europe-west1', database: '(default)', environment: 'production',
    protectData: true, notificationChannels: [], isWhole: true, deadLetters: 'dead-letters', authorities: {}, filters: {}, publishers: {}, topics: ['dead-letters', 'kyc', 'user-lifecycle'],
    functions: [
      aFunction('kyc', { topics: { kyc: ['KycCompleted'] }, permissions: [
        { role: 'roles/datastore.user', reason: 'writes users' },
        { role: 'roles/pubsub.publisher', topic: 'user-lifecycle', reason: 'publishes UserActive' },
      ] }),
      aFunction('dead-letters', { topics: { 'dead-letters': [] }, permissions: [{ role: 'roles/datastore.user', reason: 'writes letters' }] }),
      aFunction('clock', { trigger: 'schedule', schedule: '*/10 * * * *', topics: {}, timeout: '540s', permissions: [] }),
    ],
    ...others,
  };
}

export const aFunction = (name, others = {}) => ({
  name, description: `Does ${name}.`, trigger: 'pubsub', runtime: 'nodejs24', memory: '512Mi', timeout: '50s', concurrency: 16,
  'min-instances': 0, 'max-instances': 20, topics: {}, publishes: {}, permissions: [], source: `dist/${name}`, digest: '0123abcd', ...others,
});

/** The differences as one line each, such as "~ topic kyc: keeps messages for 7 days, not 31". */
export const said = (differences) => differences.map(({ mark, what, text }) => (mark === '+' ? `+ ${what}` : `${mark} ${what}: ${text}`));

/** The commands of all their steps, each as one line. */
export const commands = (differences) => differences.flatMap(({ steps }) => steps.map(({ gcloud }) => gcloud.join(' ')));
