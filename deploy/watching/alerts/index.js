// The alerts, as Cloud Monitoring's AlertPolicy. When one opens is said here; what it means and what to do, for a reader at three in the
// morning, its page says.
import { Complaint } from '../../complaint.js';
import { OWNER } from '../../names.js';
import { digestOf } from '../same.js';
import { deliveries } from './deliveries.js';
import { faults } from './faults.js';
import { letters } from './letters.js';
import { filledIn } from './pages.js';
import { scheduled } from './scheduled.js';
import { services } from './services.js';
import { warehouse } from './warehouse.js';

/** The label by which an alert is known: Google gives the policy its name. */
export const IDENTITY = 'boma-alert';
// An incident closes by itself after so long without data: Google's least.
const CLOSES_AFTER = '1800s';

export function alerts(system) {
  const all = [letters, deliveries, faults, services, scheduled, warehouse];
  return all.flatMap((some) => some(system)).map((alert) => policy(alert, system));
}

/** Full names of the channels that the environment gives by name or by number. */
export const channelsOf = ({ project, notificationChannels }) => notificationChannels.map((channel) => (
  channel.includes('/') ? channel : `projects/${project}/notificationChannels/${channel}`
));

/** `page`, where several alerts share one, and `words`, what stands in it for what in this one. */
function policy({ id, page = id, words, combiner = 'OR', conditions }, system) {
  const { displayName, severity, text } = system.alertPages[page] ?? {};
  if (text === undefined) throw new Complaint(`the alert ${id} has no page: docs/operations/alerts/${page}.md`);
  const wanted = {
    displayName: filledIn(displayName, system, words),
    severity,
    documentation: { mimeType: 'text/markdown', content: filledIn(text, system, words).trim() },
    combiner,
    conditions,
    enabled: true,
    alertStrategy: { autoClose: CLOSES_AFTER },
    notificationChannels: channelsOf(system),
  };
  return { id, page, wanted: { ...wanted, userLabels: { [OWNER.key]: OWNER.value, [IDENTITY]: id, 'boma-source': digestOf(wanted) } } };
}
