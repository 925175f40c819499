// The router's process. It is started by the supervisor, which sends { project, pubsub, consumers }
// and, to be less patient than production, `retry` and `ackDeadlineS`.
import { settingsFromSupervisor } from '../processes.js';
import { pubsubClients } from '../pubsub.js';
import { startRouter } from './router.js';
import { serveStatus } from './status.js';

const { project, pubsub, consumers, retry, ackDeadlineS } = await settingsFromSupervisor();
const { subscriber, publisher } = pubsubClients({ project, host: pubsub });
const status = await serveStatus();
const router = startRouter({ consumers, subscriber, publisher, onDelivery: status.told, retry, ackDeadlineS });
status.tells(router.state);
process.send({ host: status.host });
process.on('SIGTERM', () => {
  router.close();
  status.close();
  process.exit(0);
});
