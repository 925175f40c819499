// The functions: dist/NAME, built into a container by Cloud Build and run by Cloud Run, all by way of Cloud Functions.
import { gcloudLine } from '../command-line.js';
import { drifted, left, missing, step } from '../differences.js';
import { lastOf } from '../names.js';
import { readSecrets } from '../secrets.js';
import { flagsOf, settingsOf } from './function-settings.js';
import { isOurs } from './values.js';

export const functions = {
  name: 'functions',
  permissions: {
    'roles/cloudfunctions.developer': ['create', 'update', 'delete', 'sourceCodeSet'].map((verb) => `cloudfunctions.functions.${verb}`),
    // A function gets the rights of its account, so deploying it is acting as that account.
    'roles/iam.serviceAccountUser': ['iam.serviceAccounts.actAs'],
  },
  /** By Google's documentation a deployment with a trigger of Eventarc needs these from the person who deploys, too. */
  morePermissions: ({ functions: all }) => (all.every(({ trigger, documents }) => trigger !== 'firestore' || documents !== undefined) ? {} : {
    'roles/eventarc.admin': ['create', 'update', 'delete'].map((verb) => `eventarc.triggers.${verb}`),
    'roles/datastore.viewer': ['datastore.databases.getMetadata'],
  }),
  /** { all: functions of every region, services: Cloud Run's in ours, secrets: versions by secret }. */
  read: async (cloud, system) => {
    const { project, region } = system;
    const [all, services, secrets] = await Promise.all([
      cloud.list('cloudfunctions.googleapis.com', `v2/projects/${project}/locations/-/functions`, 'functions', { pageSize: 500 }, { region }),
      cloud.list('run.googleapis.com', `v2/projects/${project}/locations/${region}/services`, 'services', { pageSize: 500 }),
      readSecrets(cloud, system),
    ]);
    return { all, services, secrets };
  },

  compare({ all, services, secrets }, system) {
    const here = all.filter((known) => regionOf(known) === system.region);
    const wanted = system.functions.flatMap((one) => {
      const known = named(one.name, here);
      if (known === undefined) return [missing(`function ${one.name}`, [create(one, secrets, system)])];
      const service = named(one.name, services);
      return [...drift(one, { ...known, service }, secrets, system), ...unasked(one, service, system)];
    });
    return [...wanted, ...(system.isWhole ? unknown(all, system) : [])];
  },

  /** All functions with our label; with `--only` that one. */
  removal({ all }, system) {
    return all.filter((known) => isOurs(known) && (system.isWhole || system.functions.some(({ name }) => name === lastOf(known.name)))).map((known) => ({
      ...step(`delete function ${lastOf(known.name)}`, removeCommand(known)),
      wave: 'delete',
    }));
  },

  /** Cloud Functions keeps the sources and containers of all functions of a project together, others' as well. */
  kept({ all }, { project, region, isWhole }) {
    if (!isWhole || !all.some(isOurs)) return [];
    const containers = gcloudLine(['artifacts', 'repositories', 'delete', 'gcf-artifacts', `--location=${region}`], { project });
    return [`what functions were made of stays in the buckets gcf-v2-* (gcloud storage ls --project=${project}), and their containers in a repository; if there are no others' functions: ${containers}`];
  },

  /** The name of a function is also that of its Cloud Run service, and may be taken by a service that is no function. */
  collisions({ all, services }, system) {
    const here = all.filter((known) => regionOf(known) === system.region);
    return system.functions.flatMap(({ name }) => {
      const known = named(name, here);
      if (known !== undefined) return isOurs(known) ? [] : [{ what: `function ${name}`, remove: removeCommand(known) }];
      return named(name, services) !== undefined ? [{ what: `Cloud Run's service ${name}`, remove: ['run', 'services', 'delete', name, `--region=${system.region}`] }] : [];
    });
  },
};

const named = (wanted, all) => all.find(({ name }) => lastOf(name) === wanted);

// Nobody is let in by a deployment: who may call is a right (rights.js), which has its reason. The flag is given at the creation
// only, since on an existing function gcloud would change the policy.
const create = (one, secrets, system) => deploy('deploy', one, ['--no-allow-unauthenticated'], settingsOf(one, undefined, secrets, system), system);

function drift(one, known, secrets, system) {
  const settings = settingsOf(one, known, secrets, system);
  const texts = [...stateTexts(known), ...settings.flatMap((setting) => setting.texts)];
  return texts.length === 0 ? [] : [drifted(`function ${one.name}`, texts, [deploy('deploy', one, [], settings, system)])];
}

/** Gives every setting, whichever differs: gcloud uploads the folder and makes a revision in any case. */
function deploy(verb, one, flags, settings, { region }) {
  return {
    ...step(`${verb} function ${one.name}`, [
      'functions', 'deploy', one.name, '--gen2', `--region=${region}`, `--source=${one.source}`, ...flags, ...flagsOf(settings),
    ]),
    wave: 'deploy',
  };
}

/** Cloud Run's check of callers can be switched off, and then no right matters. */
function unasked({ name }, service, { region }) {
  if (!service?.invokerIamDisabled) return [];
  const ask = step(`let Cloud Run ask again who calls ${name}`, ['run', 'services', 'update', name, `--region=${region}`, '--invoker-iam-check']);
  return [drifted(`service ${name}`, ['is open to the public: Cloud Run is told to ask nobody who he is'], [ask])];
}

function stateTexts({ state, stateMessages = [] }) {
  if (state === 'ACTIVE') return [];
  if (state === 'FAILED') return [['failed to deploy', ...stateMessages.map(({ message }) => message)].join(': ')];
  return [`is ${state?.toLowerCase() ?? 'in no known state'}`];
}

/** Functions of ours that this tree doesn't have. A newer tree may have them, or messages may wait for them: a person decides. */
function unknown(all, system) {
  const isKnown = (known) => regionOf(known) === system.region && system.functions.some(({ name }) => name === lastOf(known.name));
  return all.filter((known) => isOurs(known) && !isKnown(known)).map((known) => {
    const name = lastOf(known.name);
    const why = regionOf(known) === system.region ? 'nothing here is called so' : `is in ${regionOf(known)}, and belongs into ${system.region}`;
    return left(`function ${name}`, `is Boma's, and ${why}; if nobody calls it any more: gcloud ${removeCommand(known).join(' ')} --project=${system.project}`);
  });
}

const removeCommand = (known) => [
  'functions', 'delete', lastOf(known.name), ...(known.environment === 'GEN_1' ? ['--no-gen2'] : ['--gen2']), `--region=${regionOf(known)}`,
];

/** projects/P/locations/REGION/functions/NAME */
const regionOf = ({ name }) => name.split('/')[3];
