import assert from 'node:assert/strict';
import { test } from 'node:test';
import { READY_OPERATORS } from '../../../local/operators.js';
import { ROLES, parseArguments } from '../../../ops/operators/arguments.js';
import { listReady } from '../../../ops/operators/commands.js';
import { TABLE } from '../../rules/collections.js';

const PROJECT = ['--project', 'acme-crm'];
const parsed = (...args) => parseArguments(args);

test('what is typed is understood', () => {
  assert.deepEqual(parsed('list'), { help: false, command: 'list', project: undefined });
  assert.deepEqual(parsed('add', 'Ada.L+crm@Example.COM', '--role', 'auditor', ...PROJECT), { help: false, command: 'add', email: 'ada.l+crm@example.com', role: 'auditor', project: 'acme-crm', isDry: false });
  assert.deepEqual(parsed('remove', 'ada@example.com', ...PROJECT, '--dry-run'), { help: false, command: 'remove', email: 'ada@example.com', role: undefined, project: 'acme-crm', isDry: true });
  assert.ok(parsed().help && parsed('add', '--help').help);
});

const WRONG = [
  [['grant'], '"grant" is not a command; there are list, add and remove.'],
  [['list', 'ada@example.com'], 'list takes no "ada@example.com": it names everybody.'],
  [['list', '--role', 'viewer'], '--role is a flag of add, not of list.'],
  [['add', '--role', 'viewer', ...PROJECT], 'add needs one EMAIL.'],
  [['add', 'a@b.cz', 'c@d.cz', '--role', 'viewer', ...PROJECT], 'add needs one EMAIL.'],
  [['add', 'ada', '--role', 'viewer', ...PROJECT], '"ada" is not an email address.'],
  [['add', 'ada@example', '--role', 'viewer', ...PROJECT], '"ada@example" is not an email address.'],
  [['add', 'ada@example.com', ...PROJECT], 'add needs --role ROLE: viewer, auditor, operator, supervisor.'],
  [['add', 'ada@example.com', '--role', 'Supervisor', ...PROJECT], '--role "Supervisor" is not a role; there are viewer, auditor, operator, supervisor.'],
  [['add', 'operator@boma.test', '--role', 'viewer'], 'The running stack\'s users can\'t be changed (list names them): --project ID says where operator@boma.test is meant.'],
  [['remove', 'operator@boma.test'], 'The running stack\'s users can\'t be changed (list names them): --project ID says where operator@boma.test is meant.'],
  [['remove', 'a@b.cz', '--project', 'X'], '--project "X" is not a project id: 6 to 30 lowercase letters, digits and hyphens, a letter first.'],
];
for (const [args, message] of WRONG) {
  test(`${args.join(' ')}: ${message}`, () => assert.throws(() => parseArguments(args), { message }));
}

test('the roles are those of the rules', () => assert.deepEqual(ROLES, Object.keys(TABLE.collections.users)));

test('the running stack\'s users are named, with that they can\'t be changed', () => {
  const said = [];
  assert.equal(listReady({ say: (...lines) => said.push(...lines) }), 0);
  assert.deepEqual(said.slice(0, 2), ['  email                        role', '  viewer@boma.test             viewer']);
  assert.equal(said.length, READY_OPERATORS.length + 2);
  assert.match(said.at(-1), /can't be changed/);
});
