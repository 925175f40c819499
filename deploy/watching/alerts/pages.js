// The pages of the alerts: one in docs/operations/alerts/ for each, with its name, how grave it is, when it opens, what it means and what to
// type. The text of a policy is that of its page.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { Complaint } from '../../complaint.js';

const FOLDER = 'docs/operations/alerts';
const ENDING = '.md';
const PAGE = /^# (?<displayName>.+)\n\n\*\*(?<severity>CRITICAL|ERROR|WARNING)\.\*\* It opens when:\n\n(?<conditions>(?:- .+\n)+)\n(?<text>[^]+)$/;
const BLOCK = /^```sh\n([^]*?)^```$/gm;

/** Words of a page for which Cloud Monitoring has the incident's own. */
const OF_INCIDENT = {
  SERVICE: '${resource.label.service_name}', SUBSCRIPTION: '${resource.label.subscription_id}',
  CONSUMER: '${metric.label.consumer}', OUTCOME: '${metric.label.outcome}', TYPE: '${metric.label.type}', FIELDS: '${metric.label.unknownFields}',
};

/** { id: { displayName, severity, conditions: [text], text } } */
export function readAlertPages(root) {
  const files = readdirSync(join(root, FOLDER)).filter((name) => name.endsWith(ENDING)).sort();
  return Object.fromEntries(files.map((name) => [name.slice(0, -ENDING.length), readPage(join(root, FOLDER, name), `${FOLDER}/${name}`)]));
}

function readPage(path, said) {
  const { groups } = PAGE.exec(readFileSync(path, 'utf8')) ?? {};
  if (groups === undefined) throw new Complaint(`${said} isn't a page of an alert: its title, "**SEVERITY.** It opens when:", the conditions, the text.`);
  return { ...groups, conditions: groups.conditions.trimEnd().split('\n').map((line) => line.slice(2)) };
}

/** The page's text for one project, with the words in `more` in place of theirs. Commands are indented: Cloud Monitoring knows no fences. */
export function filledIn(text, { project, region }, more = {}) {
  const values = { ...OF_INCIDENT, PROJECT: project, REGION: region, ...more };
  const indented = text.replaceAll(BLOCK, (_, commands) => commands.trimEnd().replaceAll(/^/gm, '    '));
  return indented.replaceAll(new RegExp(`\\b(${Object.keys(values).join('|')})\\b`, 'g'), (word) => values[word]);
}
