// Which events may be published now, so that the replay behaves as real sources would: a customer isn't paid before the
// account is open. An event waits while an earlier one of any of its customers isn't settled, unless both go the same
// way (same topic, same ordering key), where Pub/Sub itself keeps them in order. Pure.
//
// An event here is { topic, key, customers, ... }; it is held by identity.
export class Barrier {
  #enabled;
  #lines = new Map(); // customer -> { waiting: [event], going: how many are on their way, way }
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
      if (!this.#lines.has(customer)) this.#lines.set(customer, { waiting: [], going: 0, way: undefined });
      this.#lines.get(customer).waiting.push(event);
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
      const line = this.#lines.get(customer);
      line.going -= 1;
      if (line.going === 0 && line.waiting.length === 0) this.#lines.delete(customer);
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
      const event = this.#lines.get(customer)?.waiting[0];
      if (!event || !this.#mayGo(event)) continue;
      for (const each of event.customers) {
        const line = this.#lines.get(each);
        line.waiting.shift();
        line.going += 1;
        line.way = wayOf(event);
      }
      this.#waiting -= 1;
      this.#ready.push(event);
      toSee.push(...event.customers);
    }
  }

  #mayGo(event) {
    return event.customers.every((customer) => {
      const line = this.#lines.get(customer);
      return line.waiting[0] === event && (line.going === 0 || line.way === wayOf(event));
    });
  }
}

const wayOf = ({ topic, key }) => `${topic}\n${key}`;
