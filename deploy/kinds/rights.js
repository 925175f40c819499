// IAM bindings, each on the narrowest resource and with its reason. One list makes three kinds, since a resource must be there first:
// rights that a function needs to run come before its deployment, its callers after it, rights on subscriptions after those.
import { missing, step, surplus } from '../differences.js';
import { builder, callerOf, databasePath, eventarcInvoker, isOwnRole, lastOf, ownRolePath, pubsubAgent, pubsubInvoker, runsAs } from '../names.js';
import { BIGQUERY, bindingStep, tablePath } from '../warehouse.js';
import { accounts } from './accounts.js';
import * as subscriptions from './subscriptions.js';

/** Each kind of resource: how its policy is read, what gcloud calls it, and the role and permissions that change the policy. */
const RESOURCES = {
  project: {
    policy: (cloud, system) => cloud.put('cloudresourcemanager.googleapis.com', `v1/projects/${system.project}:getIamPolicy`, { options: { requestedPolicyVersion: 3 } }),
    gcloud: (system) => ['projects', [system.project]],
    changedBy: ['roles/resourcemanager.projectIamAdmin', ['resourcemanager.projects.getIamPolicy', 'resourcemanager.projects.setIamPolicy']],
  },
  topic: ofPubsub('topics'),
  subscription: ofPubsub('subscriptions'),
  service: {
    policy: (cloud, system, name) => cloud.get('run.googleapis.com', `v2/projects/${system.project}/locations/${system.region}/services/${name}:getIamPolicy`),
    gcloud: (system, name) => ['run services', [name, `--region=${system.region}`]],
    changedBy: ['roles/run.admin', ['run.services.setIamPolicy']],
  },
  account: {
    policy: (cloud, system, email) => cloud.put('iam.googleapis.com', `v1/projects/${system.project}/serviceAccounts/${email}:getIamPolicy`),
    gcloud: (_system, email) => ['iam service-accounts', [email]],
    changedBy: ['roles/iam.serviceAccountAdmin', ['iam.serviceAccounts.setIamPolicy']],
  },
  secret: {
    policy: (cloud, system, name) => cloud.get('secretmanager.googleapis.com', `v1/projects/${system.project}/secrets/${name}:getIamPolicy`),
    gcloud: (_system, name) => ['secrets', [name]],
    changedBy: ['roles/secretmanager.admin', ['secretmanager.secrets.setIamPolicy']],
  },
  /** gcloud has no command for it. */
  table: {
    policy: (cloud, system, name) => cloud.put(BIGQUERY, `${tablePath(system, name)}:getIamPolicy`),
    changedBy: ['roles/bigquery.dataOwner', ['bigquery.tables.getIamPolicy', 'bigquery.tables.setIamPolicy']],
  },
};

function ofPubsub(collection) {
  return {
    policy: (cloud, system, name) => cloud.get('pubsub.googleapis.com', `v1/projects/${system.project}/${collection}/${name}:getIamPolicy`),
    gcloud: (_system, name) => [`pubsub ${collection}`, [name]],
    changedBy: ['roles/pubsub.admin', [`pubsub.${collection}.setIamPolicy`]],
  };
}

const PUBLIC = ['allUsers', 'allAuthenticatedUsers'];

const rightsOn = (name, kinds) => ({
  name,
  permissions: Object.fromEntries(kinds.map((kind) => RESOURCES[kind].changedBy)),
  /** { "topic payments": [{role, members, condition?}] } for every resource that a right is wanted on. */
  read: async (cloud, system) => {
    const places = placesOf(wanted(system).filter(({ on }) => kinds.includes(on)));
    const accountsThere = kinds.includes('account') ? (await accounts.read(cloud, system)).map(({ email }) => email) : [];
    // IAM answers 403 to whoever asks for the policy of an account that isn't there, and not 404 as the other services do.
    const mayAsk = ({ on, of }) => on !== 'account' || accountsThere.includes(of);
    const read = async (place) => [key(place), (mayAsk(place) && (await RESOURCES[place.on].policy(cloud, system, place.of))?.bindings) || []];
    return Object.fromEntries(await Promise.all(places.map(read)));
  },

  compare(policies, system) {
    const rights = wanted(system).filter(({ on }) => kinds.includes(on));
    return [
      ...rights.filter((right) => !isGranted(policies[key(right)], right)).map((right) => missing(sentence(right), [...firstOf(right), grant(right, system)])),
      ...placesOf(rights).flatMap((place) => tooMuch(place, policies[key(place)], rights, system)),
    ];
  },

  /** Only bindings on the project are removed. Other resources are deleted with theirs; a secret keeps that of a deleted account. */
  removal(policies, system) {
    if (!kinds.includes('project')) return [];
    return [...system.functions.flatMap((settings) => ofFunction(system, settings)), ...(system.isWhole ? [...ofBuilder(system), ...ofEventarc(system)] : [])]
      .filter((right) => right.on === 'project' && isGranted(policies[key(right)], right))
      .map((right) => revoke(right, right, system));
  },
});

