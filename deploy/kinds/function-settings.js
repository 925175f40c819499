// A function's settings one by one: as deployed, as its Cargo.toml says, and the flags that set them.
import { entryPointOf } from '../../manifest/functions.js';
import { pubsubEndpoint } from '../../manifest/names.js';
import { DATABASE, OWNER, builder, callerOf, eventarcInvoker, lastOf, runsAs, urlOf } from '../names.js';
import { versionOf } from '../secrets.js';
import { seconds } from './values.js';

// Concurrency above 1 needs a whole CPU. A fraction would be cheaper only for a function that mostly waits, and would lengthen its
// cold start by the same factor.
const CPU = '1';
const SOURCE_LABEL = 'boma-source';

/** [{ texts, flags }], one for each setting: `texts` are its differences. */
export function settingsOf(one, known = {}, secrets, system) {
  const { buildConfig: build = {}, serviceConfig: service = {} } = known;
  const buildsAs = `projects/${system.project}/serviceAccounts/${builder(system)}`;
  return [
    code(one, known),
    setting('runtime', build.runtime, one.runtime, `--runtime=${one.runtime}`),
    setting('entry point', build.entryPoint, entryPointOf(one.name), `--entry-point=${entryPointOf(one.name)}`),
    setting('builder', lastOf(build.serviceAccount ?? 'the default account'), builder(system), `--build-service-account=${buildsAs}`),
    setting('account', service.serviceAccountEmail, runsAs(system, one.name), `--service-account=${runsAs(system, one.name)}`),
    setting('memory', service.availableMemory, one.memory, `--memory=${one.memory}`),
    setting('CPU', service.availableCpu, CPU, `--cpu=${CPU}`),
    setting('timeout', `${service.timeoutSeconds} s`, `${seconds(one.timeout)} s`, `--timeout=${one.timeout}`),
    setting('concurrency', service.maxInstanceRequestConcurrency ?? 1, one.concurrency, `--concurrency=${one.concurrency}`),
    setting('fewest instances', service.minInstanceCount ?? 0, one['min-instances'], `--min-instances=${one['min-instances']}`),
    setting('most instances', service.maxInstanceCount ?? 'without end', one['max-instances'], `--max-instances=${one['max-instances']}`),
    ingress(one, known),
    traffic(service),
    environment(one, service, system),
    secretly(one, service, secrets),
    trigger(one, known, system),
  ];
}

export const flagsOf = (settings) => settings.flatMap(({ flags }) => flags);

function setting(name, is, should, ...flags) {
  return { texts: String(is) === String(should) ? [] : [`${name} is ${is ?? 'not set'}, not ${should}`], flags };
}

/** The label holds the digest of the folder that was deployed. */
function code({ digest }, { labels = {} }) {
  return {
    texts: labels[SOURCE_LABEL] === digest ? [] : ['was built from something else'],
    flags: [`--update-labels=${OWNER.key}=${OWNER.value},${SOURCE_LABEL}=${digest}`],
  };
}

/**
 * Open to the network only where anybody may call. Calls of Pub/Sub, Cloud Scheduler and Eventarc in the same project count as
 * internal at a function's run.app address; requests from outside end before a token is looked at.
 */
function ingress({ unauthenticated }, { serviceConfig = {}, service = {} }) {
  const all = { api: 'ALLOW_ALL', ofService: 'INGRESS_TRAFFIC_ALL', flag: 'all' };
  const internal = { api: 'ALLOW_INTERNAL_ONLY', ofService: 'INGRESS_TRAFFIC_INTERNAL_ONLY', flag: 'internal-only' };
  const should = unauthenticated === undefined ? internal : all;
  const { texts, flags } = setting('ingress', serviceConfig.ingressSettings ?? all.api, should.api, `--ingress-settings=${should.flag}`);
  // Somebody may have changed the service by itself.
  const { texts: ofService } = setting('ingress of its service', service.ingress ?? should.ofService, should.ofService);
  return { texts: [...texts, ...ofService], flags };
}

/** A rollback holds the service at an earlier revision. A deployment would then have no effect. */
function traffic({ allTrafficOnLatestRevision = true }) {
  return { texts: allTrafficOnLatestRevision ? [] : ['an earlier revision gets requests'], flags: ['--serve-all-traffic-latest-revision'] };
}

