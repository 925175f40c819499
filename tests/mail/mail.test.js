// The mail documents, as the cases have them, against the fields that Google's mail kit documents; and docs/mail.md and the
// templates in samples/ against what each mail is given.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import test from 'node:test';

const ROOT = new URL('../../', import.meta.url);
const read = (path) => readFileSync(new URL(path, ROOT), 'utf8');
const CASES = ['notify', 'welcome', 'kyc', 'payments', 'price-alerts'];
const cases = CASES.flatMap((name) => readdirSync(new URL(`tests/cases/${name}/`, ROOT)).filter((file) => file.endsWith('.json')).map((file) => JSON.parse(read(`tests/cases/${name}/${file}`))));
const mails = cases.flatMap(({ then }) => Object.entries(then.changed ?? {}).filter(([path, mail]) => path.startsWith('mail/') && mail?.template).map(([, mail]) => mail));

/** As the kit's own validation reads a document with a template. Further fields are nothing to it. */
function complaints({ to, template, ...rest }) {
  return [
    ...(typeof to === 'string' && to !== '' ? [] : ['to: one recipient']),
    ...(typeof template.name === 'string' && template.name !== '' ? [] : ['template.name: text that is not empty']),
    ...(Object.getPrototypeOf(template.data) === Object.prototype ? [] : ['template.data: a map']),
    // Of these the kit makes something else.
    ...['cc', 'bcc', 'toUids', 'ccUids', 'bccUids', 'from', 'replyTo', 'message', 'sendGrid', 'headers', 'attachments', 'categories', 'delivery']
      .filter((name) => name in rest).map((name) => `${name}: the kit's own`),
  ];
}

/** By template: { name: whether every mail of it has that }. */
function dataOf() {
  const given = new Map();
  const add = (name, data) => given.set(name, [...(given.get(name) ?? []), Object.keys(data)]);
  for (const { then } of cases) {
    for (const { event } of then.published ?? []) if (event.type === 'NotificationRequested') add(event.data.template, event.data.params ?? {});
  }
  for (const { template } of mails.filter(({ template }) => template.name === 'WELCOME')) add(template.name, template.data);
  return new Map([...given].map(([name, all]) => [
    name, Object.fromEntries([...new Set(all.flat())].sort().map((key) => [key, all.every((keys) => keys.includes(key))])),
  ]));
}

const data = dataOf();
const known = [...JSON.parse(read('contracts/schemas/NotificationRequested.json')).properties.data.properties.template.enum, 'WELCOME'].sort();

test('every mail document has the fields that the mail kit documents', () => {
  assert.ok(mails.length > 2);
  for (const mail of mails) assert.deepEqual(complaints(mail), [], JSON.stringify(mail));
});

test('each template is shown by a case, and docs/mail.md names what it is given', () => {
  assert.deepEqual([...data.keys()].sort(), known);
  const rows = known.map((name) => {
    const names = Object.entries(data.get(name)).map(([key, isAlways]) => (isAlways ? `\`${key}\`` : `\`${key}\` where there is one`));
    return `| \`${name}\` | ${names.join(', ') || 'nothing'} |`;
  });
  assert.ok(read('docs/mail.md').includes(`| template | data |\n|---|---|\n${rows.join('\n')}\n`), `docs/mail.md is stale:\n${rows.join('\n')}`);
});

test('samples/templates/ has each template in the kit\'s format, which mentions nothing that a mail may lack', () => {
  assert.deepEqual(readdirSync(new URL('samples/templates/', ROOT)).sort(), known.map((name) => `${name}.json`));
  for (const name of known) {
    const template = JSON.parse(read(`samples/templates/${name}.json`));
    assert.deepEqual(Object.keys(template).sort(), ['html', 'subject', 'text'], name);
    for (const [field, text] of Object.entries(template)) {
      const always = text.replace(/\{\{#if (\w+)\}\}(.*?)\{\{\/if\}\}/g, (_, key, inner) => {
        assert.ok(key in data.get(name), `${name}.${field}: ${key}`);
        return inner.replaceAll(`{{${key}}}`, '');
      });
      const mentioned = [...always.matchAll(/\{\{(.*?)\}\}/g)].map(([, key]) => key);
      for (const key of mentioned) assert.equal(data.get(name)[key], true, `${name}.${field}: ${key}`);
    }
  }
});

test('docs/mail.md makes the project Firebase\'s before the CLI deploys to it, and installs no kit that is empty', () => {
  const blocks = [...read('docs/mail.md').matchAll(/```sh\n(.*?)```/gs)].map(([, block]) => block);
  const said = blocks.join('');
  const placeOf = (command) => {
    assert.ok(said.includes(command), command);
    return said.indexOf(command);
  };
  assert.ok(placeOf('firebase login') < placeOf('firebase projects:addfirebase PROJECT'));
  assert.ok(placeOf('firebase projects:addfirebase PROJECT') < placeOf('firebase deploy'));
  // Of the first version nothing but the name is there.
  const installed = blocks.flatMap((block) => [...block.matchAll(/npm install (?:.* )?'?@firebase-function-kits\/firestore-send-email(\S*)/g)].map(([, version]) => version));
  assert.deepEqual(installed, ["@>0.0.1'"]);
});
