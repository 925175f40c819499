// Customers' names in lists of what is about them: each is read once, and stays in memory alone.

import type { ReactiveControllerHost } from 'lit';
import { doc, getDoc } from 'firebase/firestore';
import { page } from './page.js';
import { map, rowOf, text } from './rows.js';

/** undefined: asked for, and not yet here. */
const names = new Map<string, string | undefined>();

export class Names {
  constructor(private host: ReactiveControllerHost) {}

  of(id: string): string | undefined {
    if (!names.has(id)) void this.#read(id);
    return names.get(id);
  }

  async #read(id: string): Promise<void> {
    names.set(id, undefined);
    const { database, listeners } = page();
    const found = await getDoc(doc(database.firestore, 'users', id)).catch(() => undefined);
    listeners.countReads(1);
    if (!found?.exists()) return;
    names.set(id, text(map(rowOf(found).data.profileData).fullName));
    this.host.requestUpdate();
  }
}
