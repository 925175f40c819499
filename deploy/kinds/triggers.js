// Eventarc's triggers of the functions that hear of several documents, one for each: Cloud Functions makes a function one trigger and
// no more. So such a function is deployed without any, and all of its triggers are made here, whatever their order in its settings.
import { usesWarehouse } from '../../manifest/consumers.js';
import { drifted, left, missing, step, surplus } from '../differences.js';
import { OWNER, eventarcInvoker, lastOf, triggerOf } from '../names.js';
import { isOurs } from './values.js';

/** Firestore's changes come in no other encoding. */
const ENCODING = 'application/protobuf';
const KINDS_OF_FILTERS = { type: undefined, database: undefined, document: 'match-path-pattern' };

export const triggers = {
  name: 'triggers',
  permissions: {
    'roles/eventarc.admin': ['create', 'update', 'delete'].map((verb) => `eventarc.triggers.${verb}`),
    // A trigger calls with the token of an account, so making it is acting as that account.
    'roles/iam.serviceAccountUser': ['iam.serviceAccounts.actAs'],
    'roles/datastore.viewer': ['datastore.databases.getMetadata'],
  },
  read: (cloud, { project, firestoreLocation: region }) => (
    cloud.list('eventarc.googleapis.com', `v1/projects/${project}/locations/-/triggers`, 'triggers', { pageSize: 500 }, { region })
  ),

  compare(there, system) {
    const compared = wanted(system).flatMap((one) => {
      const known = named(one, there, system);
      return known === undefined ? [missing(`trigger ${one.name} (${one.document})`, [create(one, system)])] : drift(one, known, system);
    });
    return [...compared, ...unwanted(there, system)];
  },

  removal: (there, system) => ofSystem(there, system).map(remove),

  collisions: (there, system) => wanted(system).map((one) => named(one, there, system)).filter((known) => known !== undefined && !isOurs(known)).map(({ name }) => ({
    what: `trigger ${lastOf(name)}`, adopt: ['eventarc', 'triggers', 'update', ...placeOf(name), `--update-labels=${OWNER.key}=${OWNER.value}`],
  })),
};

export const wanted = ({ functions }) => functions.flatMap(({ name: service, documents = [], event, permissions }) => (
  documents.map((document) => ({ name: triggerOf(service, document), service, document, event, fillsTables: usesWarehouse({ permissions }) }))
));

const named = ({ name }, there, { firestoreLocation }) => there.find((known) => lastOf(known.name) === name && locationOf(known) === firestoreLocation);
/** projects/P/locations/LOCATION/triggers/NAME */
const locationOf = ({ name }) => name.split('/')[3];
const serviceOf = ({ destination = {} }) => destination.cloudRun?.service;

/** Ours; with `--only`, those of its functions. */
const ofSystem = (there, { isWhole, functions }) => there.filter((known) => (
  isOurs(known) && (isWhole || functions.some(({ name }) => name === serviceOf(known)))
));

function filtersOf({ document, event }, { database }) {
  return { type: `google.cloud.firestore.document.v1.${event}`, database, document };
}

/** What can be changed only by making it anew. What waits in the old one is of other documents, or in another form, than is wanted. */
function unchangeable(one, { eventFilters = [], eventDataContentType, retryPolicy, conditions = {} }, system) {
  const filters = Object.entries(filtersOf(one, system)).flatMap(([attribute, should]) => {
    const { value, operator } = eventFilters.find((filter) => filter.attribute === attribute) ?? {};
    const how = (operator || undefined) === KINDS_OF_FILTERS[attribute] ? '' : ' in another way';
    return value === should && how === '' ? [] : [`${attribute} is ${value ?? 'not set'}${how}, not ${should}`];
  });
  const others = eventFilters.filter(({ attribute }) => !Object.hasOwn(KINDS_OF_FILTERS, attribute)).map(({ attribute }) => `${attribute} is filtered, and nothing here asks for it`);
  const encoding = eventDataContentType === ENCODING ? [] : [`encoding is ${eventDataContentType ?? 'not set'}, not ${ENCODING}`];
  // Eventarc tries again for a day, unless the trigger says how often.
  const attempts = retryPolicy?.maxAttempts === undefined ? [] : [`gives up after ${retryPolicy.maxAttempts} attempts`];
  return [...filters, ...others, ...encoding, ...attempts, ...Object.values(conditions).filter(({ code = 'OK' }) => code !== 'OK').map(({ message }) => `doesn't work: ${message}`)];
}

/** Each setting as it is, as it should be, and the flag that sets it. */
function settings({ service }, known, system) {
  const account = eventarcInvoker(system);
  return [
    { setting: 'service', is: serviceOf(known) ?? 'none', should: service, flag: `--destination-run-service=${service}` },
    { setting: 'region', is: known.destination?.cloudRun?.region ?? 'none', should: system.region, flag: `--destination-run-region=${system.region}` },
    { setting: 'account', is: known.serviceAccount ?? 'none', should: account, flag: `--service-account=${account}` },
  ];
}

function drift(one, known, system) {
  const what = `trigger ${one.name}`;
  const anew = unchangeable(one, known, system);
  if (anew.length > 0) return [drifted(what, anew, [alone(remove(known)), alone(create(one, system))]), ...missedBy(one, what, system)];
  const otherwise = settings(one, known, system).filter(({ is, should }) => is !== should);
  if (otherwise.length === 0) return [];
  const change = step(`change ${what}`, ['eventarc', 'triggers', 'update', ...placeOf(known.name), ...otherwise.map(({ flag }) => flag)]);
  return [drifted(what, otherwise.map(({ setting, is, should }) => `${setting} is ${is}, not ${should}`), [change])];
}

/** Between the old trigger and the new one changes come to nobody. What follows from documents alone can be read again. */
function missedBy({ fillsTables }, what, { project }) {
  return fillsTables ? [left(what, `is made anew, and the warehouse misses the changes in between: afterwards npm run warehouse -- reconcile --project ${project}`)] : [];
}

/** A change would come to nobody by it, or twice. */
function unwanted(there, system) {
  const kept = wanted(system).map((one) => named(one, there, system)?.name);
  return ofSystem(there, system).filter(({ name }) => !kept.includes(name)).map((known) => (
    surplus(`trigger ${lastOf(known.name)}`, `is Boma's, in ${locationOf(known)}, and nothing here asks for it`, [remove(known)])
  ));
}

function create(one, system) {
  const { document, ...others } = filtersOf(one, system);
  return {
    ...step(`create trigger ${one.name}`, [
      'eventarc', 'triggers', 'create', one.name, `--location=${system.firestoreLocation}`,
      ...settings(one, {}, system).map(({ flag }) => flag),
      `--event-filters=${Object.entries(others).map(([attribute, value]) => `${attribute}=${value}`).join(',')}`,
      `--event-filters-path-pattern=document=${document}`, `--event-data-content-type=${ENCODING}`,
      `--labels=${OWNER.key}=${OWNER.value}`,
    ]),
    wave: 'create',
  };
}

const alone = ({ say, gcloud }) => ({ say, gcloud });
const placeOf = (name) => [lastOf(name), `--location=${locationOf({ name })}`];
const remove = ({ name }) => ({ ...step(`delete trigger ${lastOf(name)}`, ['eventarc', 'triggers', 'delete', ...placeOf(name)]), wave: 'delete' });
