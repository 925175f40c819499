// The APIs that the system calls or is built with.
import { missing, step } from '../differences.js';

const APIS = {
  'artifactregistry.googleapis.com': 'keeps the containers of the functions',
  'bigquery.googleapis.com': 'answers questions about all that was',
  'bigquerystorage.googleapis.com': 'takes the rows of the warehouse',
  'cloudbuild.googleapis.com': 'makes them',
  'cloudfunctions.googleapis.com': 'runs the functions',
  'cloudresourcemanager.googleapis.com': "keeps the project's rights",
  'cloudscheduler.googleapis.com': 'calls the functions that have a schedule',
  'eventarc.googleapis.com': 'carries changes of documents to functions',
  'firebase.googleapis.com': "has the operators' page as its app",
  'firebasehosting.googleapis.com': 'serves that page',
  'firebaserules.googleapis.com': 'says who may read the state from a browser',
  'firestore.googleapis.com': 'keeps the state',
  'iam.googleapis.com': 'keeps the service accounts',
  'identitytoolkit.googleapis.com': 'lets operators sign in',
  'logging.googleapis.com': 'keeps the lines of the functions, and counts them',
  'monitoring.googleapis.com': 'wakes somebody',
  'pubsub.googleapis.com': 'carries the events',
  'run.googleapis.com': 'is what functions run on',
  'secretmanager.googleapis.com': "keeps the functions' secrets",
};

export const apis = {
  name: 'APIs',
  permissions: { 'roles/serviceusage.serviceUsageAdmin': ['serviceusage.services.enable', 'serviceusage.services.list'] },
  read: async (cloud, { projectNumber }) => {
    const enabled = await cloud.list('serviceusage.googleapis.com', `v1/projects/${projectNumber}/services`, 'services', {
      filter: 'state:ENABLED', pageSize: 200,
    });
    return enabled.map(({ config, name }) => config?.name ?? name.split('/').at(-1));
  },

  /** One step for all: it takes as long as for one. */
  compare(enabled) {
    const wanting = Object.keys(APIS).filter((api) => !enabled.includes(api));
    const enable = step(`enable ${wanting.length} APIs`, ['services', 'enable', ...wanting]);
    return wanting.map((api, index) => missing(`${api} (${APIS[api]})`, index === 0 ? [enable] : []));
  },

  /** They stay: others in the project may use them, and an API that is enabled costs nothing. */
  removal: () => [],
};
