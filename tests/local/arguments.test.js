import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { after } from 'node:test';
import { parseArguments } from '../../local/arguments.js';
import { checkTargets } from '../../local/checked-paths.js';
import { WrongArguments } from '../../local/wrong-arguments.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const START = fileURLToPath(new URL('../../local/start.js', import.meta.url));

const rejected = [
  ['an unknown flag', ['--onec'], '--onec'],
  ['a short flag', ['-o'], '-o'],
  ['a file without its flag', ['events.ndjson'], '--events events.ndjson'],
  ['--events without a value', ['--events'], '--events'],
  ['--report followed by another flag', ['--report', '--once'], '--report'],
  ['an empty value', ['--export='], '--export'],
  ['a value for a switch', ['--once=yes'], '--once'],
  ['a value for --warehouse', ['--warehouse=boma'], '--warehouse'],
  ['--report twice', ['--report', 'a', '--report', 'b'], '--report'],
  ['a project id with capitals', ['--project', 'Boma'], '--project'],
  ['--faults without a value', ['--faults', '--once'], '--faults SPEC'],
  ['--seed without --faults', ['--seed', '7'], '--faults'],
  ['a seed with a space', ['--faults', 'all', '--seed', 'a b'], '--seed "a b"'],
  ['--no-sample with --events', ['--no-sample', '--events', 'f'], '--no-sample'],
  ['--no-sample with --once', ['--no-sample', '--once'], '--no-sample'],
  ['--no-sample with --report', ['--no-sample', '--report', 'r'], '--no-sample'],
];
for (const [what, args, named] of rejected) {
  test(`${what} is refused in one sentence that names the flag`, () => {
    assert.throws(() => parseArguments(args), (error) => {
      assert.ok(error instanceof WrongArguments);
      assert.ok(error.message.includes(named), error.message);
      assert.match(error.message, /\.$/);
      assert.ok(!error.message.includes('\n'));
      return true;
    });
  });
}

test('several events files are kept in their order', () => {
  const given = parseArguments(['--once', '--events', 'a', '--events=b', '--report', 'r', '--export', 'd', '--no-barrier', '--project', 'demo-x1']);
  assert.deepEqual(given, {
    sample: false, once: true, events: ['a', 'b'], report: 'r', exportDir: 'd', barrier: false, project: 'demo-x1', faults: undefined, seed: undefined, warehouse: false, help: false,
  });
});

test('without flags the sample is replayed', () => {
  assert.equal(parseArguments([]).sample, true);
  assert.equal(parseArguments(['--no-sample']).sample, false);
});

const dir = mkdtempSync(join(tmpdir(), 'boma-arguments-'));
after(() => rmSync(dir, { recursive: true }));
const file = join(dir, 'events.ndjson');
writeFileSync(file, '');
mkdirSync(join(dir, 'folder'));
const again = join(dir, 'again'); // Where an export has been, whose leads are events once more.
mkdirSync(again);
const leads = join(again, 'leads.ndjson');
writeFileSync(leads, '');
symlinkSync(again, join(dir, 'link'));
symlinkSync(leads, join(dir, 'linked.ndjson'));

function assertRefused({ status, stdout, stderr }, named) {
  assert.equal(status, 2);
  assert.ok(stderr.includes(named), stderr);
  assert.equal(stderr.trim().split('\n').length, 1);
  assert.equal(stdout, '');
}

