// Where the letters are: the running stack's emulators, or a real project. Both are spoken to by the same clients in the
// same way; only the address and who we are differ.
import firestorePackage from '@google-cloud/firestore';
import { v1 as pubsub } from '@google-cloud/pubsub';
import grpc from '@grpc/grpc-js';
import { WrongArguments } from '../local/arguments.js';
import { NO_AUTH } from '../local/pubsub.js';
import { runningStack } from '../local/stack-file.js';

export class UnknownToGoogle extends Error {}

const LOCAL_DATABASE = '(default)';

/** { what: for a sentence, project, database: full name, firestore, publisher, options: of each call, close } */
export async function openTarget({ project, database, stateDir }) {
  if (project) {
    const real = clientsOf({ what: `the real project ${project}`, project, database, settings: () => ({ projectId: project }) });
    await knownToGoogle(real);
    return real;
  }
  const stack = await runningStack(stateDir, () => {});
  if (!stack) throw new WrongArguments('No stack is running here and no --project is named: npm start begins one, --project ID means a real one.');
  return clientsOf({
    what: `the running stack (${stack.project})`, project: stack.project, database: LOCAL_DATABASE,
    settings: (service) => emulator(stack.project, stack[service]), headers: { authorization: 'Bearer owner' },
  });
}

// Asked for before anything else, because the clients would say it in the middle of their work, and at length.
async function knownToGoogle({ firestore, what }) {
  try {
    await firestore.auth.getClient();
  } catch (error) {
    throw new UnknownToGoogle(`There are no credentials for ${what}: gcloud auth application-default login makes some. (${error.message.split('\n')[0]})`);
  }
}

function clientsOf({ what, project, database: databaseId, settings, headers = {} }) {
  const database = `projects/${project}/databases/${databaseId}`;
  const firestore = new firestorePackage.v1.FirestoreClient(settings('firestore'));
  const publisher = new pubsub.PublisherClient(settings('pubsub'));
  return {
    what, project, database, firestore, publisher,
    options: { otherArgs: { headers: { ...headers, 'google-cloud-resource-prefix': database } } },
    close: () => Promise.all([firestore.close(), publisher.close()]),
  };
}

function emulator(project, host) {
  const [servicePath, port] = host.split(':');
  return { projectId: project, servicePath, port: Number(port), sslCreds: grpc.credentials.createInsecure(), auth: NO_AUTH };
}
