// Pairs whose letter waits for a document that isn't there. They are settled until it is: then they are open again, so they are kept
// here by customer, for the customer's later events bring it. Pure.
export class Parked {
  #byCustomer = new Map(); // customer -> Set of pairs

  add(pair) {
    for (const customer of pair.customers) {
      if (!this.#byCustomer.has(customer)) this.#byCustomer.set(customer, new Set());
      this.#byCustomer.get(customer).add(pair);
    }
  }

  /** All of these customers, or all there are. They aren't here any more. */
  take(customers = [...this.#byCustomer.keys()]) {
    const pairs = new Set(customers.flatMap((customer) => [...this.#byCustomer.get(customer) ?? []]));
    for (const pair of pairs) for (const customer of pair.customers) this.#remove(customer, pair);
    return [...pairs];
  }

  has(customers) {
    return customers.some((customer) => this.#byCustomer.has(customer));
  }

  get isEmpty() {
    return this.#byCustomer.size === 0;
  }

  #remove(customer, pair) {
    const pairs = this.#byCustomer.get(customer);
    pairs.delete(pair);
    if (pairs.size === 0) this.#byCustomer.delete(customer);
  }
}
