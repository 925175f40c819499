// The router's process. It is started by the supervisor, which sends { project, pubsub, consumers }; `retry` to retry faster
// than production; `takesOver` where another router was killed before, and `port` to listen where that one did;
// `streamLastsMs` (see stream.js); `eventarc`, { firestore, port, triggers }, where document changes trigger a function (see
// eventarc/eventarc.js); `clock`, { url, firestore }, to be called as soon as a letter's document is there (see
// clock/clock-caller.js); and `faults` (see faults/faulty-router.js).
import { callClock, clockCaller, releasedByTrigger } from '../clock/clock-caller.js';
import { waitingLetters } from '../clock/letters.js';
import { startEventarc } from '../eventarc/eventarc.js';
import { firestoreDocuments } from '../firestore.js';
import { settingsFromSupervisor } from '../processes.js';
import { pubsubClients } from '../pubsub.js';
import { noticeOf } from './notice.js';
import { startRouter } from './router.js';
import { serveStatus } from './status.js';

const { project, pubsub, consumers, retry, takesOver, streamLastsMs, port, eventarc: eventarcSettings, clock: clockSettings, faults } = await settingsFromSupervisor();
const { subscriber, publisher } = pubsubClients({ project, host: pubsub });
const status = await serveStatus(port);
const faulty = faults && await withFaults();
const clock = clockSettings && callsClock(clockSettings);
const onDelivery = (notice) => {
  clock?.heard(notice);
  status.announce(notice);
};
const eventarc = eventarcSettings && await startEventarc({ ...eventarcSettings, project, onDelivery, retry, around: faulty?.around });
const router = startRouter({ consumers, subscriber, publisher, onDelivery, retry, takesOver, streamLastsMs, around: faulty?.around, changeRoutes: eventarc?.routes });
const state = () => ({ ...router.state(), changes: eventarc?.changes() });
status.readsFrom(faulty ? () => faulty.withCopies(state()) : state);
process.send({ host: status.host });
process.on('SIGTERM', () => {
  clock?.close();
  eventarc?.close();
  router.close();
  status.close();
  process.exit(0);
});

function callsClock({ url, firestore }) {
  const documents = firestoreDocuments({ project, host: firestore });
  return clockCaller({ letters: () => waitingLetters(documents), call: () => callClock(url), hasTrigger: releasedByTrigger(eventarcSettings?.triggers ?? []) });
}

async function withFaults() {
  const { faultyRouter } = await import('../faults/faulty-router.js');
  return faultyRouter({
    ...faults,
    onStruck: (struck) => process.send({ struck }),
    onCopy: (...copy) => status.announce(noticeOf(...copy)),
  });
}
