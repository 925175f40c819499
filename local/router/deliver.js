// One HTTP delivery: production's push body to a function's URL, over connections that are kept open.
import http from 'node:http';

const REQUEST_TIMEOUT_MS = 60_000; // The ack deadline: production gives up then, too.

export function deliverer({ url, limit }) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: limit, scheduling: 'fifo' });
  const { hostname, port, pathname } = new URL(url);

  /** Resolves with { status, outcome }; a connection that breaks or a timeout is status 0. Never rejects. */
  function deliver(message) {
    const body = pushBody(message);
    return new Promise((resolve) => {
      const request = http.request({
        agent, hostname, port, path: pathname, method: 'POST', timeout: REQUEST_TIMEOUT_MS,
        headers: { 'content-type': 'application/json', 'content-length': body.length },
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

function pushBody({ subscription, messageId, publishTime, key, data, attributes, attempt }) {
  return Buffer.from(JSON.stringify({
    message: {
      data: data.toString('base64'), attributes, messageId, publishTime,
      ...(key ? { orderingKey: key } : {}),
    },
    subscription,
    deliveryAttempt: attempt,
  }));
}
