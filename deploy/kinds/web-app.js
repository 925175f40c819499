// The console as a web app of Firebase's: its config is how the page finds the project. A Firebase project must be there before; a person makes it one,
// because Firebase's terms are a person's to accept.
import { left, missing, programStep } from '../differences.js';

export const FIREBASE = 'firebase.googleapis.com';
export const APP_NAME = 'boma-console';

export const webApp = {
  name: 'web app',
  permissions: {
    'roles/firebase.admin': ['firebase.clients.create', 'firebase.clients.delete'],
    'roles/serviceusage.serviceUsageConsumer': ['serviceusage.services.use'],
  },
  read: (cloud, system) => (usesConsole(system) ? readWebApp(cloud, system) : null),

  compare(there, system) {
    if (!usesConsole(system)) return [];
    const { project } = system;
    if (!there.isFirebase) return [left('Firebase', `isn't in ${project} yet: add it once at https://console.firebase.google.com, or by npx firebase-tools projects:addfirebase ${project}, and run this again; without it the console isn't served`)];
    if (there.id !== null) return [];
    return [missing(`web app ${APP_NAME}`, [programStep(`create web app ${APP_NAME}`, ['node', 'deploy/make-web-app.js', `--project=${project}`])])];
  },

  removal(there, system) {
    if (!usesConsole(system) || there.id === null) return [];
    return [programStep(`delete web app ${APP_NAME}`, ['node', 'deploy/make-web-app.js', `--project=${system.project}`, `--remove=${there.id}`])];
  },
};

/** Where the tree has a page, and not for the sake of one function. */
export const usesConsole = (system) => system.isWhole && system.console !== null;

/** { isFirebase, id: the app's, or null, config: or null } */
export async function readWebApp(cloud, { project }) {
  if (await cloud.get(FIREBASE, `v1beta1/projects/${project}`) === null) return { isFirebase: false, id: null, config: null };
  const id = await appIdIn(cloud, project);
  const config = id === null ? null : await cloud.get(FIREBASE, `v1beta1/projects/${project}/webApps/${id}/config`);
  return { isFirebase: true, id, config };
}

export async function appIdIn(cloud, project) {
  const apps = await cloud.list(FIREBASE, `v1beta1/projects/${project}/webApps`, 'apps', { pageSize: 100 });
  return apps.find(({ displayName, state }) => displayName === APP_NAME && state !== 'DELETED')?.appId ?? null;
}
