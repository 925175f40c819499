// The target of a command: the running stack's emulators, or a real project. Both are called by the same clients in the same
// way; only the address and the credentials differ.
import firestorePackage from '@google-cloud/firestore';
import { v1 as pubsub } from '@google-cloud/pubsub';
import { emulatorClient } from '../local/emulator-client.js';
import { runningStack } from '../local/stack-file.js';
import { WrongArguments } from '../local/wrong-arguments.js';

export class UnknownToGoogle extends Error {}

const LOCAL_DATABASE = '(default)';

/**
 * { what: for a sentence, isReal, project, database: full name, firestore, publisher, options: of each call, close }, and for a job's module
 * { host: {project, database}, env: where the services are, accessToken }.
 */
export async function openTarget({ project, database, stateDir }) {
  if (project) {
    const real = clientsOf({ what: `the real project ${project}`, project, database, settings: () => ({ projectId: project }), env: realServices(), isReal: true });
    await knownToGoogle(real);
    return real;
  }
  const stack = await runningStack(stateDir, () => {});
  if (!stack) throw new WrongArguments('No stack is running here and no --project is named: npm start begins one, --project ID means a real one.');
  return clientsOf({
    what: `the running stack (${stack.project})`, project: stack.project, database: LOCAL_DATABASE,
    settings: (service) => emulatorClient({ project: stack.project, host: stack[service] }), headers: { authorization: 'Bearer owner' },
    env: { FIRESTORE_EMULATOR_HOST: stack.firestore, PUBSUB_EMULATOR_HOST: stack.pubsub },
  });
}

// Checked first: the clients would fail in the middle of their work, with a long message.
async function knownToGoogle({ firestore, what }) {
  try {
    await firestore.auth.getClient();
  } catch (error) {
    throw new UnknownToGoogle(`There are no credentials for ${what}: gcloud auth application-default login makes some. (${error.message.split('\n')[0]})`);
  }
}

/** A real project is meant, whatever emulators run here. */
function realServices() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.endsWith('_EMULATOR_HOST')));
}

function clientsOf({ what, project, database: databaseId, settings, env, headers = {}, isReal = false }) {
  const database = `projects/${project}/databases/${databaseId}`;
  const firestore = new firestorePackage.v1.FirestoreClient(settings('firestore'));
  const publisher = new pubsub.PublisherClient(settings('pubsub'));
  return {
    what, isReal, project, database, firestore, publisher, env,
    host: { project, database: databaseId },
    accessToken: () => firestore.auth.getAccessToken(),
    options: { otherArgs: { headers: { ...headers, 'google-cloud-resource-prefix': database } } },
    close: () => Promise.all([firestore.close(), publisher.close()]),
  };
}
