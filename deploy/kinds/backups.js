// Backup schedules, where data is protected: daily backups are kept for two weeks, weekly ones for 14 weeks, Google's most.
// Point-in-time recovery covers the last seven days as well.
import { gcloudLine } from '../command-line.js';
import { drifted, left, missing, step } from '../differences.js';
import { databasePath, lastOf } from '../names.js';
import { days } from './values.js';

const WANTED = [
  { recurrence: 'daily', field: 'dailyRecurrence', keepsDays: 14, flags: [] },
  { recurrence: 'weekly', field: 'weeklyRecurrence', keepsDays: 98, flags: ['--day-of-week=SUN'] },
];

export const backups = {
  name: 'backups',
  permissions: { 'roles/datastore.owner': ['datastore.backupSchedules.create', 'datastore.backupSchedules.update', 'datastore.backupSchedules.delete'] },
  read: async (cloud, system) => cloud.list('firestore.googleapis.com', `v1/${databasePath(system)}/backupSchedules`, 'backupSchedules'),

  compare(there, { protectData, database, environment, project }) {
    return WANTED.flatMap((wanted) => {
      const known = there.find((schedule) => schedule[wanted.field] !== undefined);
      if (protectData) return known === undefined ? [missing(`${wanted.recurrence} backups, kept ${wanted.keepsDays} days`, [create(wanted, database)])] : drift(wanted, known, database);
      return known === undefined ? [] : [left(`${wanted.recurrence} backups`, `are paid for, and deploy/environments/${environment}.json doesn't ask for them; if nobody needs them: ${gcloudLine(end(known, database), { project })}`)];
    });
  },

  /** Schedules end with the database. Backups that were made are kept for their time. */
  removal: () => [],
};

/** The day of a weekly backup isn't compared: any will do. */
function drift({ recurrence, keepsDays }, { name, retention }, database) {
  if (days(retention) === keepsDays) return [];
  const change = step(`change ${recurrence} backups`, [...schedules('update', database), `--backup-schedule=${lastOf(name)}`, `--retention=${keepsDays}d`]);
  return [drifted(`${recurrence} backups`, [`are kept ${days(retention)} days, not ${keepsDays}`], [change])];
}

const create = ({ recurrence, keepsDays, flags }, database) => (
  step(`schedule ${recurrence} backups`, [...schedules('create', database), `--recurrence=${recurrence}`, `--retention=${keepsDays}d`, ...flags])
);

const end = ({ name }, database) => [...schedules('delete', database), `--backup-schedule=${lastOf(name)}`];

const schedules = (verb, database) => ['firestore', 'backups', 'schedules', verb, `--database=${database}`];
