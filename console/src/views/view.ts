// What every view is: an element in the page itself, so that one style sheet and one set of labels serve all.

import { LitElement, html, nothing, type TemplateResult } from 'lit';
import type { Live } from '../live.js';

const AGES_EVERY_MS = 10_000;

export abstract class ViewElement extends LitElement {
  static override properties: Record<string, object> = { filters: { attribute: false } };
  declare filters: URLSearchParams;
  #ticking: number | undefined;

  protected override createRenderRoot() {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#ticking = setInterval(() => this.requestUpdate(), AGES_EVERY_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#ticking);
  }

  protected filter(name: string): string {
    return this.filters?.get(name) ?? '';
  }
}

/** Instead of a list that isn't there: why. */
export function instead(live: Live, empty: string): TemplateResult | typeof nothing {
  if (live.error) return html`<p class="refused" role="alert">${live.error}</p>`;
  if (live.rows === undefined) return html`<p class="quiet">…</p>`;
  return live.rows.length === 0 ? html`<p class="quiet">${empty}</p>` : nothing;
}
