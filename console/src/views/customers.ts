// Customers: searched by id, e-mail or the beginning of a name, filtered by status and region, fifty at a time.

import { html, nothing } from 'lit';
import { badge, since, when } from '../elements/words.js';
import { Live } from '../live.js';
import { money } from '../money.js';
import { page } from '../page.js';
import { Pages } from '../pages.js';
import { customerPath, go } from '../route.js';
import { map, moment, text, whole, type Row } from '../rows.js';
import { ViewElement, instead } from './view.js';

const STATUSES = ['PENDING', 'SUBMITTED', 'IN_REVIEW', 'RESUBMISSION_REQUIRED', 'ON_HOLD', 'APPROVED', 'SUSPENDED', 'REJECTED', 'EXPIRED', 'ABANDONED', 'CLOSED'];
const IS_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** The highest letter of Unicode's first plane: the end of all names with one beginning. */
const LAST_LETTER = '\uf8ff';

class Customers extends ViewElement {
  #customers = new Live(this);
  #pages = new Pages(this);

  override willUpdate(): void {
    const [q, status, region] = ['q', 'status', 'region'].map((name) => this.filter(name).trim()) as [string, string, string];
    const after = this.#pages.of(q, status, region).asked;
    if (IS_ID.test(q.toLowerCase())) this.#customers.document(`users/${q.toLowerCase()}`);
    else if (q.includes('@')) this.#customers.query('customers-by-email', { values: [q] });
    else if (q !== '') this.#customers.query('customers-by-name', { values: [q, q + LAST_LETTER], ...after });
    else if (this.filter('with')) this.#customers.query('customers-of-operator', { values: [this.filter('with')] });
    else if (status && region) this.#customers.query('customers-by-status-and-region', { values: [status, region], ...after });
    else if (status) this.#customers.query('customers-by-status', { values: [status], ...after });
    else if (region) this.#customers.query('customers-by-region', { values: [region], ...after });
    else this.#customers.query('customers', after);
  }

  override render() {
    const rows = this.#customers.rows ?? [];
    return html`<h1 tabindex="-1">Customers</h1>
      <form class="filters" role="search" @submit=${this.#search}>
        <label>Id, e-mail or beginning of the name <input name="q" type="search" .value=${this.filter('q')} autocomplete="off"></label>
        <label>Status <select name="status" @change=${this.#search}><option value="">all</option>
          ${STATUSES.map((status) => html`<option ?selected=${status === this.filter('status')}>${status}</option>`)}</select></label>
        <label>Region <input name="region" .value=${this.filter('region')} autocomplete="off"></label>
        <button class="main">Search</button>
        <a class="button" href="/customers?with=${encodeURIComponent(page().session.email)}">Mine</a>
        ${this.filters?.size ? html`<a class="button" href="/customers">All</a>` : nothing}
      </form>
      ${instead(this.#customers, 'No customer is like that.')}
      ${rows.length === 0 ? nothing : html`<div class="scrolls" tabindex="0" role="region" aria-label="Customers, a table"><table>
        <thead><tr><th scope="col">Name</th><th scope="col">E-mail</th><th scope="col">Status</th><th scope="col">Trading</th><th scope="col">Region</th><th scope="col" class="number">Available</th><th scope="col">Since</th><th scope="col">Changed</th></tr></thead>
        <tbody>${rows.map((row) => this.#row(row))}</tbody></table></div>`}
      ${this.#pages.buttons(rows, 'Pages of customers')}`;
  }

  #row({ id, data }: Row) {
    const profile = map(data.profileData);
    const balances = Object.entries(map(data.balances)).map(([currency, balance]) => money(whole(map(balance).available), currency));
    return html`<tr>
      <th scope="row"><a href=${customerPath(id)}>${text(profile.fullName) || id}</a></th>
      <td>${text(profile.email)}</td>
      <td>${badge(text(data.kycStatus))}</td>
      <td>${data.tradingEnabled === true ? 'on' : 'off'}</td>
      <td>${text(profile.region)}</td>
      <td class="number">${balances.map((balance, at) => html`${at > 0 ? html`<br>` : nothing}${balance}`)}</td>
      <td>${when(moment(data.createdAt))}</td>
      <td>${since(moment(data.updatedAt))}</td>
    </tr>`;
  }

  #search(event: Event) {
    event.preventDefault();
    const form = (event.currentTarget as HTMLElement).closest('form')!;
    const wanted = [...new FormData(form)].map(([name, value]) => [name, String(value).trim()]).filter(([, value]) => value !== '');
    const search = new URLSearchParams(wanted as [string, string][]).toString();
    go(search ? `/customers?${search}` : '/customers');
  }
}

customElements.define('view-customers', Customers);