for (const [what, args, named] of [
  ['a file that is not there', ['--once', '--events', '/nowhere/events.ndjson'], '--events /nowhere/events.ndjson'],
  ['a folder in place of a file', ['--once', '--events', '/'], '--events /'],
  ['a report that is a folder', ['--once', '--report', '/'], '--report /'],
  ['a report below a file', ['--once', '--report', join(file, 'report.json')], `--report ${join(file, 'report.json')}: a part of its path is a file`],
  ['a report below a file, deeper', ['--once', '--report', join(file, 'a', 'report.json')], '--report'],
  ['a report where nothing can be written', ['--once', '--report', '/proc/report.json'], '--report /proc/report.json'],
  ['a report whose folder can\'t be made', ['--once', '--report', '/proc/nowhere/report.json'], '--report /proc/nowhere/report.json'],
  ['a report that is a device', ['--once', '--report', '/dev/null'], '--report /dev/null'],
  ['a report in place of the events', ['--once', '--events', file, '--report', file], `--report ${file}`],
  ['a report in place of the events, by a link', ['--once', '--events', leads, '--report', join(dir, 'link', 'leads.ndjson')], '--report'],
  ['an export over its own events', ['--once', '--events', leads, '--export', again], `--export ${again}: leads.ndjson`],
  ['an export over its second file of events', ['--once', '--events', file, '--events', leads, '--export', again], 'leads.ndjson'],
  ['an export over its own events, through a linked folder', ['--once', '--events', leads, '--export', join(dir, 'link')], 'leads.ndjson'],
  ['an export over its own events, through a link to them', ['--once', '--events', join(dir, 'linked.ndjson'), '--export', again], 'leads.ndjson'],
  ['a report in place of the export\'s folder', ['--once', '--report', join(dir, 'both'), '--export', join(dir, 'both')], `--report ${join(dir, 'both')}: that is the folder of --export`],
  ['a report above the export', ['--once', '--report', join(dir, 'both'), '--export', join(dir, 'both', 'export')], `--report ${join(dir, 'both')}: a folder of --export's path`],
  ['a report in place of the export\'s folder, by a link', ['--once', '--report', join(dir, 'link', 'export'), '--export', join(again, 'export')], '--report'],
  ['a report in place of a file of the export', ['--once', '--report', join(dir, 'folder', 'users.ndjson'), '--export', join(dir, 'folder')], `--report ${join(dir, 'folder', 'users.ndjson')}: --export writes`],
  ['a report in place of a file of the export, by a link', ['--once', '--report', join(dir, 'link', 'users.timeline.ndjson'), '--export', again], '--report'],
  ['a report in place of the export\'s list', ['--once', '--report', join(again, '.boma-export.json'), '--export', again], '--report'],
  ['an export into a file', ['--once', '--export', file], `--export ${file}`],
  ['an export below a file', ['--once', '--export', join(file, 'export')], `--export ${join(file, 'export')}: a part of its path is a file`],
  ['an export where nothing can be written', ['--once', '--export', '/proc'], '--export /proc'],
  ['an export whose folder can\'t be made', ['--once', '--export', '/proc/nowhere/export'], '--export /proc/nowhere/export'],
  ['an export with a name that is too long', ['--once', '--export', join(dir, 'x'.repeat(300))], 'its name is too long'],
]) {
  test(`${what} ends with status 2 before anything is set up`, () => {
    assertRefused(spawnSync(process.execPath, [START, ...args], { encoding: 'utf8', timeout: 20_000 }), named);
  });
}

test('trying what will be written leaves nothing behind but the folder', () => {
  const report = join(dir, 'new', 'report.json');
  const exportDir = join(dir, 'exported', 'here');
  checkTargets({ report, exportDir, files: [file] });
  assert.deepEqual([readdirSync(join(dir, 'new')), readdirSync(exportDir)], [[], []]);
});

test('a report may be in the export\'s folder, and have the name of one of its files elsewhere', () => {
  for (const report of [join(again, 'report.json'), join(again, 'report.ndjson'), join(dir, 'users.ndjson'), join(again, 'below', 'users.ndjson')]) checkTargets({ report, exportDir: again, files: [] });
});

test('an export may be beside events that it leaves alone', () => {
  const beside = [file, join(again, 'leads.ndjson.gz'), join(again, 'mine.ndjson')];
  for (const each of beside) writeFileSync(each, '');
  for (const each of beside) checkTargets({ exportDir: dirname(each), files: [each] });
});

for (const [args, named, hint] of [
  [['--once'], '--once', 'npm start -- --once.'],
  [['--no-sample'], '--no-sample', 'npm start -- --no-sample.'],
  [['--no-barrier'], '--no-barrier', '-- --no-barrier.'],
  [['--events', 'f.ndjson'], '--events', '-- --events FILE.'],
  [['--events', 'f.ndjson', '--events', 'g.ndjson'], '--events', '-- --events FILE.'],
  [['--report=r.json', '--export=d'], '--report, --export', '-- --report FILE --export DIR.'],
  [['--faults', 'all', '--seed', '7'], '--faults, --seed', '-- --faults SPEC --seed S.'],
  [['--project', 'demo-x1'], '--project', '-- --project ID.'],
  [['--once', '--', '--no-sample'], '--once', '-- --once.'],
]) {
  test(`npm start ${args.join(' ')} is told that npm took the flag`, () => {
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));
    const { status, stdout, stderr } = spawnSync('npm', ['start', '--silent', ...args], { cwd: ROOT, encoding: 'utf8', env, timeout: 20_000 });
    assertRefused({ status, stdout, stderr: withoutNpms(stderr) }, `npm took ${named} for`);
    assert.ok(stderr.includes(hint), stderr);
  });
}

// Some versions of npm warn of flags that they don't know.
const withoutNpms = (said) => said.split('\n').filter((line) => !line.startsWith('npm warn')).join('\n');
