// Reviews: who waits for a person, oldest first. "Take next" claims the oldest that nobody has, so that no two open one.

import { html, nothing } from 'lit';
import { caseOf, type Case } from '../checks.js';
import { command, newId, type Answer } from '../commands.js';
import { outcome } from '../elements/outcome.js';
import { badge, customerLink, since } from '../elements/words.js';
import { Live } from '../live.js';
import { Names } from '../names.js';
import { page } from '../page.js';
import { go } from '../route.js';
import { moment, text, type Row } from '../rows.js';
import { mayAct } from '../session.js';
import { duration } from '../times.js';
import '../elements/review-card.js';
import { ViewElement, instead } from './view.js';

const REVIEWED = ['IN_REVIEW', 'ON_HOLD'];
const TRIES = 5;

interface Review {
  id: string;
  row: Row;
  found: Case;
  waitsSince: Date | undefined;
}

class Reviews extends ViewElement {
  static override properties = { ...ViewElement.properties, answer: { state: true }, isBusy: { state: true } };
  declare answer: Answer | undefined;
  declare isBusy: boolean;
  #oldest = new Live(this);
  /** A case that was held before it had a result isn't among those that are ordered by it. */
  #byId = new Live(this);
  #names = new Names(this);

  override willUpdate(): void {
    this.#oldest.query('reviews', { values: [REVIEWED] });
    this.#byId.query('reviews-by-id', { values: [REVIEWED] });
  }

  get #reviews(): Review[] {
    const rows = new Map([...(this.#byId.rows ?? []), ...(this.#oldest.rows ?? [])].map((row) => [row.id, row]));
    const reviews = [...rows.values()].map((row) => ({ id: row.id, row, found: caseOf(row, ''), waitsSince: moment(row.data.lastResultAt) }));
    return reviews.sort((a, b) => (a.waitsSince?.getTime() ?? 0) - (b.waitsSince?.getTime() ?? 0) || (a.id < b.id ? -1 : 1));
  }

  override render() {
    const reviews = this.#reviews;
    const open = this.filter('open');
    const mine = reviews.filter(({ found }) => found.claimedBy === page().session.email);
    const free = reviews.filter(({ found }) => found.claimedBy === undefined);
    return html`<h1 tabindex="-1">Reviews</h1>
      <div class="row">
        ${mayAct(page().session.role) ? html`<button class="main" ?disabled=${this.isBusy || free.length === 0} @click=${() => this.#takeNext()}>Take next</button>` : nothing}
        <span class="quiet">${reviews.length >= 50 ? 'More than 50' : reviews.length} waiting, ${mine.length} with you</span>
      </div>
      ${outcome(this.answer)}
      ${open ? html`<boma-review-card .customer=${open}></boma-review-card>` : nothing}
      ${instead(this.#oldest, reviews.length > 0 ? '' : 'Nobody waits.')}
      ${reviews.length === 0 ? nothing : html`<div class="scrolls" tabindex="0" role="region" aria-label="Reviews, a table"><table>
        <thead><tr><th scope="col">Customer</th><th scope="col">Waiting</th><th scope="col">Check</th><th scope="col">Reasons</th><th scope="col">Provider</th><th scope="col">With</th><th scope="col"></th></tr></thead>
        <tbody>${reviews.map((review) => this.#row(review, open))}</tbody></table></div>`}`;
  }

  #row({ id, row, found, waitsSince }: Review, open: string) {
    return html`<tr class=${id === open ? 'open' : ''}>
      <th scope="row">${customerLink(id, this.#names.of(id))}</th>
      <td>${waitsSince ? duration(Date.now() - waitsSince.getTime()) : 'since it was held'}</td>
      <td>${badge(found.check)}</td>
      <td>${found.reasons.join(', ')}</td>
      <td>${text(row.data.provider)}</td>
      <td>${found.claimedBy === page().session.email ? 'you' : found.claimedBy ?? ''} ${found.claimedAt ? since(found.claimedAt) : nothing}</td>
      <td><a href="/reviews?open=${id}" aria-label="Open ${this.#names.of(id) ?? id}">Open</a></td>
    </tr>`;
  }

  /** Somebody else may be faster: then the next one. */
  async #takeNext() {
    this.isBusy = true;
    const tried = new Set<string>();
    const lost: string[] = [];
    try {
      for (let tries = 0; tries < TRIES; tries += 1) {
        const next = this.#reviews.find(({ id, found }) => found.claimedBy === undefined && !tried.has(id));
        if (!next) break;
        tried.add(next.id);
        this.answer = await command(newId(), 'ReviewClaimed', next.id, {});
        if (this.answer.outcome === 'APPLIED') {
          this.answer = lost.length > 0 ? { outcome: 'DONE', reason: `${lost.length} before it went to somebody else` } : undefined;
          go(`/reviews?open=${next.id}`);
          return;
        }
        if (!this.answer.reason?.includes('AlreadyClaimed')) return;
        lost.push(next.id);
      }
      this.answer = { outcome: 'REFUSED', reason: `AlreadyClaimed: somebody else took ${[...lost].map((id) => id.slice(0, 8)).join(', ')}, and no other waits` };
    } finally {
      this.isBusy = false;
    }
  }
}

customElements.define('view-reviews', Reviews);
