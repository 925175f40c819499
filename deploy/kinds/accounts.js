// One service account for each function, and those that call functions and build them. None of them has a key.
import { drifted, missing, step } from '../differences.js';
import { builder, callerOf, eventarcInvoker, httpInvoker, pubsubInvoker, runsAs, schedulerInvoker } from '../names.js';

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
    const ours = [...ofFunctions(system), ...(system.isWhole ? shared(system) : [])].map(({ email }) => email);
    return there.filter(({ email }) => ours.includes(email)).map(({ email }) => (
      step(`delete service account ${nameOf(email)}`, ['iam', 'service-accounts', 'delete', email])
    ));
  },
};

export function wanted(system) {
  const callers = system.functions.map((one) => callerOf(system, one));
  return [...ofFunctions(system), ...shared(system).filter(({ email, isAlways }) => isAlways || callers.includes(email))];
}

/** The accounts that no function runs as. Two of them are made only where a function is called by them. */
const shared = (system) => [
  { email: builder(system), description: "Boma: makes the functions' containers.", isAlways: true },
  { email: pubsubInvoker(system), description: 'Boma: posts messages to the functions that hear them.', isAlways: true },
  { email: schedulerInvoker(system), description: 'Boma: calls the functions that have a schedule.', isAlways: true },
  { email: eventarcInvoker(system), description: 'Boma: tells functions of documents that change.' },
  { email: httpInvoker(system), description: 'Boma: sends requests to the HTTP functions that are not open to everybody.' },
];

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
