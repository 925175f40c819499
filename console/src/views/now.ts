// Now: what happens, from the summaries of `pulse` alone: rates, amounts, the newest of each kind. What waits is counted now and then.

import { html, nothing } from 'lit';
import { getCountFromServer, getDocs } from 'firebase/firestore';
import '../elements/chart.js';
import { badge, customerLink, short, since } from '../elements/words.js';
import type { Value } from '../exact.js';
import { Live } from '../live.js';
import { money } from '../money.js';
import { page } from '../page.js';
import { minutesOf, newestOf, sum, type Minute } from '../pulse.js';
import { named } from '../queries.js';
import { moment, rowOf, text, whole } from '../rows.js';
import { maySeeCustomers } from '../session.js';
import { duration } from '../times.js';
import { ViewElement, instead } from './view.js';

const SHOWN_MINUTES = 60;
const MINUTE_MS = 60_000;
const COUNTED_EVERY_MS = 60_000;
const REVIEWED = ['IN_REVIEW', 'ON_HOLD'];

interface Waiting {
  letters: number;
  reviews: number;
  approvals: number;
  oldest: Date | undefined;
}

class Now extends ViewElement {
  static override properties = { ...ViewElement.properties, waiting: { state: true } };
  declare waiting: Waiting | undefined;
  #pulse = new Live(this);
  #from = new Date(Date.now() - SHOWN_MINUTES * MINUTE_MS);
  #counting: number | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    if (!maySeeCustomers(page().session.role)) return;
    void this.#count();
    this.#counting = setInterval(() => void this.#count(), COUNTED_EVERY_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#counting);
  }

  async #count() {
    if (document.visibilityState === 'hidden') return;
    const { database: { firestore }, listeners } = page();
    const counted = async (name: string, values: unknown[]) => {
      const { count } = (await getCountFromServer(named(firestore, name, { values, isCounted: true }))).data();
      listeners.countReads(1);
      return count;
    };
    const [letters, reviews, approvals, first] = await Promise.all([
      counted('letters-counted', ['OPEN']), counted('reviews-counted', [REVIEWED]), counted('approvals-counted', ['PENDING']),
      getDocs(named(firestore, 'oldest-review', { values: [REVIEWED] })),
    ]);
    listeners.countReads(first.size);
    const oldest = first.docs[0];
    this.waiting = { letters, reviews, approvals, oldest: oldest && moment(rowOf(oldest).data.lastResultAt) };
  }

  override willUpdate(): void {
    this.#pulse.query('pulse', { values: [this.#from] });
  }

  override render() {
    // The present minute is told by itself: among whole ones it would look like a fall.
    const all = everyMinute(minutesOf(this.#pulse.rows ?? []));
    const [minutes, present] = [all.slice(0, -1), all.slice(-1)];
    const last = minutes.slice(-5);
    const times = minutes.map(({ at }) => at.getTime() / 1000);
    const per = (name: string, of: 'changes' | 'statuses' = 'statuses') => minutes.map((minute) => minute[of].get(name) ?? 0);
    return html`<h1 tabindex="-1">Now</h1>
      <ul class="tiles">
        ${tile('changes this minute', changes(present), '', last.length > 0 ? `about ${rate(changes(last), last.length)} a minute before` : '')}
        ${tile('registered in the hour', sum(all, 'users.created', 'statuses'))}
        ${tile('settled in the hour', sum(all, 'transactions.SETTLED', 'statuses'))}
        ${this.#waitingTiles()}
      </ul>
      ${this.#pulse.error ? instead(this.#pulse, '') : nothing}
      <div class="charts">
        <boma-chart class="card" .name=${'Changes a minute'} .times=${times} .series=${[['users', 'customers'], ['transactions', 'transactions'], ['kyc_cases', 'KYC'], ['leads', 'leads']].map(([name, label]) => ({ name: label!, values: per(name!, 'changes') }))}></boma-chart>
        <boma-chart class="card" .name=${'Settled a minute, by currency'} .times=${times} .series=${amountsOf(minutes)}></boma-chart>
      </div>
      ${this.#newest()}`;
  }

  #waitingTiles() {
    if (!this.waiting) return nothing;
    const { letters, reviews, approvals, oldest } = this.waiting;
    return html`${tile('waiting for review', reviews, '/reviews', oldest ? `the oldest for ${duration(Date.now() - oldest.getTime())}` : '')}
      ${tile('for a second person', approvals, '/approvals')}${tile('open letters', letters, '/dead-letters')}`;
  }

  #newest() {
    const { transactions, kyc } = newestOf(this.#pulse.rows ?? []);
    const empty = html`<p class="quiet">Nothing in this hour.</p>`;
    const list = (title: string, id: string, rows: Record<string, Value>[], row: (one: Record<string, Value>) => unknown) => html`<section class="card" aria-labelledby=${id}>
      <h2 id=${id}>${title}</h2>${rows.length === 0 ? empty : html`<ul class="newest">${rows.map((one) => html`<li>${row(one)}</li>`)}</ul>`}</section>`;
    const who = (one: Record<string, Value>) => (maySeeCustomers(page().session.role) ? customerLink(text(one.userId)) : short(text(one.userId)));
    return html`<div class="columns">
      ${list('Newest transactions', 'newest-transactions', transactions, (one) => html`${since(moment(one.at))} <span>${text(one.kind)}</span> <span class="number">${money(whole(one.amount), text(one.currency))}</span> ${badge(text(one.status))} ${who(one)}`)}
      ${list('Newest in KYC', 'newest-kyc', kyc, (one) => html`${since(moment(one.at))} ${text(one.from) ? html`${text(one.from)} → ` : nothing}${badge(text(one.status))} ${who(one)}`)}
    </div>`;
  }
}

