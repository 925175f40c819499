// Counts the deliveries of this run, from the router's notices.
export class Deliveries {
  byOutcome = {};
  faults = 0;
  #latenciesMs = [];

  count({ outcome, acked, latencyMs }) {
    this.byOutcome[outcome] = (this.byOutcome[outcome] ?? 0) + 1;
    if (!acked) this.faults += 1;
    if (acked && outcome !== 'PASSED') this.#latenciesMs.push(latencyMs);
  }

  /** From the publishing of an event to its acknowledged delivery. */
  latencyMs() {
    const sorted = Float64Array.from(this.#latenciesMs).sort();
    const at = (share) => (sorted.length === 0 ? 0 : Math.round(sorted[Math.ceil(share * sorted.length) - 1] * 10) / 10);
    return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
  }
}
