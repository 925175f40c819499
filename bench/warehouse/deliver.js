// Delivers changes to a function as Eventarc does, so many at a time.
import http from 'node:http';

export function deliverer(port, atOnce) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: atOnce });

  function deliver({ headers, body }) {
    return new Promise((resolve, reject) => {
      const request = http.request({ port, host: '127.0.0.1', method: 'POST', path: '/', agent, headers }, (response) => {
        response.resume();
        response.once('end', () => (response.statusCode === 200 || response.statusCode === 204 ? resolve() : reject(new Error(`a change is answered with ${response.statusCode}`))));
      });
      request.once('error', reject);
      request.end(body);
    });
  }

  return {
    /** `count` of them, over and over. */
    async deliverAll(changes, count) {
      let next = 0;
      const one = async () => {
        while (next < count) {
          next += 1;
          await deliver(changes[next % changes.length]);
        }
      };
      await Promise.all(Array.from({ length: atOnce }, one));
    },
    close: () => agent.destroy(),
  };
}