export const rights = rightsOn('rights', ['project', 'topic', 'account', 'secret', 'table']);
export const callers = rightsOn('callers of functions', ['service']);
export const deadLetterRights = rightsOn('rights on subscriptions', ['subscription']);

/** Every binding that should be there: { on, of, role, member, condition?, reason, agentOf? }. The own account of `agentOf` comes first. */
export function wanted(system) {
  const agent = `serviceAccount:${pubsubAgent(system)}`;
  const signs = (email) => ({ on: 'account', of: email, role: 'roles/iam.serviceAccountTokenCreator', member: agent });
  return [
    ...system.functions.flatMap((settings) => ofFunction(system, settings)),
    ...ofBuilder(system),
    ...ofEventarc(system),
    { ...signs(pubsubInvoker(system)), reason: 'Pub/Sub signs the token of each push', agentOf: 'pubsub' },
    ...(hasChanges(system) ? [{ ...signs(eventarcInvoker(system)), reason: 'Pub/Sub, by which Eventarc carries changes, signs their tokens' }] : []),
    { on: 'topic', of: system.deadLetters, role: 'roles/pubsub.publisher', member: agent, reason: 'Pub/Sub moves there what ran out of attempts' },
    ...subscriptions.wanted(system).filter(({ deadLetters }) => deadLetters !== null).map(({ name }) => ({
      on: 'subscription', of: name, role: 'roles/pubsub.subscriber', member: agent, reason: 'Pub/Sub acknowledges what it moves to the dead letters',
    })),
  ];
}

function ofFunction(system, settings) {
  const { name, permissions, secrets = [] } = settings;
  const member = `serviceAccount:${runsAs(system, name)}`;
  return [
    ...permissions.flatMap((permission) => placesOfPermission(permission, system).map((place) => (
      { ...place, role: isOwnRole(permission.role) ? ownRolePath(system, permission.role) : permission.role, member, reason: permission.reason }
    ))),
    ...secrets.map(({ secret, reason }) => ({ on: 'secret', of: secret, role: 'roles/secretmanager.secretAccessor', member, reason })),
    callerRight(system, settings),
  ];
}

function placesOfPermission({ role, topic, tables }, system) {
  if (tables !== undefined) return tables.map((table) => ({ on: 'table', of: table }));
  if (topic !== undefined) return [{ on: 'topic', of: topic }];
  return [{ on: 'project', of: system.project, condition: onlyTheDatabase(system, role) }];
}

const CALLS_BECAUSE = {
  pubsub: 'posts messages to it', schedule: 'calls it on its schedule', firestore: 'tells it of documents that change', http: 'sends it requests',
};

function callerRight(system, settings) {
  const { name, trigger, unauthenticated } = settings;
  const caller = callerOf(system, settings);
  const [member, reason] = caller === null ? ['allUsers', unauthenticated] : [`serviceAccount:${caller}`, CALLS_BECAUSE[trigger]];
  return { on: 'service', of: name, role: 'roles/run.invoker', member, reason };
}

const hasChanges = ({ functions }) => functions.some(({ trigger }) => trigger === 'firestore');

/** Eventarc makes a trigger only for an account that may receive events, a right that is given on a project. */
function ofEventarc(system) {
  if (!hasChanges(system)) return [];
  return [{ on: 'project', of: system.project, role: 'roles/eventarc.eventReceiver', member: `serviceAccount:${eventarcInvoker(system)}`, reason: 'receives changes of documents', agentOf: 'eventarc' }];
}

