// One review that is worked on: who the customer is, why a person has to look, and what can be decided.

import { LitElement, html, nothing } from 'lit';
import { caseOf } from '../checks.js';
import { Live } from '../live.js';
import { customerPath } from '../route.js';
import { map, moment, text } from '../rows.js';
import './customer-actions.js';
import { badge, facts, shown, since, when } from './words.js';

class ReviewCard extends LitElement {
  static override properties = { customer: {} };
  declare customer: string;
  #user = new Live(this);
  #case = new Live(this);

  protected override createRenderRoot() {
    return this;
  }

  override willUpdate(): void {
    this.#user.document(`users/${this.customer}`);
    this.#case.document(`kyc_cases/${this.customer}`);
  }

  override render() {
    const user = this.#user.first;
    const row = this.#case.first;
    if (!user) return html`<section class="card"><p class="quiet">${this.#user.rows ? 'No such customer.' : '…'}</p></section>`;
    const profile = map(user.data.profileData);
    const found = caseOf(row, text(user.data.kycStatus));
    return html`<section class="card" aria-label="Review of ${text(profile.fullName)}">
      <h2><a href=${customerPath(this.customer)}>${text(profile.fullName) || this.customer}</a> ${badge(text(user.data.kycStatus))}
        ${found.check === text(user.data.kycStatus) ? nothing : badge(found.check)}</h2>
      ${facts([
        ['E-mail', text(profile.email)], ['Country', text(profile.country)], ['Region', text(profile.region)], ['Born', text(profile.birthDate)],
        ['Phone', text(profile.phone)], ['Address', shown(profile.address)], ['Registered', when(moment(user.data.createdAt))],
        ['Provider', text(row?.data.provider)], ['Its answer', text(row?.data.decision)], ['Its reasons', found.reasons.join(', ')],
        ['Answered', when(moment(row?.data.lastResultAt))], ['Valid until', when(moment(row?.data.validUntil))],
        ['Attempt', shown(row?.data.attempt)], ['Cycle', shown(row?.data.cycle)],
        ['Suspensions', found.suspensions.map(({ reason }) => reason).join(', ')],
        ['With', found.claimedBy ? html`${found.claimedBy}, ${since(found.claimedAt)}` : ''],
        ['Trading', user.data.tradingEnabled === true ? 'on' : 'off'],
      ])}
      <boma-customer-actions .customer=${this.customer} .found=${found} place="review"></boma-customer-actions>
    </section>`;
  }
}

customElements.define('boma-review-card', ReviewCard);