const tile = (label: string, value: number, href = '', note = '') => html`<li class="card tile"><strong>${value}</strong> ${href ? html`<a href=${href}>${label}</a>` : html`<span>${label}</span>`}${note ? html`<span class="quiet">${note}</span>` : nothing}</li>`;

const COUNTED = ['users', 'transactions', 'leads', 'kyc_cases'];
const changes = (minutes: Minute[]) => COUNTED.reduce((all, collection) => all + sum(minutes, collection, 'changes'), 0);

const rate = (count: number, minutes: number) => (minutes === 0 ? 0 : Math.round(count / minutes));

/** A minute without changes has no document, and is a zero. */
function everyMinute(minutes: Minute[]): Minute[] {
  const first = minutes[0];
  if (!first) return [];
  const found = new Map(minutes.map((minute) => [minute.at.getTime(), minute]));
  const now = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
  const count = Math.min(SHOWN_MINUTES, Math.max(1, (now - first.at.getTime()) / MINUTE_MS + 1));
  return Array.from({ length: Math.max(count, 2) }, (_, index) => {
    const at = now - (Math.max(count, 2) - 1 - index) * MINUTE_MS;
    return found.get(at) ?? { at: new Date(at), changes: new Map(), statuses: new Map(), amounts: new Map() };
  });
}

/** The currencies with the most of it. A picture may be drawn from doubles; amounts that are read aren't. */
function amountsOf(minutes: Minute[]): { name: string; values: number[] }[] {
  const currencies = [...new Set(minutes.flatMap(({ amounts }) => [...amounts.keys()].map((key) => key.split(' ')[1]!)))].slice(0, 4);
  const wholeUnits = ({ amounts }: Minute, currency: string) => Math.round(Number([...amounts].filter(([key]) => key.endsWith(` ${currency}`)).reduce((all, [, minor]) => all + minor, 0n)) / 100);
  const series = currencies.map((name) => ({ name, values: minutes.map((minute) => wholeUnits(minute, name)) }));
  return series.length > 0 ? series : [{ name: 'none', values: minutes.map(() => 0) }];
}

customElements.define('view-now', Now);
