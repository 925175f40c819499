// Started by a test, with proxies in its environment: makes the local stack's own calls to a server on this machine.
import '../../local/proxies.js';
import { deliverer } from '../../local/router/deliver.js';

const [url] = process.argv.slice(2);
const { deliver, close } = deliverer({ url, limit: 1, requestOf: (body) => ({ headers: {}, body }) });
const { status: delivered } = await deliver(Buffer.from('{}'));
close();
const { status: fetched } = await fetch(url, { method: 'POST', body: '{}' });
console.log(JSON.stringify({ delivered, fetched }));
