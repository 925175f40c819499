// A customer's transactions with their postings, the newest first; or the one that a source calls by its own reference.

import { LitElement, html, nothing } from 'lit';
import { Live } from '../live.js';
import { money } from '../money.js';
import { Pages } from '../pages.js';
import { customerPath, go } from '../route.js';
import { list, map, moment, text, whole, type Row } from '../rows.js';
import { instead } from '../views/view.js';
import { badge, facts, shown, when } from './words.js';

class Transactions extends LitElement {
  static override properties = { customer: {}, reference: {} };
  declare customer: string;
  declare reference: string;
  #transactions = new Live(this);
  #pages = new Pages(this);

  protected override createRenderRoot() {
    return this;
  }

  override willUpdate(): void {
    if (this.reference) this.#transactions.query('transactions-by-reference', { values: [this.reference] });
    else this.#transactions.query('transactions-of-customer', { values: [this.customer], ...this.#pages.of(this.customer).asked });
  }

  override render() {
    const rows = this.#transactions.rows ?? [];
    return html`<section class="card" aria-labelledby="transactions"><h2 id="transactions">Transactions</h2>
      <form class="filters" @submit=${this.#search}><label>The source’s reference <input name="reference" .value=${this.reference} autocomplete="off"></label><button>Find</button>
        ${this.reference ? html`<a class="button" href=${customerPath(this.customer)}>All</a>` : nothing}</form>
      ${instead(this.#transactions, 'No transaction.')}
      ${rows.length === 0 ? nothing : html`<ul class="transactions">${rows.map((row) => this.#row(row))}</ul>`}
      ${this.#pages.buttons(rows, 'Pages of transactions')}
    </section>`;
  }

  #row({ id, data }: Row) {
    const currency = text(data.currency);
    const other = text(data.userId) === this.customer ? '' : html`<a href=${customerPath(text(data.userId))}>another customer</a>`;
    const amount = (field: string) => (data[field] === undefined ? '' : money(whole(data[field]), currency));
    return html`<li><details>
      <summary><span>${text(data.kind)}</span> <span class="number">${money(whole(data.amount), currency)}</span> ${badge(text(data.status))} ${when(moment(data.timestamp))} ${other}</summary>
      ${facts([
        ['Id', html`<code>${id}</code>`], ['Method', text(data.method)], ['Reference', text(data.reference)], ['Reason', text(data.reason)], ['Settled', amount('settledAmount')],
        ['Refunded', amount('refunded')], ['Disputed', amount('disputed')], ['Reversed', amount('reversedAmount')], ['Payment', text(data.paymentId)],
        ['Counterparty', shown(data.counterparty)], ['Description', text(data.description)], ['Metadata', shown(data.metadata)], ['Expires', when(moment(data.expiresAt))],
        ['Operator', text(data.operator)], ['Approved by', text(data.approvedBy)],
      ])}
      <table><caption>Postings</caption><thead><tr><th scope="col">Account</th><th scope="col" class="number">Amount</th></tr></thead>
        <tbody>${list(data.postings).map((posting) => html`<tr><th scope="row">${text(map(posting).account)}</th><td class="number">${money(whole(map(posting).amount), currency)}</td></tr>`)}</tbody></table>
    </details></li>`;
  }

  #search(event: SubmitEvent) {
    event.preventDefault();
    const reference = String(new FormData(event.target as HTMLFormElement).get('reference') ?? '').trim();
    go(`${customerPath(this.customer)}${reference ? `?reference=${encodeURIComponent(reference)}` : ''}`);
  }
}

customElements.define('boma-transactions', Transactions);
