// The policy of every resource that has one, whatever its API: read, changed under its etag, written.
import { mayNotExist, notFound, problem } from './refusals.js';

/** The older APIs want a body with the question; the others know it by GET alone. */
const ASKED_BY_POST = ['bigquery', 'cloudresourcemanager', 'iam'];
const QUESTION = /^(?<of>.*):(?<verb>getIamPolicy|setIamPolicy)$/;

export async function policies({ api, method, path, body }, cloud, { exists }) {
  const asked = QUESTION.exec(path)?.groups;
  if (asked === undefined) return undefined;
  const wanted = asked.verb === 'setIamPolicy' || ASKED_BY_POST.includes(api) ? 'POST' : 'GET';
  if (method !== wanted) return notFound(`${method} ${path}`);
  const of = `${api}/${asked.of.replace(/^v\d+(beta\d*)?\//, '')}`;
  if (exists !== undefined && !(await exists(asked.of, cloud))) return api === 'iam' ? mayNotExist(`iam.serviceAccounts.${asked.verb}`, asked.of) : notFound(asked.of);
  const there = cloud.state.policies.get(of) ?? { etag: etagOf(0), bindings: [] };
  if (asked.verb === 'getIamPolicy') return { body: { version: 3, ...there } };
  const { policy } = body;
  if (policy.etag !== undefined && policy.etag !== there.etag) return { status: 409, body: problem(409, 'There were concurrent policy changes.') };
  const stranger = strangerIn(policy, cloud);
  if (stranger !== undefined) return { status: 400, body: problem(400, `Service account ${stranger} does not exist.`) };
  const next = { etag: etagOf(numberOf(there.etag) + 1), bindings: structuredClone(policy.bindings ?? []), version: policy.version ?? 1 };
  cloud.state.policies.set(of, next);
  return { body: next };
}

/** A service's own account that Google hasn't made yet: a policy that names it is refused. */
function strangerIn({ bindings = [] }, { state }) {
  const agents = bindings.flatMap(({ members }) => members).filter((member) => /@gcp-sa-/.test(member)).map((member) => member.replace('serviceAccount:', ''));
  return agents.find((email) => !state.agents.has(email));
}

const etagOf = (number) => Buffer.from(String(number)).toString('base64');
const numberOf = (etag) => Number(Buffer.from(etag, 'base64').toString());
