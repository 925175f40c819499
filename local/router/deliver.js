// One HTTP delivery to a function's URL, over connections that are kept open: as Pub/Sub pushes, unless told otherwise.
import http from 'node:http';

const REQUEST_TIMEOUT_MS = 60_000; // The ack deadline: production gives up then, too.

/** `requestOf(message)`: { headers, body } */
export function deliverer({ url, limit, requestOf = pushRequest }) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: limit, scheduling: 'fifo' });
  const { hostname, port, pathname } = new URL(url);

  /** Resolves with { status, outcome }; a connection that breaks or a timeout is status 0. Never rejects. */
  function deliver(message) {
    const { headers, body } = requestOf(message);
    return new Promise((resolve) => {
      const request = http.request({
        agent, hostname, port, path: pathname, method: 'POST', timeout: REQUEST_TIMEOUT_MS,
        headers: { ...headers, 'content-length': body.length },
      }, (response) => {
        response.resume();
        response.once('end', () => resolve({
          status: response.statusCode,
          outcome: response.headers['boma-outcome'] ?? (response.statusCode < 300 ? 'ACKED' : 'FAULT'),
        }));
        response.once('error', () => resolve({ status: 0, outcome: 'FAULT' }));
      });
      request.once('timeout', () => request.destroy(new Error('timeout')));
      request.once('error', () => resolve({ status: 0, outcome: 'FAULT' }));
      request.end(body);
    });
  }
  return { deliver, close: () => agent.destroy() };
}

function pushRequest({ subscription, messageId, publishTime, key, data, attributes, attempt }) {
  const body = Buffer.from(JSON.stringify({
    message: {
      data: data.toString('base64'), attributes, messageId, publishTime,
      ...(key ? { orderingKey: key } : {}),
    },
    subscription,
    deliveryAttempt: attempt,
  }));
  return { headers: { 'content-type': 'application/json' }, body };
}
