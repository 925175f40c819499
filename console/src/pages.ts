// Fifty at a time: where a list goes on, and the way back.

import { html, nothing, type ReactiveControllerHost, type TemplateResult } from 'lit';
import type { Asked } from './queries.js';
import type { Row } from './rows.js';

const PAGE = 50;

export class Pages {
  /** The last row of each page that was left behind. */
  #left: Row[] = [];
  #list = '';

  constructor(private host: ReactiveControllerHost) {}

  /** Another list begins at its first page. */
  of(...list: string[]): this {
    const key = JSON.stringify(list);
    if (key !== this.#list) this.#left = [];
    this.#list = key;
    return this;
  }

  get asked(): Pick<Asked, 'after'> {
    const last = this.#left.at(-1);
    return last ? { after: last.snapshot } : {};
  }

  buttons(rows: readonly Row[], name: string): TemplateResult | typeof nothing {
    const last = rows.at(-1);
    if (this.#left.length === 0 && rows.length < PAGE) return nothing;
    return html`<nav class="pages" aria-label=${name}>
      ${this.#left.length > 0 ? html`<button @click=${() => this.#go(() => this.#left.pop())}>Previous</button>` : nothing}
      ${rows.length >= PAGE && last ? html`<button @click=${() => this.#go(() => this.#left.push(last))}>Next</button>` : nothing}
    </nav>`;
  }

  #go(move: () => void): void {
    move();
    this.host.requestUpdate();
  }
}
