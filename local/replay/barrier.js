// The events that may be published now, so that a replay behaves as real sources would: a customer isn't paid before the
// account is open. An event waits while an earlier one of any of its customers isn't settled, unless both have the same
// route: topic, ordering key and consumers. There Pub/Sub itself keeps them in order; two consumers of one topic keep none
// between them. Pure.
//
// An event here is { topic, key, consumers, customers, ... }; it is held by identity.
export class Barrier {
  #enabled;
  #queues = new Map(); // customer -> { waiting: [event], inFlight: count, route }
  #ready = [];
  #waiting = 0;

  constructor({ enabled = true } = {}) {
    this.#enabled = enabled;
  }

  add(event) {
    if (!this.#enabled || event.customers.length === 0) {
      this.#ready.push(event);
      return;
    }
    for (const customer of event.customers) {
      if (!this.#queues.has(customer)) this.#queues.set(customer, { waiting: [], inFlight: 0, route: undefined });
      this.#queues.get(customer).waiting.push(event);
    }
    this.#waiting += 1;
    this.#advance(event.customers);
  }

  /** The next event to publish, or undefined. */
  take() {
    return this.#ready.shift();
  }

  /** The event and all that follows from it are settled: its customers' next ones may go. */
  settled(event) {
    if (!this.#enabled) return;
    for (const customer of event.customers) {
      const queue = this.#queues.get(customer);
      queue.inFlight -= 1;
      if (queue.inFlight === 0 && queue.waiting.length === 0) this.#queues.delete(customer);
    }
    this.#advance(event.customers);
  }

  /** How many events are kept here, waiting or ready: what bounds the look-ahead. */
  get size() {
    return this.#waiting + this.#ready.length;
  }

  // An event that goes may free the next of another customer of its own, so this works through a list.
  #advance(customers) {
    const toSee = [...customers];
    for (let customer = toSee.pop(); customer !== undefined; customer = toSee.pop()) {
      const event = this.#queues.get(customer)?.waiting[0];
      if (!event || !this.#mayGo(event)) continue;
      for (const each of event.customers) {
        const queue = this.#queues.get(each);
        queue.waiting.shift();
        queue.inFlight += 1;
        queue.route = routeOf(event);
      }
      this.#waiting -= 1;
      this.#ready.push(event);
      toSee.push(...event.customers);
    }
  }

  #mayGo(event) {
    return event.customers.every((customer) => {
      const queue = this.#queues.get(customer);
      return queue.waiting[0] === event && (queue.inFlight === 0 || queue.route === routeOf(event));
    });
  }
}

const routeOf = ({ topic, key, consumers }) => [topic, key, ...consumers].join('\n');
