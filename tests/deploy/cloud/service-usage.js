// Which APIs are enabled, and which services have an account of their own in the project.
export const API = 'serviceusage.googleapis.com';

export function answer({ method, path, body }, { state, projectNumber }) {
  const [, project, verb] = /^v1\/projects\/([^/]+)\/services(?::(\w+))?$/.exec(path) ?? [];
  if (project !== undefined && method === 'GET') {
    return { body: { services: [...state.enabled].map((name) => ({ name: `projects/${projectNumber}/services/${name}`, config: { name }, state: 'ENABLED' })) } };
  }
  if (verb === 'batchEnable') {
    for (const name of body.serviceIds) state.enabled.add(name);
    return { body: { name: 'operations/noop.DONE_OPERATION', done: true } };
  }
  const asked = /^v1\/projects\/[^/]+\/services\/([^/:]+)$/.exec(path);
  if (asked !== null && method === 'GET') return { body: { name: path.slice(3), config: { name: asked[1] }, state: state.enabled.has(asked[1]) ? 'ENABLED' : 'DISABLED' } };
  const one = /^v1\/projects\/[^/]+\/services\/([^/:]+):enable$/.exec(path);
  if (one !== null) {
    state.enabled.add(one[1]);
    return { body: { name: 'operations/noop.DONE_OPERATION', done: true } };
  }
  const ofItself = /^v1beta1\/projects\/[^/]+\/services\/(pubsub|eventarc)\.googleapis\.com:generateServiceIdentity$/.exec(path);
  if (ofItself !== null && method === 'POST') {
    const email = `service-${projectNumber}@gcp-sa-${ofItself[1]}.iam.gserviceaccount.com`;
    state.agents.add(email);
    return { body: { name: 'operations/finished.DONE_OPERATION', done: true, response: { '@type': 'type.googleapis.com/google.api.serviceusage.v1beta1.ServiceIdentity', email, uniqueId: '1' } } };
  }
  return undefined;
}
