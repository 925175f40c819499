// Every listener of the page. Each changed document costs a read for each listener that has it, so there are few, each is bounded by its
// query, and a tab that nobody sees has none.

import { onSnapshot, type DocumentReference, type Query, type QueryDocumentSnapshot } from 'firebase/firestore';

const MOST = 10;
/** A glance at another tab isn't worth reading everything again. */
const PAUSES_AFTER_MS = 10_000;

export type State = 'live' | 'connecting' | 'offline' | 'paused' | 'idle';

export interface Heard {
  documents: QueryDocumentSnapshot[];
}

interface Listener {
  target: Query | DocumentReference;
  hear(heard: Heard): void;
  fail(error: Error): void;
  stop?: () => void;
  isFresh: boolean;
}

export class Listeners extends EventTarget {
  /** Documents that the database was read for, as it bills them. */
  reads = 0;
  /** Snapshots that brought something. */
  pushes = 0;
  /** When the last of them came, in ms since 1970. */
  heardAtMs = 0;
  #open = new Set<Listener>();
  #isPaused = false;
  #pausing: number | undefined;

  constructor(page: Document = document) {
    super();
    page.addEventListener('visibilitychange', () => this.#seen(page.visibilityState === 'visible'));
    for (const event of ['online', 'offline']) page.defaultView?.addEventListener(event, () => this.#changed());
  }

  get count() {
    return this.#open.size;
  }

  get state(): State {
    if (this.#isPaused) return 'paused';
    if (!navigator.onLine) return 'offline';
    if (this.#open.size === 0) return 'idle';
    return [...this.#open].every(({ isFresh }) => isFresh) ? 'live' : 'connecting';
  }

  /** Until the answer is called. */
  open(target: Query | DocumentReference, hear: Listener['hear'], fail: Listener['fail']): () => void {
    if (this.#open.size >= MOST) throw new Error(`A screen has at most ${MOST} listeners`);
    const listener: Listener = { target, hear, fail, isFresh: false };
    this.#open.add(listener);
    if (!this.#isPaused) this.#start(listener);
    this.#changed();
    return () => {
      listener.stop?.();
      this.#open.delete(listener);
      this.#changed();
    };
  }

  /** Documents that were read without a listener. */
  countReads(documents: number) {
    this.reads += Math.max(1, documents);
    this.#changed();
  }

  #start(listener: Listener) {
    const fail = (error: Error) => {
      listener.isFresh = true;
      listener.fail(error);
      this.#changed();
    };
    const heard = (documents: QueryDocumentSnapshot[], changed: number, fromCache: boolean) => {
      const wasFresh = listener.isFresh;
      listener.isFresh = !fromCache;
      if (!fromCache && (changed > 0 || !wasFresh)) {
        this.reads += Math.max(changed, wasFresh ? 0 : 1);
        this.pushes += 1;
        this.heardAtMs = performance.timeOrigin + performance.now();
      }
      if (!fromCache || documents.length > 0) listener.hear({ documents });
      this.#changed();
    };
    const options = { includeMetadataChanges: true };
    listener.stop = listener.target.type === 'document'
      ? onSnapshot(listener.target, options, (one) => heard(one.exists() ? [one as QueryDocumentSnapshot] : [], 1, one.metadata.fromCache), fail)
      : onSnapshot(listener.target, options, (all) => {
        const changed = all.docChanges().filter(({ type }) => type !== 'removed').length;
        heard(all.docs, changed, all.metadata.fromCache);
      }, fail);
  }

  #seen(isVisible: boolean) {
    clearTimeout(this.#pausing);
    if (!isVisible) this.#pausing = setTimeout(() => this.#pause(), PAUSES_AFTER_MS);
    else if (this.#isPaused) this.#resume();
  }

  #pause() {
    this.#isPaused = true;
    for (const listener of this.#open) {
      listener.stop?.();
      listener.isFresh = false;
    }
    this.#changed();
  }

  #resume() {
    this.#isPaused = false;
    for (const listener of this.#open) this.#start(listener);
    this.#changed();
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}