function environment(one, { environmentVariables: there = {}, uri }, system) {
  const wanted = environmentOf(one, uri, system);
  const texts = Object.entries(wanted).filter(([name, value]) => there[name] !== value).map(([name, value]) => (
    there[name] === undefined ? `${name} isn't set` : `${name} is ${there[name]}, not ${value}`
  ));
  // Without its value, which may be a secret that somebody set by hand.
  const foreign = Object.keys(there).filter((name) => !Object.hasOwn(wanted, name)).map((name) => `${name} is set, and nothing here asks for it`);
  return { texts: [...texts, ...foreign], flags: [`--set-env-vars=${pairs(wanted)}`] };
}

function environmentOf(one, uri, system) {
  return {
    GOOGLE_CLOUD_PROJECT: system.project,
    ...(system.database === DATABASE ? {} : { FIRESTORE_DATABASE: system.database }),
    // Pub/Sub keeps order among messages that were published in one region.
    PUBSUB_ENDPOINT: pubsubEndpoint(system.region),
    ...(one.trigger === 'pubsub' && system.firstEdition === 'in-flight' ? { BOMA_FIRST_EDITION: system.firstEdition } : {}),
    ...callerSettings(one, uri, system),
    // Cloud Functions turns it on by default. The framework would then parse every log line once more.
    LOG_EXECUTION_ID: 'false',
  };
}

/**
 * The variables by which the function checks its caller's token. The audience of Eventarc's tokens is the other of a service's two
 * addresses, which has a hash in it and is known once the service is there.
 */
function callerSettings(one, uri, system) {
  const caller = callerOf(system, one);
  if (caller === null) return {};
  const url = urlOf(system, one.name);
  return { BOMA_CALLER: caller, BOMA_AUDIENCE: one.trigger === 'firestore' ? uri ?? url : url };
}

/** A secret is set by name and version. Cloud Run reads its value when an instance starts. */
function secretly({ secrets: wanted = [] }, { secretEnvironmentVariables: there = [] }, versions = {}) {
  const should = Object.fromEntries(wanted.map((one) => [one.name, `${one.secret}:${versionOf(one, versions)}`]));
  const is = Object.fromEntries(there.map(({ key, secret, version }) => [key, `${lastOf(secret)}:${version}`]));
  const texts = Object.keys(should).filter((name) => is[name] !== should[name]).map((name) => `${name} is ${is[name] ?? 'no secret'}, not ${should[name]}`);
  const foreign = Object.keys(is).filter((name) => !Object.hasOwn(should, name)).map((name) => `${name} is a secret, and nothing here asks for it`);
  const flags = wanted.length > 0 ? [`--set-secrets=${pairs(should)}`] : there.length > 0 ? ['--clear-secrets'] : [];
  return { texts: [...texts, ...foreign], flags };
}

/**
 * An HTTP trigger, also for pushes of Pub/Sub and calls of Cloud Scheduler, or one of Eventarc, which retries for a day. A function that
 * hears of several documents has its triggers beside it (triggers.js).
 */
function trigger(one, { eventTrigger }, system) {
  if (one.trigger !== 'firestore' || one.documents !== undefined) {
    return { texts: eventTrigger === undefined ? [] : [`is called by Eventarc (${eventTrigger.eventType}), and should be by requests`], flags: ['--trigger-http'] };
  }
  const type = `google.cloud.firestore.document.v1.${one.event}`;
  const should = { type, database: system.database, document: one.document, location: system.firestoreLocation, account: eventarcInvoker(system), retry: 'RETRY_POLICY_RETRY' };
  const is = triggerOf(eventTrigger);
  return {
    texts: Object.keys(should).filter((part) => is[part] !== should[part]).map((part) => `trigger's ${part} is ${is[part] ?? 'not set'}, not ${should[part]}`),
    flags: [
      `--trigger-event-filters=type=${type},database=${system.database}`, `--trigger-event-filters-path-pattern=document=${one.document}`,
      `--trigger-location=${system.firestoreLocation}`, `--trigger-service-account=${eventarcInvoker(system)}`, '--retry',
    ],
  };
}

function triggerOf({ eventType, eventFilters = [], triggerRegion, serviceAccountEmail, retryPolicy } = {}) {
  const filter = (name) => eventFilters.find(({ attribute }) => attribute === name)?.value;
  return { type: eventType, database: filter('database'), document: filter('document'), location: triggerRegion, account: serviceAccountEmail, retry: retryPolicy };
}

const pairs = (values) => Object.entries(values).map(([name, value]) => `${name}=${value}`).join(',');
