import assert from 'node:assert/strict';
import { test } from 'node:test';

import { backups } from '../../../deploy/kinds/backups.js';

const schedule = (id, more) => ({ name: `projects/p/databases/(default)/backupSchedules/${id}`, ...more });
const DAILY = schedule('d', { dailyRecurrence: {}, retention: '1209600s' });
const WEEKLY = schedule('w', { weeklyRecurrence: { day: 'TUESDAY' }, retention: '8467200s' });

const compared = (there, protectData) => backups.compare(there, { protectData, database: '(default)' }).flatMap(({ mark, text, steps }) => (
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

test('where data isn\'t protected, no backup is paid for', () => {
  assert.deepEqual(compared([DAILY, WEEKLY], false), [
    "- are paid for, and this environment doesn't protect data: delete --database=(default) --backup-schedule=d",
    "- are paid for, and this environment doesn't protect data: delete --database=(default) --backup-schedule=w",
  ]);
});

test('what is as it should be differs in nothing, on whatever day of the week', () => {
  assert.deepEqual(compared([WEEKLY, DAILY], true), []);
  assert.deepEqual(compared([], false), []);
});
