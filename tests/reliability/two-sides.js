// Two projects on the same pair of emulators, each with a functions' process and a router of its own. What happens in one
// can be held against the other at the same moment: a busy machine is as busy for both.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createTopicsAndSubscriptions, pubsubClients } from '../../local/pubsub.js';
import { routerConsumers } from '../../manifest/consumers.js';
import { readFunctions } from '../../manifest/functions.js';
import { stackParts } from '../stack/parts.js';
import { DIST, clientOf } from '../stack/real-stack.js';
import { stateFolder } from '../stack/state-folder.js';

/** Resolves with { sides: [client, ...] in the order of `projects`, logs, stop }. */
export async function startSides(projects) {
  const stateDir = stateFolder();
  const parts = projects.map((project) => stackParts({ project, dist: DIST, stateDir: join(stateDir, project) }));
  const stopped = async () => {
    for (const each of parts.toReversed()) await each.stop();
    rmSync(stateDir, { recursive: true });
  };
  try {
    const [pubsub, firestore] = await Promise.all([parts[0].pubsub(), parts[0].firestore()]);
    const sides = await Promise.all(projects.map((project, index) => side({ project, part: parts[index], pubsub, firestore })));
    return {
      sides,
      logs: projects.flatMap((project) => ['functions', 'router'].map((name) => join(stateDir, project, `${name}.log`))),
      async stop() {
        await Promise.all(sides.map(({ close }) => close()));
        await stopped();
      },
    };
  } catch (error) {
    await stopped();
    throw error;
  }
}

async function side({ project, part, pubsub, firestore }) {
  const { functions, topics } = readFunctions(DIST);
  const consumers = routerConsumers(functions, project);
  const clients = pubsubClients({ project, host: pubsub });
  await createTopicsAndSubscriptions(clients, { project, topics, consumers });
  await Promise.all([clients.publisher.close(), clients.subscriber.close()]);
  const urls = await part.functions(functions.map(({ name }) => name), { pubsub, firestore });
  const { host: router } = await part.router({ pubsub, consumers: consumers.map((each) => ({ ...each, url: urls[each.name] })) });
  return clientOf({ project, pubsub, firestore, router, functions });
}
