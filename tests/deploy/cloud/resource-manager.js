// The project itself.
export const API = 'cloudresourcemanager.googleapis.com';

export function answer({ method, path, body }, { project, projectNumber, state }) {
  if (method === 'GET' && path === `v1/projects/${project}`) {
    return { body: { projectId: project, projectNumber, lifecycleState: state.lifecycleState ?? 'ACTIVE', name: project } };
  }
  if (path === `v1/projects/${project}:testIamPermissions`) {
    return { body: { permissions: body.permissions.filter((permission) => !state.forbidden?.(permission)) } };
  }
  if (/^v1\/projects\/[^/:]+(:|$)/.test(path)) return { status: 403, body: { error: { code: 403, message: 'The caller does not have permission' } } };
  return undefined;
}
