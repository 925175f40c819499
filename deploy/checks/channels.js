// Checks that the notification channels of the alerts exist, before the first alert is made.
import { alerts } from '../kinds/alerts.js';
import { channelsOf } from '../watching/alerts/index.js';

export function channels({ found, system }) {
  const known = found.find(({ kind }) => kind === alerts)?.there.channels.map(({ name }) => name) ?? [];
  return channelsOf(system).filter((name) => !known.includes(name)).map((name) => (
    `notificationChannels: ${name} isn't there: gcloud beta monitoring channels list --project=${system.project} shows what is.`
  ));
}
