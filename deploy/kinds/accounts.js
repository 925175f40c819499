// One service account for each function, and those of who posts messages, calls and builds. Nobody has a key to any of them.
import { drifted, missing, step } from '../differences.js';
import { builder, eventarcInvoker, pubsubInvoker, runsAs, schedulerInvoker } from '../names.js';

export const accounts = {
  name: 'service accounts',
  permissions: { 'roles/iam.serviceAccountAdmin': ['create', 'delete', 'enable'].map((verb) => `iam.serviceAccounts.${verb}`) },
  read: async (cloud, { project }) => (
    cloud.list('iam.googleapis.com', `v1/projects/${project}/serviceAccounts`, 'accounts', { pageSize: 100 })
  ),

  compare(there, system) {
    return wanted(system).flatMap(({ email, description }) => {
      const known = there.find((account) => account.email === email);
      if (known === undefined) return [missing(nameOf(email), [create(email, description)])];
      return known.disabled ? [drifted(nameOf(email), ['is disabled'], [enable(email)])] : [];
    });
  },

  removal(there, system) {
    const ours = (system.isWhole ? wanted(system) : ofFunctions(system)).map(({ email }) => email);
    return there.filter(({ email }) => ours.includes(email)).map(({ email }) => (
      step(`delete service account ${nameOf(email)}`, ['iam', 'service-accounts', 'delete', email])
    ));
  },
};

export function wanted(system) {
  return [
    ...ofFunctions(system),
    { email: builder(system), description: "Boma: makes the functions' containers." },
    { email: pubsubInvoker(system), description: 'Boma: posts messages to the functions that hear them.' },
    { email: schedulerInvoker(system), description: 'Boma: calls the functions that have a schedule.' },
    ...(system.functions.some(({ trigger }) => trigger === 'firestore') ? [{ email: eventarcInvoker(system), description: 'Boma: tells functions of documents that change.' }] : []),
  ];
}

const ofFunctions = (system) => system.functions.map(({ name, description }) => (
  { email: runsAs(system, name), description: `Boma's ${name}: ${description}` }
));

const create = (email, description) => ({
  ...step(`create service account ${nameOf(email)}`, [
    'iam', 'service-accounts', 'create', nameOf(email), `--display-name=${nameOf(email)}`, `--description=${description}`,
  ]),
  wave: 'create',
});

const enable = (email) => step(`enable service account ${nameOf(email)}`, ['iam', 'service-accounts', 'enable', email]);

const nameOf = (email) => email.slice(0, email.indexOf('@'));
