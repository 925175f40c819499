// Who may publish where: the facts of a topic are those of whoever may publish to it. `plan` lists them, and marks whom nothing here
// expects. Nothing is taken from anybody: a person decides.
import { pubsubAgent, runsAs } from './names.js';

/** The roles of Google that let one publish; to all topics, where they are on the project. */
const ROLES = ['roles/pubsub.publisher', 'roles/pubsub.editor', 'roles/pubsub.admin', 'roles/editor', 'roles/owner'];
/** A role that somebody has made may let him publish, too. */
const mayPublish = ({ role }) => ROLES.includes(role) || !role.startsWith('roles/');

/** { project: [binding], topics: {topic: [binding]} } */
export async function readPublishers(cloud, { project, topics }) {
  const ofProject = cloud.put('cloudresourcemanager.googleapis.com', `v1/projects/${project}:getIamPolicy`, { options: { requestedPolicyVersion: 3 } });
  const ofTopic = async (topic) => [topic, (await cloud.get('pubsub.googleapis.com', `v1/projects/${project}/topics/${topic}:getIamPolicy`))?.bindings ?? []];
  const [{ bindings = [] }, ...found] = await Promise.all([ofProject, ...topics.map(ofTopic)]);
  return { project: bindings.filter(({ role }) => ROLES.includes(role)), topics: Object.fromEntries(found) };
}

/** [{ topic, members: [{ member, role, isExpected }] }], and last those who may publish to all topics, whose `topic` is null. */
export function publishersOf({ project, topics }, system) {
  const of = (bindings, expected) => bindings.filter(mayPublish).flatMap(({ role, members }) => (
    members.map((member) => ({ member, role, isExpected: expected.includes(member) }))
  )).sort((a, b) => (a.member < b.member ? -1 : 1));
  return [
    ...Object.entries(topics).map(([topic, bindings]) => ({ topic, members: of(bindings, expectedOn(topic, system)) })),
    { topic: null, members: of(project, []) },
  ];
}

/** The functions that publish there, and whom the environment's `publishers` name. */
function expectedOn(topic, system) {
  const { publishers = [] } = system.authorities[topic] ?? {};
  const ours = publishers.map((name) => `serviceAccount:${name === 'pubsub' ? pubsubAgent(system) : runsAs(system, name)}`);
  return [...ours, ...(system.publishers[topic] ?? [])];
}

export function publishersText(publishers, { environment }) {
  const lines = publishers.map(({ topic, members }) => {
    const what = topic ?? 'all of them, by a role on the project';
    return [`  ${what}: ${members.length === 0 ? 'nobody' : ''}`.trimEnd(), ...members.map(line)].join('\n');
  });
  const isMarked = publishers.some(({ members }) => members.some(({ isExpected }) => !isExpected));
  const legend = `"!" isn't expected: take the role from it, or name it under "publishers" in deploy/environments/${environment}.json.`;
  return ['\nWho may publish', ...lines, ...(isMarked ? [legend] : [])].join('\n');
}

const line = ({ member, role, isExpected }) => `    ${isExpected ? ' ' : '!'} ${member}${role === 'roles/pubsub.publisher' ? '' : ` (${role})`}`;
