// Counts the deliveries of this run, from the router's notices.
export class Deliveries {
  byOutcome = {};
  faults = 0;
  #deferred = new Set(); // pairs that ever were
  #latenciesMs = [];

  count({ consumer, eventId, messageId, outcome, acked, latencyMs }) {
    this.byOutcome[outcome] = (this.byOutcome[outcome] ?? 0) + 1;
    if (outcome === 'DEFERRED') this.#deferred.add(`${consumer}.${eventId ?? messageId}`);
    else if (!acked) this.faults += 1;
    if (acked && outcome !== 'PASSED') this.#latenciesMs.push(latencyMs);
  }

  get deferred() {
    return this.#deferred.size;
  }

  /** From the publishing of an event to its acknowledged delivery. */
  latencyMs() {
    const sorted = Float64Array.from(this.#latenciesMs).sort();
    const at = (share) => (sorted.length === 0 ? 0 : Math.round(sorted[Math.ceil(share * sorted.length) - 1] * 10) / 10);
    return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
  }
}
