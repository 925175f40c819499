// The router's process. It is started by the supervisor, which sends { project, pubsub, consumers }; to be less patient than
// production, `retry`; `takesOver` for one that follows a router that was killed, and `port` where it shall be where that was;
// `streamLastsMs` (see stream.js); `eventarc`, { firestore, port, triggers }, where a function hears of changes of documents (see
// eventarc/eventarc.js); and `faults`, to misbehave.
import { startEventarc } from '../eventarc/eventarc.js';
import { settingsFromSupervisor } from '../processes.js';
import { pubsubClients } from '../pubsub.js';
import { noticeOf } from './notice.js';
import { startRouter } from './router.js';
import { serveStatus } from './status.js';

const { project, pubsub, consumers, retry, takesOver, streamLastsMs, port, eventarc: eventarcSettings, faults } = await settingsFromSupervisor();
const { subscriber, publisher } = pubsubClients({ project, host: pubsub });
const status = await serveStatus(port);
const misbehaviour = faults && await misbehaves();
const eventarc = eventarcSettings && await startEventarc({ ...eventarcSettings, project, onDelivery: status.told });
const router = startRouter({ consumers, subscriber, publisher, onDelivery: status.told, retry, takesOver, streamLastsMs, around: misbehaviour?.around, changeRoutes: eventarc?.routes });
const state = () => ({ ...router.state(), changes: eventarc?.changes() });
status.tells(misbehaviour ? () => misbehaviour.whole(state()) : state);
process.send({ host: status.host });
process.on('SIGTERM', () => {
  eventarc?.close();
  router.close();
  status.close();
  process.exit(0);
});

async function misbehaves() {
  const { misbehaving } = await import('../faults/misbehaving.js');
  return misbehaving({
    ...faults,
    onStruck: (struck) => process.send({ struck }),
    onCopy: (...copy) => status.told(noticeOf(...copy)),
  });
}