/** Firestore's roles can be granted on a project only. The condition limits them to the one database. */
function onlyTheDatabase(system, role) {
  if (!role.startsWith('roles/datastore.')) return undefined;
  return { title: 'boma-database', expression: `resource.name == "${databasePath(system)}"` };
}

/** Cloud Build's rights. Of the project's buckets it reads the one into which Cloud Functions uploads the folders. */
function ofBuilder(system) {
  const sources = `projects/_/buckets/gcf-v2-sources-${system.projectNumber}-${system.region}`;
  return [
    { role: 'roles/logging.logWriter', reason: 'says how it went' },
    { role: 'roles/artifactregistry.writer', reason: "keeps a function's container" },
    { role: 'roles/storage.objectViewer', reason: "fetches a function's folder", condition: { title: 'boma-sources', expression: `resource.name.startsWith("${sources}")` } },
  ].map((right) => ({ on: 'project', of: system.project, member: `serviceAccount:${builder(system)}`, ...right }));
}

/**
 * A new project may not have a service's own account (service agent) yet, and Google refuses every policy that names it. The step may
 * fail: mostly the account is there, and asking for it takes a right that a deployment doesn't need otherwise.
 */
const firstOf = ({ agentOf }) => (agentOf === undefined ? [] : [{
  ...step(`see that ${agentOf} has its own account`, ['beta', 'services', 'identity', 'create', `--service=${agentOf}.googleapis.com`]),
  mayFail: true,
}]);

const key = ({ on, of }) => `${on} ${of}`;

function placesOf(rights) {
  return [...new Map(rights.map(({ on, of }) => [key({ on, of }), { on, of }])).values()];
}

const isGranted = (bindings = [], right) => bindings.some((binding) => isFor(binding, right) && binding.members.includes(right.member));
const isFor = (binding, { role, condition }) => binding.role === role && binding.condition?.expression === condition?.expression;

/** Bindings of our own accounts and of the public that nothing asks for. Those of others aren't judged. */
function tooMuch(place, bindings = [], rights, system) {
  const isOurs = (member) => member.startsWith('serviceAccount:boma-') && member.endsWith(`@${system.project}.iam.gserviceaccount.com`);
  const isKnown = (member) => rights.some((right) => right.member === member);
  return bindings.flatMap((binding) => binding.members
    // With `--only`, only the accounts of that system.
    .filter((member) => PUBLIC.includes(member) || (isOurs(member) && (system.isWhole || isKnown(member))))
    .filter((member) => !isWanted(place, binding, member, rights))
    .map((member) => surplus(key(place), tooMuchText(member, binding), [revoke(place, { ...binding, member }, system)])));
}

const isWanted = (place, binding, member, rights) => rights.some((right) => (
  key(right) === key(place) && right.member === member && isFor(binding, right)
));

const tooMuchText = (member, { role }) => (PUBLIC.includes(member)
  ? `is open to the public: ${member} has ${role}`
  : `${nameOf(member)} has ${role}, which nothing here asks for`);

const sentence = ({ on, of, role, member, reason }) => `${role} on ${key({ on, of })} for ${nameOf(member)} (${reason})`;

const grant = (right, system) => change(`give ${nameOf(right.member)} ${right.role} on ${key(right)}`, 'add', right, right, system);
const revoke = (place, binding, system) => change(`take ${binding.role} on ${key(place)} from ${nameOf(binding.member)}`, 'remove', place, binding, system);

function change(say, verb, place, binding, system) {
  if (place.on === 'table') return bindingStep(say, system, verb === 'add' ? 'bind' : 'unbind', place.of, binding);
  return step(say, command(verb, place, binding, system));
}

function command(verb, place, { role, member, condition }, system) {
  const [group, named] = RESOURCES[place.on].gcloud(system, place.of);
  return [...group.split(' '), `${verb}-iam-policy-binding`, ...named, `--member=${member}`, `--role=${role}`, ...conditionFlag(place, condition)];
}

/** Where a project has conditional bindings, gcloud asks for the condition, also of a binding that has none. */
function conditionFlag({ on }, condition) {
  if (condition !== undefined) return [`--condition=expression=${condition.expression},title=${condition.title}`];
  return on === 'project' ? ['--condition=None'] : [];
}

const nameOf = (member) => (member.includes('@') ? lastOf(member.replace(/^serviceAccount:/, '')).split('@')[0] : member);
