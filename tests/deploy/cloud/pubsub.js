// Pub/Sub: the official emulator, which knows everything but policies and regions.
import { problem } from './refusals.js';

export const API = 'pubsub.googleapis.com';

export async function answer(request, { pubsubHost }) {
  const refused = await otherRegion(request, pubsubHost);
  if (refused !== undefined) return refused;
  const answered = await forward(request, pubsubHost);
  return { status: answered.status, body: await answered.json() };
}

/** A policy is one of something: the emulator says whether it is there. */
export async function exists(path, { pubsubHost }) {
  return (await forward({ method: 'GET', path, search: '' }, pubsubHost)).ok;
}

/** A topic that enforces its regions in transit takes messages by their endpoints alone: `{region}-pubsub`, not `pubsub`. */
async function otherRegion({ path, region }, host) {
  const [, topic] = /^(.*):publish$/.exec(path) ?? [];
  if (topic === undefined) return undefined;
  const { messageStoragePolicy: policy } = await (await forward({ method: 'GET', path: topic, search: '' }, host)).json();
  if (!policy?.enforceInTransit || policy.allowedPersistenceRegions.includes(region)) return undefined;
  return { status: 400, body: problem(400, `The message storage policy of ${topic} refuses publishing by ${region ?? 'the global endpoint'}.`, [], 'FAILED_PRECONDITION') };
}

const forward = ({ method, path, search, bytes }, host) => fetch(`http://${host}/${path}${search}`, {
  method, headers: { 'content-type': 'application/json' }, body: bytes?.length > 0 ? bytes : undefined,
});
