// What happened to a customer: when, by whom, and each field as it was and as it became.

import { LitElement, html, nothing } from 'lit';
import type { Value } from '../exact.js';
import { Live } from '../live.js';
import { money } from '../money.js';
import { Pages } from '../pages.js';
import { list, map, moment, text, whole, type Row } from '../rows.js';
import { instead } from '../views/view.js';
import { shown, when } from './words.js';

class Timeline extends LitElement {
  static override properties = { customer: {} };
  declare customer: string;
  #entries = new Live(this);
  #pages = new Pages(this);

  protected override createRenderRoot() {
    return this;
  }

  override willUpdate(): void {
    this.#entries.query('timeline', { parent: this.customer, ...this.#pages.of(this.customer).asked });
  }

  override render() {
    return html`${instead(this.#entries, 'Nothing has happened yet.')}<div class="timeline" tabindex="0" role="region" aria-label="Entries of the timeline"><ol>${this.#entries.rows?.map((row) => this.#entry(row))}</ol></div>
      ${this.#pages.buttons(this.#entries.rows ?? [], 'Pages of the timeline')}`;
  }

  #entry({ id, data }: Row) {
    const consumer = id.slice(0, id.indexOf('.'));
    return html`<li>
      <p><strong>${text(data.type)}</strong> <span class="quiet">${consumer}</span> ${when(moment(data.at))}</p>
      <p class="by">by ${text(data.by) || text(data.source)}${text(data.by) !== text(data.source) && text(data.source) ? html` <span class="quiet">through ${text(data.source)}</span>` : nothing}${text(data.approvedBy) ? html`, approved by ${text(data.approvedBy)}` : nothing}</p>
      <ul class="changes">${this.#changes(list(data.changes).map(map))}</ul>
    </li>`;
  }

  #changes(changes: Record<string, Value>[]) {
    const of = changes.find(({ field }) => field === 'currency');
    const currency = text(of?.new) || text(of?.old);
    return changes.map(({ field, old, new: now, omitted }) => {
      const name = text(field);
      // What is personal stands in the document alone: the timeline stays when that goes.
      if (omitted !== undefined) return html`<li><span class="field">${name}</span> <ins>changed</ins></li>`;
      const said = (value: Value | undefined) => valueOf(name, value, currency) || 'nothing';
      return html`<li><span class="field">${name}</span> ${old === undefined ? nothing : html`<del>${said(old)}</del> <span aria-label="to">→</span> `}<ins>${said(now)}</ins></li>`;
    });
  }
}

const OF_BALANCES = /^balances\.([A-Z]{3})\./;
const AMOUNTS = ['amount', 'settledAmount', 'refunded', 'disputed', 'reversedAmount'];

/** Minor units as money, where the entry says of which currency. */
function valueOf(field: string, value: Value | undefined, currency: string): string {
  const of = OF_BALANCES.exec(field)?.[1] ?? (AMOUNTS.includes(field) ? currency : '');
  const minor = whole(value);
  if (of && minor !== undefined) return money(minor, of);
  if (field === 'postings' && currency) return list(value).map(map).map(({ account, amount }) => `${text(account)} ${money(whole(amount), currency)}`).join(', ');
  return shown(value);
}

customElements.define('boma-timeline', Timeline);
