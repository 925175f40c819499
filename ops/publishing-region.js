// The region that publishes to a topic. A topic that enforces its region in transit refuses what comes by the global endpoint or by
// another region's, and without that such a message would be in no order with the others.
import grpc from '@grpc/grpc-js';

import { pubsubEndpoint } from '../manifest/names.js';
import { UnknownToGoogle } from './target.js';

const SETTING = 'PUBSUB_ENDPOINT';
const { NOT_FOUND, PERMISSION_DENIED } = grpc.status;

/** The same target, whose jobs publish by the endpoint of the topic's region; by that of PUBSUB_ENDPOINT, where it is set. */
export async function inRegionOf(target, topic) {
  if (!target.isReal || target.env[SETTING]) return target;
  const [region] = await regionsOf(target, topic);
  return region === undefined ? target : { ...target, env: { ...target.env, [SETTING]: pubsubEndpoint(region) } };
}

async function regionsOf({ publisher, host, what }, topic) {
  try {
    const [{ messageStoragePolicy }] = await publisher.getTopic({ topic: `projects/${host.project}/topics/${topic}` });
    return messageStoragePolicy?.allowedPersistenceRegions ?? [];
  } catch (error) {
    if (error.code === NOT_FOUND) throw new UnknownToGoogle(`There is no topic ${topic} in ${what}.`);
    if (error.code !== PERMISSION_DENIED) throw error;
    throw new UnknownToGoogle(`You may not see in which region ${what} takes messages: roles/pubsub.viewer on the topic ${topic} lets you, or name it, such as ${SETTING}=europe-west1-pubsub.googleapis.com:443.`);
  }
}
