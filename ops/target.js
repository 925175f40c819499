// The target of a command: the running stack's emulators, or a real project. Both are called by the same clients in the same
// way; only the address and the credentials differ.
import firestorePackage from '@google-cloud/firestore';
import { v1 as pubsub } from '@google-cloud/pubsub';
import { emulatorClient } from '../local/emulator-client.js';
import { runningStack } from '../local/stack-file.js';
import { functionsEnv } from '../local/warehouse/start.js';
import { WrongArguments } from '../local/wrong-arguments.js';

export class UnknownToGoogle extends Error {}

/** What people have: Firestore asks by whose quota they call, which gcloud notes beside their credentials. */
const OF_A_PERSON = ['authorized_user', 'external_account_authorized_user'];
const BIGQUERY = 'https://bigquery.googleapis.com';
const LOCAL_DATABASE = '(default)';

/**
 * { what: for a sentence, isReal, project, database: full name, firestore, publisher, options: of each call, close }, and for a job's module
 * { host: {project, database}, env: where the services are, accessToken, quotaProject: where credentials name one }. `warehouse`: where
 * BigQuery's REST interface is, undefined where the stack has none. `databaseUid()`: no other database ever has it, not even one of the same name.
 */
export async function openTarget({ project, database, stateDir }) {
  if (project) {
    const real = clientsOf({ what: `the real project ${project}`, project, database, settings: () => ({ projectId: project }), env: realServices(), isReal: true, warehouse: BIGQUERY, databaseUid: () => uidOf(project, database) });
    return { ...real, quotaProject: await knownToGoogle(real) };
  }
  const stack = await stackHere(stateDir);
  return clientsOf({
    what: `the running stack (${stack.project})`, project: stack.project, database: LOCAL_DATABASE,
    settings: (service) => emulatorClient({ project: stack.project, host: stack[service] }), headers: { authorization: 'Bearer owner' },
    env: { FIRESTORE_EMULATOR_HOST: stack.firestore, PUBSUB_EMULATOR_HOST: stack.pubsub, ...functionsEnv({ bigquery: stack.warehouse?.grpc }) },
    warehouse: stack.warehouse?.rest,
    databaseUid: async () => `${stack.firestore}, process ${stack.pids.supervisor}`, // The emulator forgets everything with the stack.
  });
}

/** The running stack, which is meant where no project is named. */
export async function stackHere(stateDir) {
  const stack = await runningStack(stateDir, () => {});
  if (!stack) throw new WrongArguments('No stack is running here and no --project is named: npm start begins one, --project ID means a real one.');
  return stack;
}

/** Answers with the quota project. Checked first: the clients would fail in the middle of their work, with a long message. */
async function knownToGoogle({ firestore: { auth }, what, project }) {
  const said = (error) => error.message.split('\n')[0];
  const client = await auth.getClient().catch((error) => {
    throw new UnknownToGoogle(`There are no credentials for ${what}: gcloud auth application-default login makes some, and gcloud auth application-default set-quota-project ${project} says by whose quota they call. (${said(error)})`);
  });
  if (OF_A_PERSON.includes(auth.jsonContent?.type) && !client.quotaProjectId) {
    throw new UnknownToGoogle(`The credentials for ${what} name no quota project, without which Firestore refuses a person's: gcloud auth application-default set-quota-project ${project}`);
  }
  await auth.getAccessToken().catch((error) => {
    throw new UnknownToGoogle(`Google gives no access token for ${what}: gcloud auth application-default login makes new credentials. (${said(error)})`);
  });
  return client.quotaProjectId;
}

async function uidOf(project, database) {
  const admin = new firestorePackage.v1.FirestoreAdminClient({ projectId: project });
  try {
    const [{ uid }] = await admin.getDatabase({ name: `projects/${project}/databases/${database}` });
    return uid;
  } finally {
    await admin.close();
  }
}

/** A real project is meant, whatever emulators run here. */
function realServices() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.endsWith('_EMULATOR_HOST')));
}

function clientsOf({ what, project, database: databaseId, settings, env, headers = {}, isReal = false, warehouse, databaseUid }) {
  const database = `projects/${project}/databases/${databaseId}`;
  const firestore = new firestorePackage.v1.FirestoreClient(settings('firestore'));
  const publisher = new pubsub.PublisherClient(settings('pubsub'));
  return {
    what, isReal, project, database, firestore, publisher, env, warehouse, databaseUid,
    host: { project, database: databaseId },
    accessToken: () => firestore.auth.getAccessToken(),
    options: { otherArgs: { headers: { ...headers, 'google-cloud-resource-prefix': database } } },
    close: () => Promise.all([firestore.close(), publisher.close()]),
  };
}
