// A stand-in for a function, for tests of the local stack: it answers with a record in Firestore as the real ones do, and
// publishes the follow-ups that `FOLLOW_UPS` names, but decides nothing. Its settings are beside it in function.json.
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { createHash } = require('node:crypto');
const { v1: { FirestoreClient } } = require('@google-cloud/firestore');
const functions = require('@google-cloud/functions-framework');
const { v1: { PublisherClient } } = require('@google-cloud/pubsub');
const { credentials } = require('@grpc/grpc-js');

const ALREADY_EXISTS = 6;
// As the functions: the database's rules refuse anybody else.
const AS_OWNER = { otherArgs: { headers: { authorization: 'Bearer owner' } } };

exports.serveRecorder = function serveRecorder(folder) {
  const { name, followUps = {} } = JSON.parse(readFileSync(join(folder, 'function.json'), 'utf8'));
  const project = process.env.GOOGLE_CLOUD_PROJECT;
  const database = `projects/${project}/databases/(default)`;
  const firestore = new FirestoreClient(clientOptions(process.env.FIRESTORE_EMULATOR_HOST));
  const publisher = new PublisherClient(clientOptions(process.env.PUBSUB_EMULATOR_HOST));

  functions.http(name, async (request, response) => {
    const event = JSON.parse(Buffer.from(request.body.message.data, 'base64').toString());
    const outgoing = (followUps[event.type] ?? []).map((each) => followUp(each, event, name));
    const isNew = await created({
      update: {
        name: `${database}/documents/processed_events/${name}.${event.id}`,
        fields: {
          outcome: { stringValue: 'APPLIED' },
          eventId: { stringValue: event.id },
          outgoing: { bytesValue: outgoing.length > 0 ? Buffer.from(JSON.stringify(outgoing)) : Buffer.alloc(0) },
        },
      },
      currentDocument: { exists: false },
    });
    for (const { topic, key, attributes, data } of outgoing) {
      await publisher.publish({ topic: `projects/${project}/topics/${topic}`, messages: [{ data: Buffer.from(data), attributes, orderingKey: key }] });
    }
    response.set('boma-outcome', isNew ? 'APPLIED' : 'DUPLICATE').status(204).end();
  });

  async function created(write) {
    try {
      await firestore.commit({ database, writes: [write] }, AS_OWNER);
      return true;
    } catch (error) {
      if (error.code === ALREADY_EXISTS) return false;
      throw error;
    }
  }
};

function clientOptions(host) {
  const [servicePath, port] = host.split(':');
  return {
    servicePath, port: Number(port), sslCreds: credentials.createInsecure(),
    auth: { getUniverseDomain: async () => undefined, getProjectId: async () => undefined },
  };
}

function followUp({ type, topic }, event, consumer) {
  const hex = createHash('sha256').update(`${event.id}${consumer}${type}`).digest('hex');
  const id = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  const data = JSON.stringify({ id, type, subject: event.subject, causationid: event.id });
  return { topic, key: event.subject, attributes: { type, 'content-type': 'application/cloudevents+json' }, data };
}
