// The router's process. It is started by the supervisor, which sends { project, pubsub, consumers }.
import { settingsFromSupervisor } from '../processes.js';
import { pubsubClients } from '../pubsub.js';
import { startRouter } from './router.js';
import { serveStatus } from './status.js';

const { project, pubsub, consumers } = await settingsFromSupervisor();
const { subscriber, publisher } = pubsubClients({ project, host: pubsub });
let router;
const status = await serveStatus({ state: () => router.state() });
router = startRouter({ consumers, subscriber, publisher, onDelivery: status.told });
process.send({ host: status.host });
process.on('SIGTERM', () => {
  router.close();
  status.close();
  process.exit(0);
});
