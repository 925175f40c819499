// Changes the warehouse: a step of `deploy.sh apply` and `destroy`, because gcloud has no command for it. Each may be taken twice.
//
//   node deploy/change-warehouse.js --project=P POST|PATCH|DELETE datasets/D/tables [--body=FILE]
//   node deploy/change-warehouse.js --project=P bind|unbind datasets/D/tables/T --member=M --role=R
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { Refused, openCloud, tokenOfGcloud } from './cloud.js';
import { Complaint } from './complaint.js';
import { endWithSentence } from './step-program.js';
import { BIGQUERY } from './warehouse.js';

const { values: { project, body, member, role }, positionals: [verb, place] } = parseArgs({
  allowPositionals: true, options: { project: { type: 'string' }, body: { type: 'string' }, member: { type: 'string' }, role: { type: 'string' } },
});
const path = `projects/${project}/${place}`;
const cloud = openCloud({ token: tokenOfGcloud() });

await endWithSentence(verb === 'bind' || verb === 'unbind' ? changePolicy : change);

async function change() {
  try {
    await cloud.change(verb, BIGQUERY, path, body && JSON.parse(readFileSync(body, 'utf8')));
  } catch (error) {
    // An answer that was lost: whether it is as it should be, the next plan shows.
    const isThere = verb === 'POST' && error instanceof Refused && error.status === 409;
    if (!isThere) throw error;
  }
}

/** With the etag that was read, BigQuery refuses to overwrite a change that somebody made since. */
async function changePolicy() {
  const policy = await cloud.put(BIGQUERY, `${path}:getIamPolicy`, { options: { requestedPolicyVersion: 3 } });
  if (policy === null) throw new Complaint(`${BIGQUERY}: ${place} isn't there.`);
  const isMeant = (binding) => binding.role === role && binding.condition === undefined;
  const others = (policy.bindings ?? []).filter((binding) => !isMeant(binding));
  const members = (policy.bindings ?? []).filter(isMeant).flatMap((binding) => binding.members).filter((one) => one !== member);
  if (verb === 'bind') members.push(member);
  const bindings = members.length === 0 ? others : [...others, { role, members }];
  await cloud.put(BIGQUERY, `${path}:setIamPolicy`, { policy: { ...policy, bindings } });
}
