// One customer: who it is, where the check and its suspensions stand, the money, what happened, and every action that the state allows.

import { html, nothing } from 'lit';
import { caseOf, type Case } from '../checks.js';
import '../elements/approval-card.js';
import '../elements/customer-actions.js';
import '../elements/letter-card.js';
import '../elements/timeline.js';
import '../elements/transactions.js';
import { badge, facts, shown, since, when } from '../elements/words.js';
import { Live } from '../live.js';
import { money } from '../money.js';
import { list, map, moment, text, whole, type Row } from '../rows.js';
import { ViewElement, instead } from './view.js';

const PROFILE: [field: string, label: string][] = [
  ['email', 'E-mail'], ['phone', 'Phone'], ['birthDate', 'Born'], ['country', 'Country'], ['region', 'Region'], ['address', 'Address'],
  ['language', 'Language'], ['kind', 'Kind'],
];

class Customer extends ViewElement {
  static override properties = { ...ViewElement.properties, customer: {} };
  declare customer: string;
  #user = new Live(this);
  #case = new Live(this);
  #notes = new Live(this);
  #approvals = new Live(this);
  #letters = new Live(this);
  #mails = new Live(this);

  override willUpdate(): void {
    const { customer } = this;
    this.#user.document(`users/${customer}`);
    this.#case.document(`kyc_cases/${customer}`);
    this.#notes.query('notes', { parent: customer });
    this.#approvals.query('approvals-of-customer', { values: [customer] });
    this.#letters.query('letters-of-customer', { values: [customer] });
    const email = text(map(this.#user.first?.data.profileData).email);
    if (email) this.#mails.query('mails-of-customer', { values: [email] });
  }

  override render() {
    const user = this.#user.first;
    if (!user) {
      return html`<h1 tabindex="-1">Customer</h1>${this.#user.error || !this.#user.rows ? instead(this.#user, '') : html`<p>There is no customer ${this.customer}. What came for one before the registration waits among the dead letters.</p>`}`;
    }
    const found = caseOf(this.#case.first, text(user.data.kycStatus));
    const profile = map(user.data.profileData);
    const status = text(user.data.kycStatus);
    return html`<header class="customer">
        <h1 tabindex="-1">${text(profile.fullName) || 'Customer'}</h1>
        <p>${badge(status)} <span class="badge ${user.data.tradingEnabled === true ? 'good' : ''}">trading ${user.data.tradingEnabled === true ? 'on' : 'off'}</span>
          <code class="id">${this.customer}</code></p>
      </header>
      <div class="columns">
        <div>${this.#profile(user, profile)}${this.#kyc(found)}${this.#balances(user, found)}${this.#assigned(user, found)}</div>
        <div><section class="card" aria-labelledby="timeline"><h2 id="timeline">Timeline</h2><boma-timeline .customer=${this.customer}></boma-timeline></section></div>
      </div>
      <boma-transactions .customer=${this.customer} .reference=${this.filter('reference')}></boma-transactions>
      ${this.#waiting()}${this.#mail()}`;
  }

  #profile(user: Row, profile: ReturnType<typeof map>) {
    return html`<section class="card" aria-labelledby="profile"><h2 id="profile">Profile</h2>${facts([
      ...PROFILE.map(([field, label]): [string, string] => [label, shown(profile[field])]),
      ['Registered', when(moment(user.data.createdAt))], ['Changed', since(moment(user.data.updatedAt))], ['Assigned to', text(user.data.assignedTo)],
    ])}</section>`;
  }

  #kyc(found: Case) {
    const data = this.#case.first?.data ?? {};
    return html`<section class="card" aria-labelledby="kyc"><h2 id="kyc">KYC ${badge(found.check)}</h2>
      ${facts([
        ['Provider', text(data.provider)], ['Review', text(data.reviewId)], ['Its answer', text(data.decision)], ['Reasons', found.reasons.join(', ')],
        ['Answered', when(moment(data.lastResultAt))], ['Valid until', when(moment(data.validUntil))], ['Due', when(moment(data.dueAt))],
        ['Cycle', shown(data.cycle)], ['Attempt', shown(data.attempt)], ['Earlier reviews', list(data.oldReviewIds).length || ''],
        ['With', found.claimedBy ? html`${found.claimedBy}, ${since(found.claimedAt)}` : ''],
      ])}
      ${found.suspensions.length === 0 ? nothing : html`<h3>Suspensions</h3><ul class="suspensions">${found.suspensions.map(({ id, reason, since: from }) => html`<li>${reason} <span class="quiet">since ${when(from)}, <code title=${id}>${id.slice(0, 8)}</code></span></li>`)}</ul>`}
      <boma-customer-actions .customer=${this.customer} .found=${found} place="review"></boma-customer-actions>
      <boma-customer-actions .customer=${this.customer} .found=${found} place="kyc"></boma-customer-actions>
    </section>`;
  }

  #balances(user: Row, found: Case) {
    const balances = Object.entries(map(user.data.balances));
    return html`<section class="card" aria-labelledby="balances"><h2 id="balances">Balances</h2>
      ${balances.length === 0 ? html`<p class="quiet">No money has moved.</p>` : html`<table><thead><tr><th scope="col">Currency</th><th scope="col" class="number">Available</th><th scope="col" class="number">Pending</th><th scope="col" class="number">Reserved</th></tr></thead>
        <tbody>${balances.map(([currency, balance]) => html`<tr><th scope="row">${currency}</th>${['available', 'pending', 'reserved'].map((part) => html`<td class="number">${money(whole(map(balance)[part]), currency)}</td>`)}</tr>`)}</tbody></table>`}
      <boma-customer-actions .customer=${this.customer} .found=${found} place="money"></boma-customer-actions>
    </section>`;
  }

  #assigned(user: Row, found: Case) {
    const notes = this.#notes.rows ?? [];
    return html`<section class="card" aria-labelledby="notes"><h2 id="notes">Notes and assignment</h2>
      <p>${text(user.data.assignedTo) ? html`With <strong>${text(user.data.assignedTo)}</strong>` : html`<span class="quiet">Nobody is assigned.</span>`}</p>
      ${notes.length === 0 ? nothing : html`<ul class="notes">${notes.map(({ data }) => html`<li><p>${text(data.text)}</p><p class="quiet">${text(data.by)}, ${when(moment(data.at))}</p></li>`)}</ul>`}
      <boma-customer-actions .customer=${this.customer} .found=${found} place="notes"></boma-customer-actions>
    </section>`;
  }

  #waiting() {
    const approvals = this.#approvals.rows ?? [];
    const letters = this.#letters.rows ?? [];
    return html`
      ${approvals.length === 0 ? nothing : html`<section aria-labelledby="approvals"><h2 id="approvals">Approvals</h2><div class="cards">${approvals.map((row) => html`<boma-approval-card .row=${row}></boma-approval-card>`)}</div></section>`}
      ${letters.length === 0 ? nothing : html`<section class="card" aria-labelledby="letters"><h2 id="letters">Dead letters</h2>${letters.map((row) => html`<boma-letter-card .row=${row}></boma-letter-card>`)}</section>`}`;
  }

  #mail() {
    const mails = this.#mails.rows ?? [];
    return mails.length === 0 ? nothing : html`<section class="card" aria-labelledby="mails"><h2 id="mails">Mails</h2><ul class="mails">${mails.map(({ id, data }) => {
      const template = map(data.template);
      return html`<li><strong>${text(template.name)}</strong> ${shown(template.data)} <span class="quiet"><code title=${id}>${id.split('.')[0]}</code></span></li>`;
    })}</ul></section>`;
  }
}

customElements.define('view-customer', Customer);
