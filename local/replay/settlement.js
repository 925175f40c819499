// Knows when a published event is settled: every one of its consumers has acknowledged it, and so has every consumer of
// every follow-up event that came of it.
//
// The router's notices name the acknowledged deliveries, the records the follow-up events. A notice can come before its event
// is known here (the publish call hasn't returned, or the record that names the follow-up isn't read yet), so unknown ones
// are kept for a while. A notice can also be lost (the router was restarted): pairs that stay open for some seconds are
// looked up in the records and dead letters.
//
// A pair whose letter waits for a document (AWAITED) is settled as long as that isn't there. It is open again from then on, until the
// letter was replayed; so before an event is called settled, the letters of its customers are looked at.
import { dueLetters, isWaiting } from '../clock/letters.js';
import { slices } from '../slices.js';
import { bodyHash, followUpsOf, messageHash } from './follow-ups.js';
import { Parked } from './parked.js';
import { attributesOf } from './publisher.js';

const READ_AFTER_MS = 10;
const READ_AT_ONCE = 200;
const LOOK_UP_AFTER_MS = 3000;
const RELEASED_LOOK_MS = 100;
const OF_A_LETTER = ['kind', 'status', 'awaits'];
const REMEMBERED = 50_000;
// These never publish anything; for every other outcome the record is read.
const WITHOUT_FOLLOW_UPS = new Set(['IGNORED', 'REFUSED', 'CONFLICT', 'MALFORMED', 'PASSED']);

export class Settlement {
  #consumersOf; // type -> consumers
  #publishing; // consumers that may publish follow-ups
  #documents;
  #onSettled;
  #onError;
  #byMessage = new Map(); // messageId + consumer -> pair
  #byFollowUp = new Map(); // consumer.eventId -> [pair]
  #early = new BoundedMap(REMEMBERED); // messageId + consumer -> notice
  #seen = new BoundedMap(REMEMBERED); // consumer.eventId -> notice
  #toRead = [];
  #readTimer;
  #awaited = new Set(); // pairs with a letter that waits; whether its document is there is to be seen
  #awaitedTimer;
  #parked = new Parked();
  #lookUpTimer;

  constructor({ consumersOf, publishing, documents, onSettled, onError }) {
    this.#consumersOf = consumersOf;
    this.#publishing = publishing;
    this.#documents = documents;
    this.#onSettled = onSettled;
    this.#onError = onError;
    this.#lookUpTimer = setInterval(() => this.#lookUp().catch(onError), LOOK_UP_AFTER_MS);
  }

  published(event, messageId) {
    const root = { event, open: 1, hasNews: true }; // The 1 is taken back once all pairs are in.
    for (const consumer of this.#consumersOf(event.type)) {
      const pair = { root, consumer, customers: event.customers, id: event.id, bytes: event.bytes, type: event.type, messageId, sinceMs: Date.now(), messageKey: `${messageId}/${consumer}` };
      root.open += 1;
      this.#byMessage.set(pair.messageKey, pair);
      const notice = this.#early.take(pair.messageKey);
      if (notice) this.#acknowledged(pair, notice.outcome);
    }
    this.#close(root);
  }

