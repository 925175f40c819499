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

/**
 * A topic that enforces its regions in transit takes and gives messages by their endpoints alone: `{region}-pubsub`, not `pubsub`. "Publish, pull, and
 * streamingPull requests received in a region not allowed in the message storage policy are rejected with a FAILED_PRECONDITION error"
 * (docs.cloud.google.com/pubsub/docs/resource-location-restriction).
 */
async function otherRegion({ path, region }, host) {
  const [, resource, verb] = /^(.*):(publish|pull)$/.exec(path) ?? [];
  if (resource === undefined) return undefined;
  const there = async (name) => (await forward({ method: 'GET', path: name, search: '' }, host)).json();
  const topic = verb === 'publish' ? resource : `v1/${(await there(resource)).topic}`;
  const { messageStoragePolicy: policy } = await there(topic);
  if (!policy?.enforceInTransit || policy.allowedPersistenceRegions.includes(region)) return undefined;
  return { status: 400, body: problem(400, `The message storage policy of ${topic} refuses ${verb} by ${region ?? 'the global endpoint'}.`, [], 'FAILED_PRECONDITION') };
}

const forward = ({ method, path, search, bytes }, host) => fetch(`http://${host}/${path}${search}`, {
  method, headers: { 'content-type': 'application/json' }, body: bytes?.length > 0 ? bytes : undefined,
});
