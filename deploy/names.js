// The names of resources in the project. Names that other programs use are contracts; the rest begins with "boma-".

/** The database's name, unless the environment has another. */
export const DATABASE = '(default)';
export const databasePath = ({ project, database }) => `projects/${project}/databases/${database}`;

/** The label of every resource that can carry one. A resource of a wanted name without it is somebody else's. */
export const OWNER = { key: 'managed-by', value: 'boma' };

/** The account that a function runs as. */
export const runsAs = (system, functionName) => account(system, `boma-${functionName}`);
/** The accounts whose tokens Pub/Sub, Cloud Scheduler and Eventarc show to the functions that they call. */
export const pubsubInvoker = (system) => account(system, 'boma-push');
export const schedulerInvoker = (system) => account(system, 'boma-schedule');
export const eventarcInvoker = (system) => account(system, 'boma-changes');
/** The account whose token a program shows to an HTTP function that isn't open to everybody. A person says who may act as it. */
export const httpInvoker = (system) => account(system, 'boma-http');
/** The one account that may call this function, or null where its settings say why anybody may. */
export const callerOf = (system, { trigger, unauthenticated }) => (unauthenticated === undefined ? INVOKERS[trigger](system) : null);
const INVOKERS = { pubsub: pubsubInvoker, schedule: schedulerInvoker, firestore: eventarcInvoker, http: httpInvoker };
/** The account that Cloud Build runs as when it makes a container of a function's folder. */
export const builder = (system) => account(system, 'boma-build');
const account = ({ project }, name) => `${name}@${project}.iam.gserviceaccount.com`;

/** A role of ours, as a function's settings name it, and as IAM does. */
export const isOwnRole = (role) => role.startsWith('boma.');
export const ownRolePath = ({ project }, role) => `projects/${project}/roles/${role}`;

/** Pub/Sub's own account, its service agent, which signs the pushes' tokens and moves dead letters. */
export const pubsubAgent = ({ projectNumber }) => `service-${projectNumber}@gcp-sa-pubsub.iam.gserviceaccount.com`;

/** The address of a function's service that is known beforehand. Cloud Run gives it another one, too, with a hash in it. */
export const urlOf = ({ projectNumber, region }, functionName) => `https://${functionName}-${projectNumber}.${region}.run.app`;

export const jobOf = (functionName) => `boma-${functionName}`;
/** Of the documents' path what is the same in all of them: `kyc_cases/{id}` -> boma-warehouse-kyc-cases. */
export const triggerOf = (functionName, document) => `boma-${functionName}-${document.split('/').filter((part) => !part.startsWith('{')).join('-').toLowerCase().replaceAll(/[^a-z0-9-]/g, '-')}`;
export const subscriptionOf = (functionName, topic) => `${functionName}.${topic}`;
export const topicPath = ({ project }, topic) => `projects/${project}/topics/${topic}`;

/** The part behind the last slash. */
export const lastOf = (path) => path.slice(path.lastIndexOf('/') + 1);
