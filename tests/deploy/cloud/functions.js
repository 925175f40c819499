// Cloud Functions: keeps a function as gcloud describes it, answers with what Google fills in, and refuses what would not run.
import { alreadyThere, notFound, problem } from './refusals.js';
import { servicesOf } from './run.js';
import { unusableSecrets } from './secrets.js';

export const API = 'cloudfunctions.googleapis.com';

const INGRESS = { ALLOW_ALL: 'INGRESS_TRAFFIC_ALL', ALLOW_INTERNAL_ONLY: 'INGRESS_TRAFFIC_INTERNAL_ONLY', ALLOW_INTERNAL_AND_GCLB: 'INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER' };
const RUNTIMES = ['nodejs20', 'nodejs22', 'nodejs24'];

export function answer(request, cloud) {
  const { method, path, query, body } = request;
  const functions = (cloud.state.functions ??= new Map());
  const [, collection, rest = ''] = /^v2\/(projects\/[^/]+\/locations\/[^/]+)\/(.+)$/.exec(path) ?? [];
  if (rest === 'functions:generateUploadUrl') return uploadUrl(cloud);
  if (rest === 'runtimes') return { body: { runtimes: RUNTIMES.map((name) => ({ name, environment: 'GEN_2', stage: 'GA' })) } };
  if (rest.startsWith('operations/')) return { body: cloud.state.operations.get(`${collection}/${rest}`) };
  if (rest === 'functions' && method === 'GET') return { body: { functions: [...functions.values()].filter(({ name }) => isIn(name, collection)) } };
  if (rest === 'functions' && method === 'POST') return create(functions, `${collection}/functions/${query.functionId}`, body, cloud);
  if (!rest.startsWith('functions/')) return undefined;
  const name = `${collection}/${rest}`;
  if (!functions.has(name)) return notFound(name);
  if (method === 'GET') return { body: functions.get(name) };
  if (method === 'PATCH') return patch(functions, name, body, query.updateMask.split(','), cloud);
  if (method === 'DELETE') return remove(functions, name, cloud);
  return undefined;
}

const isIn = (name, collection) => name.startsWith(`${collection.replace(/\/-$/, '')}/`);

/** Cloud Storage gives an address to which the folder is put; see uploads.js. */
function uploadUrl({ base, state }) {
  state.uploads ??= new Map();
  const object = `${state.uploads.size + 1}.zip`;
  state.uploads.set(object, null);
  return { body: { uploadUrl: `${base}/uploads/${object}`, storageSource: { bucket: 'gcf-v2-uploads', object } } };
}

function create(functions, name, body, cloud) {
  if (functions.has(name)) return alreadyThere(name);
  return deployed(functions, filledIn({ ...body, name }), cloud);
}

/** "service_config.available_memory" -> that field of that message alone; fields that the mask doesn't name stay. */
function patch(functions, name, body, mask, cloud) {
  const next = structuredClone(functions.get(name));
  for (const path of mask) {
    const fields = path.split('.').map((field) => field.replaceAll(/_(\w)/g, (_, letter) => letter.toUpperCase()));
    const last = fields.pop();
    const to = fields.reduce((message, field) => (message[field] ??= {}), next);
    const value = fields.reduce((message, field) => message?.[field], body)?.[last];
    if (value === undefined) delete to[last];
    else to[last] = value;
  }
  return deployed(functions, filledIn(next), cloud);
}

function deployed(functions, next, cloud) {
  const wrong = wrongWith(next, cloud);
  if (wrong !== undefined) return { status: 400, body: problem(400, wrong) };
  functions.set(next.name, next);
  const { service, ingressSettings } = next.serviceConfig;
  servicesOf(cloud).set(service, {
    ...servicesOf(cloud).get(service), name: service, ingress: INGRESS[ingressSettings], labels: { ...next.labels, 'goog-managed-by': 'cloudfunctions' },
  });
  return operation(next.name, cloud);
}

