// The queue of one consumer: decides which message is delivered next. Pure: time is an argument, and it does no I/O.
//
// A lane is the messages of one ordering key in one subscription, first in, first out. Only a lane's head is ever in
// flight; when that fails, the lane waits (1 s, 2 s, 4 s ... 600 s) and its later messages wait behind it, while other
// lanes go on. Two subscriptions of one consumer may carry the same key: their lanes are apart, so that one that backs
// off doesn't hold up the other, but only one of them is in flight at a time. A message without a key has a lane to itself.
import { PRODUCTION_RETRY, backOffMs } from './back-off.js';

export class ConsumerQueue {
  #limit;
  #retry;
  #lanes = new Map(); // lane id -> { id, key, messages, dueMs }
  #held = new Map(); // subscription + message id -> message, so that a redelivered copy isn't queued twice
  #ready = []; // lanes whose head may go as soon as there is room
  #waiting = new Set(); // lanes that back off
  #busyKeys = new Map(); // key that is in flight -> lanes of the same key that wait for it
  #inFlight = 0;

  constructor({ limit, retry = PRODUCTION_RETRY }) {
    this.#limit = limit;
    this.#retry = retry;
  }

  /** Takes a message in. `false` if it is here already: then only its newest lease counts, the older one is void. */
  add({ subscription, messageId, key, ...rest }) {
    const heldId = `${subscription}/${messageId}`;
    const known = this.#held.get(heldId);
    if (known) {
      known.ackId = rest.ackId;
      return false;
    }
    const message = { subscription, messageId, key, ...rest, attempt: 1 };
    this.#held.set(heldId, message);
    const laneId = key ? `${subscription}\n${key}` : `${subscription}\n\n${messageId}`;
    let lane = this.#lanes.get(laneId);
    if (!lane) {
      lane = { id: laneId, key: key || laneId, messages: [], dueMs: 0 };
      this.#lanes.set(laneId, lane);
      this.#ready.push(lane);
    }
    message.lane = lane;
    lane.messages.push(message);
    return true;
  }

  /** The next message to deliver, or undefined when there is none or no room. */
  next(nowMs) {
    if (this.#inFlight >= this.#limit) return undefined;
    this.#wake(nowMs);
    while (this.#ready.length > 0) {
      const lane = this.#ready.shift();
      const others = this.#busyKeys.get(lane.key);
      if (others) {
        others.push(lane);
        continue;
      }
      this.#busyKeys.set(lane.key, []);
      this.#inFlight += 1;
      return lane.messages[0];
    }
    return undefined;
  }

  /** The message is done with, one way or another: the next of its lane may go. */
  finished(message) {
    const { lane } = message;
    lane.messages.shift();
    this.#held.delete(`${message.subscription}/${message.messageId}`);
    if (lane.messages.length > 0) this.#ready.push(lane);
    else this.#lanes.delete(lane.id);
    this.#freeKey(lane);
  }

  /** The delivery failed: it is tried again after the back-off, and its lane with it. */
  failed(message, nowMs) {
    const { lane } = message;
    lane.dueMs = nowMs + backOffMs(message.attempt, this.#retry);
    message.attempt += 1;
    this.#waiting.add(lane);
    this.#freeKey(lane);
  }

  /** When the next back-off ends, or undefined. */
  nextDueMs() {
    let earliest;
    for (const { dueMs } of this.#waiting) if (earliest === undefined || dueMs < earliest) earliest = dueMs;
    return earliest;
  }

  /** Every message that is here, for their leases to be extended. */
  held() {
    return this.#held.values();
  }

  state() {
    let blocked = 0;
    for (const lane of this.#waiting) blocked += lane.messages.length;
    return { inFlight: this.#inFlight, queued: this.#held.size - this.#inFlight - blocked, blocked };
  }

  #freeKey(lane) {
    this.#inFlight -= 1;
    this.#ready.push(...this.#busyKeys.get(lane.key));
    this.#busyKeys.delete(lane.key);
  }

  #wake(nowMs) {
    for (const lane of this.#waiting) {
      if (lane.dueMs > nowMs) continue;
      this.#waiting.delete(lane);
      this.#ready.push(lane);
    }
  }
}
