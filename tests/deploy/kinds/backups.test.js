import assert from 'node:assert/strict';
import { test } from 'node:test';

import { backups } from '../../../deploy/kinds/backups.js';

const schedule = (id, more) => ({ name: `projects/p/databases/(default)/backupSchedules/${id}`, ...more });
const DAILY = schedule('d', { dailyRecurrence: {}, retention: '1209600s' });
const WEEKLY = schedule('w', { weeklyRecurrence: { day: 'TUESDAY' }, retention: '8467200s' });

const differences = (there, protectData) => backups.compare(there, { protectData, database: '(default)', environment: 'staging', project: 'p' });
const compared = (there, protectData) => differences(there, protectData).flatMap(({ mark, text, steps }) => (
  steps.map(({ gcloud }) => `${mark} ${text}: ${gcloud.slice(3).join(' ')}`)
));

test('where data is protected and nothing is backed up, both schedules are made', () => {
  assert.deepEqual(compared([], true), [
    "+ isn't there: create --database=(default) --recurrence=daily --retention=14d",
    "+ isn't there: create --database=(default) --recurrence=weekly --retention=98d --day-of-week=SUN",
  ]);
});

test('backups that are kept for another time are kept for ours', () => {
  assert.deepEqual(compared([{ ...DAILY, retention: '604800s' }, WEEKLY], true), [
    '~ are kept 7 days, not 14: update --database=(default) --backup-schedule=d --retention=14d',
  ]);
  assert.deepEqual(compared([DAILY, { ...WEEKLY, retention: '1209600s' }], true), [
    '~ are kept 14 days, not 98: update --database=(default) --backup-schedule=w --retention=98d',
  ]);
});

test('where data isn\'t protected, backups are left to a person: the wrong environment ends none', () => {
  assert.deepEqual(differences([DAILY, WEEKLY], false).map(({ mark, what, steps }) => [mark, what, steps]), [['!', 'daily backups', []], ['!', 'weekly backups', []]]);
  assert.match(differences([DAILY], false)[0].text, /^are paid for, and .*staging\.json doesn't ask for them; if nobody needs them: gcloud firestore backups schedules delete '--database=\(default\)' --backup-schedule=d --project=p$/);
});

test('what is as it should be differs in nothing, on whatever day of the week', () => {
  assert.deepEqual(compared([WEEKLY, DAILY], true), []);
  assert.deepEqual(compared([], false), []);
});