  /** A notice of the router, of a delivery that was acknowledged or given up. */
  heard(notice) {
    const messageKey = `${notice.messageId}/${notice.consumer}`;
    const pair = this.#byMessage.get(messageKey);
    if (pair) {
      this.#acknowledged(pair, notice.outcome);
      return;
    }
    this.#early.keep(messageKey, notice);
    const pairKey = `${notice.consumer}.${notice.eventId}`;
    this.#seen.keep(pairKey, notice);
    for (const followUp of this.#byFollowUp.get(pairKey) ?? []) this.#acknowledged(followUp, notice.outcome);
  }

  /** The pairs that are still open, for the progress line: [{ consumer, id, sinceMs }], the oldest first. */
  open() {
    return [...this.#byMessage.values(), ...[...this.#byFollowUp.values()].flat(), ...this.#awaited].sort((a, b) => a.sinceMs - b.sinceMs);
  }

  /** Resolves once no letter waits for a document that is there. */
  released() {
    return new Promise((resolve) => { this.#close({ isOfAll: true, resolve, open: 1, hasNews: true }); });
  }

  close() {
    clearInterval(this.#lookUpTimer);
    clearTimeout(this.#readTimer);
    clearTimeout(this.#awaitedTimer);
  }

  #acknowledged(pair, outcome) {
    this.#forget(pair);
    if (outcome === 'AWAITED') this.#await(pair, READ_AFTER_MS);
    else this.#follow(pair, outcome);
  }

  #follow(pair, outcome) {
    if (this.#publishing.has(pair.consumer) && pair.id !== undefined && !WITHOUT_FOLLOW_UPS.has(outcome)) {
      this.#toRead.push(pair);
      this.#readTimer ??= setTimeout(() => this.#readRecords().catch(this.#onError), READ_AFTER_MS);
    } else {
      this.#close(pair.root);
    }
  }

  #await(pair, afterMs) {
    this.#awaited.add(pair);
    this.#awaitedTimer ??= setTimeout(() => this.#lookAtLetters().catch(this.#onError), afterMs);
  }

  async #lookAtLetters() {
    const pairs = [...this.#awaited];
    for (const some of slices(pairs, READ_AT_ONCE)) {
      const letters = await this.#documents.read([...new Set(some.map(letterPath))], OF_A_LETTER);
      const due = await dueLetters(this.#documents, letters);
      for (const pair of some) this.#lookedAt(pair, letters.get(letterPath(pair)), due);
    }
    this.#awaitedTimer = this.#awaited.size > 0 ? setTimeout(() => this.#lookAtLetters().catch(this.#onError), RELEASED_LOOK_MS) : undefined;
  }

  #lookedAt(pair, letter, due) {
    if (!isWaiting(letter)) {
      this.#awaited.delete(pair);
      pair.root.hasNews = true;
      this.#follow(pair, 'RELEASED');
    } else if (!due.has(letterPath(pair))) {
      this.#awaited.delete(pair);
      this.#parked.add(pair);
      this.#close(pair.root);
    }
  }

  async #readRecords() {
    this.#readTimer = undefined;
    const pairs = this.#toRead;
    this.#toRead = [];
    for (const some of slices(pairs, READ_AT_ONCE)) {
      const records = await this.#documents.read([...new Set(some.map(recordPath))], ['outgoing']);
      for (const pair of some) this.#followed(pair, records.get(recordPath(pair)));
    }
  }

  #followed(pair, record) {
    for (const followUp of followUpsOf(record)) {
      for (const consumer of this.#consumersOf(followUp.type)) {
        const next = { root: pair.root, consumer, customers: pair.customers, ...followUp, sinceMs: Date.now(), pairKey: `${consumer}.${followUp.id}` };
        next.root.open += 1;
        this.#byFollowUp.set(next.pairKey, [...(this.#byFollowUp.get(next.pairKey) ?? []), next]);
        const notice = this.#seen.get(next.pairKey);
        if (notice) this.#acknowledged(next, notice.outcome);
      }
    }
    this.#close(pair.root);
  }

  #forget(pair) {
    if (pair.messageKey) {
      this.#byMessage.delete(pair.messageKey);
      return;
    }
    const others = (this.#byFollowUp.get(pair.pairKey) ?? []).filter((each) => each !== pair);
    if (others.length > 0) this.#byFollowUp.set(pair.pairKey, others);
    else this.#byFollowUp.delete(pair.pairKey);
  }

  #close(root) {
    root.open -= 1;
    if (root.open > 0) return;
    if (root.hasNews && this.#hasParked(root)) this.#lookOnceMore(root);
    else if (root.isOfAll) root.resolve();
    else this.#onSettled(root.event);
  }

  #hasParked(root) {
    return root.isOfAll ? !this.#parked.isEmpty : this.#parked.has(root.event.customers);
  }

  /** What was released may have brought what others wait for, so this ends with a look that finds no news. */
  #lookOnceMore(root) {
    root.hasNews = false;
    for (const pair of this.#parked.take(root.isOfAll ? undefined : root.event.customers)) {
      Object.assign(pair, { root, sinceMs: Date.now() });
      root.open += 1;
      this.#await(pair, READ_AFTER_MS);
    }
  }

  async #lookUp() {
    const old = [...this.#byMessage.values(), ...[...this.#byFollowUp.values()].flat()].filter(({ sinceMs }) => sinceMs < Date.now() - LOOK_UP_AFTER_MS).slice(0, READ_AT_ONCE);
    if (old.length === 0) return;
    const found = await this.#documents.read(
      [...new Set(old.flatMap((pair) => [...(isIdentifier(pair.id) ? [recordPath(pair)] : []), letterPath(pair), ...unnamedLetterPath(pair)]))], ['outcome', ...OF_A_LETTER],
    );
    for (const pair of old) {
      // A notice may have settled it while we were reading.
      const isOpen = pair.messageKey ? this.#byMessage.has(pair.messageKey) : this.#byFollowUp.get(pair.pairKey)?.includes(pair);
      if (!isOpen) continue;
      if (found.has(recordPath(pair))) this.#acknowledged(pair, found.get(recordPath(pair)).outcome?.stringValue);
      else if (isWaiting(found.get(letterPath(pair)))) this.#acknowledged(pair, 'AWAITED');
      else if ([letterPath(pair), ...unnamedLetterPath(pair)].some((path) => found.has(path))) this.#acknowledged(pair, 'MALFORMED');
    }
  }
}

const recordPath = ({ consumer, id }) => `processed_events/${consumer}.${id}`;
const letterPath = (pair) => `dead_letters/${pair.consumer}.${pair.hash ??= bodyHash(pair.bytes)}`;

// Of a message whose event has no id; nothing of a follow-up, which has one.
const unnamedLetterPath = ({ consumer, bytes, type, messageId }) => (messageId === undefined ? [] : [`dead_letters/${consumer}.${messageHash(bytes, attributesOf(type), messageId)}`]);

// Anything else in a path would make the whole request invalid; such an event can have a letter, but no record.
const isIdentifier = (id) => id !== undefined && /^[\w-]{1,100}$/.test(id);

/** A map that forgets its oldest entries. */
class BoundedMap {
  #limit;
  #entries = new Map();

  constructor(limit) {
    this.#limit = limit;
  }

  keep(key, value) {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size > this.#limit) this.#entries.delete(this.#entries.keys().next().value);
  }

  get(key) {
    return this.#entries.get(key);
  }

  take(key) {
    const value = this.#entries.get(key);
    this.#entries.delete(key);
    return value;
  }
}
