// The alerts, as Cloud Monitoring's AlertPolicy. Each text says what the alert means and what to do, for a reader at three in the
// morning.
import { OWNER } from '../../names.js';
import { digestOf } from '../same.js';
import { deliveries } from './deliveries.js';
import { faults } from './faults.js';
import { letters } from './letters.js';
import { scheduled } from './scheduled.js';

/** The label by which an alert is known: Google gives the policy its name. */
export const IDENTITY = 'boma-alert';
// An incident closes by itself after so long without data: Google's least.
const CLOSES_AFTER = '1800s';

export function alerts(system) {
  return [...letters(system), ...deliveries(system), ...faults(system), ...scheduled(system)].map((alert) => policy(alert, system));
}

/** Full names of the channels that the environment gives by name or by number. */
export const channelsOf = ({ project, notificationChannels }) => notificationChannels.map((channel) => (
  channel.includes('/') ? channel : `projects/${project}/notificationChannels/${channel}`
));

function policy({ id, displayName, severity, content, combiner = 'OR', conditions }, system) {
  const wanted = {
    displayName,
    severity,
    documentation: { mimeType: 'text/markdown', content: content.trim() },
    combiner,
    conditions,
    enabled: true,
    alertStrategy: { autoClose: CLOSES_AFTER },
    notificationChannels: channelsOf(system),
  };
  return { id, wanted: { ...wanted, userLabels: { [OWNER.key]: OWNER.value, [IDENTITY]: id, 'boma-source': digestOf(wanted) } } };
}
