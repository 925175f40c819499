// What a view listens to, from its first rendering until it leaves the screen.

import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { doc, type DocumentReference, type Query } from 'firebase/firestore';
import { hasInexact, readExactly } from './exact.js';
import type { Heard } from './listeners.js';
import { page } from './page.js';
import { named, type Asked } from './queries.js';
import { rowOf, type Row } from './rows.js';

export class Live implements ReactiveController {
  /** undefined until the database has answered. */
  rows: Row[] | undefined;
  error: string | undefined;
  #key: string | undefined;
  #close: (() => void) | undefined;
  #target: (() => Query | DocumentReference) | undefined;

  constructor(private host: ReactiveControllerHost) {
    host.addController(this);
  }

  /** Listens to a query of queries.json. Another name or other values begin anew. */
  query(name: string, asked: Asked = {}): void {
    const { after, ...rest } = asked;
    this.#listen(JSON.stringify([name, rest, after?.id]), () => named(page().database.firestore, name, asked));
  }

  document(path: string): void {
    this.#listen(path, () => doc(page().database.firestore, path));
  }

  /** Listens to nothing. */
  none(): void {
    this.#key = undefined;
    this.#target = undefined;
    this.rows = undefined;
    this.#stop();
  }

  get first(): Row | undefined {
    return this.rows?.[0];
  }

  hostConnected(): void {
    if (this.#target && !this.#close) this.#start(this.#target);
  }

  hostDisconnected(): void {
    this.#stop();
  }

  #listen(key: string, target: () => Query | DocumentReference): void {
    if (key === this.#key) return;
    this.#stop();
    this.#key = key;
    this.#target = target;
    this.rows = undefined;
    this.error = undefined;
    this.#start(target);
  }

  #start(target: () => Query | DocumentReference): void {
    this.#close = page().listeners.open(target(), (heard) => this.#heard(heard), ({ message }) => {
      this.error = message;
      this.rows ??= [];
      this.host.requestUpdate();
    });
  }

  #stop(): void {
    this.#close?.();
    this.#close = undefined;
  }

  #heard({ documents }: Heard): void {
    const rows = documents.map(rowOf);
    this.rows = rows;
    this.error = undefined;
    this.host.requestUpdate();
    for (const row of rows) if (hasInexact(row.data)) void this.#makeExact(row);
  }

  async #makeExact(row: Row): Promise<void> {
    const { database, session, listeners } = page();
    const exact = await readExactly(database.documentsUrl, row.path, await session.token());
    listeners.countReads(1);
    if (!exact || !this.rows?.includes(row)) return;
    row.data = exact;
    this.host.requestUpdate();
  }
}
