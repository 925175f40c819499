// Reads which versions of the functions' secrets are enabled, never a value.
import { lastOf } from './names.js';

/** { secret: its enabled versions as numbers, or null where there is no such secret }. */
export async function readSecrets(cloud, { project, functions }) {
  const names = [...new Set(functions.flatMap(({ secrets = [] }) => secrets.map(({ secret }) => secret)))];
  const read = async (name) => {
    const path = `v1/projects/${project}/secrets/${name}`;
    if ((await cloud.get('secretmanager.googleapis.com', path)) === null) return [name, null];
    const versions = await cloud.list('secretmanager.googleapis.com', `${path}/versions`, 'versions', { pageSize: 500 });
    return [name, versions.filter(({ state }) => state === 'ENABLED').map((version) => Number(lastOf(version.name)))];
  };
  return Object.fromEntries(await Promise.all(names.map(read)));
}

/**
 * The version that a function gets: the one that its metadata pins, or else the newest that is enabled now. Always a number: with
 * "latest", instances that started at different times could have different values, and a rollback to an earlier revision would not
 * bring its value back. A new version comes into use by the next apply.
 */
export function versionOf({ secret, version }, versions) {
  return version ?? String(Math.max(0, ...(versions[secret] ?? [])));
}