function remove(functions, name, cloud) {
  functions.delete(name);
  const service = name.replace('/functions/', '/services/');
  servicesOf(cloud).delete(service);
  cloud.state.policies.delete(`run/${service}`);
  return operation(name, cloud);
}

/** What Google says of a function beyond what it was told. */
function filledIn(told) {
  const id = told.name.split('/').at(-1);
  const service = told.serviceConfig;
  const environment = { ...service.environmentVariables };
  environment.LOG_EXECUTION_ID ??= 'true';
  return {
    ...told,
    environment: 'GEN_2',
    state: 'ACTIVE',
    serviceConfig: {
      timeoutSeconds: 60, availableMemory: '256M', availableCpu: '0.1666', maxInstanceRequestConcurrency: 1, ingressSettings: 'ALLOW_ALL',
      ...service,
      environmentVariables: environment,
      allTrafficOnLatestRevision: service.allTrafficOnLatestRevision ?? true,
      service: told.name.replace('/functions/', '/services/'),
      uri: `https://${id}-abcdefghij-ew.a.run.app`,
    },
    ...(told.eventTrigger && { eventTrigger: { ...told.eventTrigger, trigger: told.name.replace('/functions/', '/triggers/') } }),
  };
}

/** The first thing for which Google would refuse it. */
function wrongWith({ name, buildConfig, serviceConfig, eventTrigger }, cloud) {
  const { state } = cloud;
  const { bucket, object } = buildConfig.source.storageSource;
  const service = serviceConfig;
  const accounts = [service.serviceAccountEmail, buildConfig.serviceAccount.split('/').at(-1)];
  const unknown = accounts.find((email) => !state.accounts?.has(email));
  if (!state.uploads.get(object)) return `Could not find gs://${bucket}/${object}`;
  if (!/^[A-Za-z0-9_.]+$/.test(buildConfig.entryPoint)) return `Invalid entry point ${buildConfig.entryPoint}`;
  if (unknown !== undefined) return `Service account ${unknown} does not exist`;
  if (service.maxInstanceRequestConcurrency > 1 && Number(service.availableCpu) < 1) return 'Total cpu < 1 is not supported with concurrency > 1';
  if (servicesOf(cloud).get(service.service)?.labels?.['goog-managed-by'] === undefined && servicesOf(cloud).has(service.service)) return `${name}: a Cloud Run service of this name exists`;
  return unusableSecrets(service, cloud) ?? unusableTrigger(eventTrigger, cloud);
}

/** Eventarc makes no trigger whose account could not receive anything. */
function unusableTrigger(eventTrigger, { project, state }) {
  if (eventTrigger === undefined) return undefined;
  const { serviceAccountEmail: email } = eventTrigger;
  if (!state.enabled.has('eventarc.googleapis.com')) return 'Eventarc API has not been used in this project before or it is disabled';
  if (!state.accounts.has(email)) return `Service account ${email} does not exist`;
  const { bindings = [] } = state.policies.get(`cloudresourcemanager/projects/${project}`) ?? {};
  const mayReceive = bindings.some(({ role, members }) => role === 'roles/eventarc.eventReceiver' && members.includes(`serviceAccount:${email}`));
  return mayReceive ? undefined : `Permission "eventarc.events.receiveEvent" denied on ${email}`;
}

function operation(target, { state }) {
  state.operations ??= new Map();
  const name = `${target.split('/functions/')[0]}/operations/operation-${state.operations.size + 1}`;
  const stages = ['BUILD', 'SERVICE'].map((stage) => ({ name: stage, state: 'COMPLETE' }));
  const done = {
    name, done: true,
    metadata: { '@type': 'type.googleapis.com/google.cloud.functions.v2.OperationMetadata', target, stages },
    response: { '@type': 'type.googleapis.com/google.cloud.functions.v2.Function', name: target },
  };
  state.operations.set(name, done);
  return { body: done };
}
