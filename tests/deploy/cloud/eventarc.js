// Eventarc's triggers. As Google's, it makes none whose account couldn't receive anything, whose service isn't there, or whose changes of
// documents would come in another encoding; what takes time there is an operation that is done at once.
import { alreadyThere, notFound, problem } from './refusals.js';
import { servicesOf } from './run.js';

export const API = 'eventarc.googleapis.com';

export function answer({ method, path, query, body }, cloud) {
  const triggers = (cloud.state.triggers ??= new Map());
  const [, location, kind, id] = /^v1\/(projects\/[^/]+\/locations\/[^/]+)\/(triggers|operations)(?:\/([^/]+))?$/.exec(path) ?? [];
  if (kind === 'operations') return { body: { name: path.slice('v1/'.length), done: true, response: {} } };
  if (kind !== 'triggers') return undefined;
  if (id === undefined && method === 'GET') {
    const isAsked = ({ name }) => location.endsWith('/-') || name.startsWith(`${location}/`);
    return { body: { triggers: [...triggers.values()].filter(isAsked), unreachable: cloud.state.unreachable ?? [] } };
  }
  if (id === undefined && method === 'POST') return kept(triggers, `${location}/triggers/${query.triggerId}`, body, cloud, triggers.has(`${location}/triggers/${query.triggerId}`));
  const name = `${location}/triggers/${id}`;
  if (!triggers.has(name)) return notFound(name);
  if (method === 'GET') return { body: triggers.get(name) };
  if (method === 'PATCH') return kept(triggers, name, patched(triggers.get(name), body, query.updateMask.split(',')), cloud, false);
  if (method !== 'DELETE') return undefined;
  triggers.delete(name);
  return operation(location);
}

function patched(trigger, body, mask) {
  const next = structuredClone(trigger);
  for (const path of mask) {
    const fields = path.split('.');
    const last = fields.pop();
    fields.reduce((message, field) => (message[field] ??= {}), next)[last] = fields.reduce((message, field) => message?.[field], body)?.[last];
  }
  return next;
}

function kept(triggers, name, trigger, cloud, isThere) {
  if (isThere) return alreadyThere(name);
  const wrong = wrongWith(trigger, cloud);
  if (wrong !== undefined) return { status: 400, body: problem(400, wrong) };
  triggers.set(name, { uid: String(triggers.size + 1), ...trigger, name, transport: { pubsub: { topic: 'eventarc-topic', subscription: 'eventarc-sub' } } });
  return operation(name.split('/triggers/')[0]);
}

function wrongWith({ eventFilters = [], eventDataContentType, serviceAccount, destination }, cloud) {
  const { service, region } = destination.cloudRun;
  const { bindings = [] } = cloud.state.policies.get(`cloudresourcemanager/projects/${cloud.project}`) ?? {};
  const mayReceive = bindings.some(({ role, members }) => role === 'roles/eventarc.eventReceiver' && members.includes(`serviceAccount:${serviceAccount}`));
  if (!mayReceive) return `Permission "eventarc.events.receiveEvent" denied on ${serviceAccount}`;
  if (!servicesOf(cloud).has(`projects/${cloud.project}/locations/${region}/services/${service}`)) return `Cloud Run service ${service} was not found in ${region}`;
  if (eventDataContentType !== 'application/protobuf') return 'Firestore events are application/protobuf';
  const attributes = eventFilters.map(({ attribute }) => attribute).sort();
  return attributes.join() === 'database,document,type' ? undefined : `filters of ${attributes.join()}`;
}

function operation(location) {
  return { body: { name: `${location}/operations/operation-1`, done: true, metadata: { '@type': 'type.googleapis.com/google.cloud.eventarc.v1.OperationMetadata' }, response: {} } };
}
