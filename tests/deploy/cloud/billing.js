// Who pays.
export const API = 'cloudbilling.googleapis.com';

export function answer({ method, path }, { project, state }) {
  if (method !== 'GET' || path !== `v1/projects/${project}/billingInfo`) return undefined;
  return { body: { projectId: project, billingEnabled: state.billing ?? true } };
}
