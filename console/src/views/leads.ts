// Leads: how far they come in each region, as numbers and bars, and the newest of them.

import { html, nothing, svg } from 'lit';
import { getCountFromServer } from 'firebase/firestore';
import { LEAD_ACTIONS } from '../actions.js';
import { command } from '../commands.js';
import '../elements/action.js';
import { badge, customerLink, short, shown, when } from '../elements/words.js';
import { Live } from '../live.js';
import { page } from '../page.js';
import { named } from '../queries.js';
import { go } from '../route.js';
import { moment, text, type Row } from '../rows.js';
import { mayAct } from '../session.js';
import { ViewElement, instead } from './view.js';

const STATUSES = ['NEW', 'CONTACTED', 'QUALIFIED', 'CONVERTED', 'LOST'] as const;
/** Regions of the newest leads; each costs a count for each status. */
const MOST_REGIONS = 8;

const rect = (status: string, x: number, width: number) => svg`<rect class=${status} x=${x} y="0" width=${width} height="12"></rect>`;

type Funnel = Map<string, number[]>;

class Leads extends ViewElement {
  static override properties = { ...ViewElement.properties, funnel: { state: true } };
  declare funnel: Funnel;
  #leads = new Live(this);
  #counted = '';

  constructor() {
    super();
    this.funnel = new Map();
  }

  override willUpdate(): void {
    const [status, region] = [this.filter('status'), this.filter('region')];
    if (status && region) this.#leads.query('leads-by-status-and-region', { values: [status, region] });
    else if (status) this.#leads.query('leads-by-status', { values: [status] });
    else if (region) this.#leads.query('leads-by-region', { values: [region] });
    else this.#leads.query('leads');
    void this.#count();
  }

  /** Counted by the database, a read for a thousand of them, for the regions that are on the screen. */
  async #count() {
    const regions = [...new Set((this.#leads.rows ?? []).map(({ data }) => text(data.region)))].slice(0, MOST_REGIONS);
    const wanted = JSON.stringify(regions.sort());
    if (regions.length === 0 || wanted === this.#counted) return;
    this.#counted = wanted;
    const { database, listeners } = page();
    const counted = await Promise.all(regions.map(async (region): Promise<[string, number[]]> => [region, await Promise.all(STATUSES.map(async (status) => {
      const { count } = (await getCountFromServer(named(database.firestore, 'leads-counted', { values: [region, status], isCounted: true }))).data();
      listeners.countReads(1);
      return count;
    }))]));
    this.funnel = new Map(counted);
  }

  override render() {
    const rows = this.#leads.rows ?? [];
    return html`<h1 tabindex="-1">Leads</h1>
      ${this.#chart()}
      <form class="filters" @change=${this.#search} @submit=${this.#search}>
        <label>Status <select name="status"><option value="">all</option>${STATUSES.map((status) => html`<option ?selected=${status === this.filter('status')}>${status}</option>`)}</select></label>
        <label>Region <input name="region" .value=${this.filter('region')} autocomplete="off"></label></form>
      ${instead(this.#leads, 'No lead is like that.')}
      ${rows.length === 0 ? nothing : html`<div class="scrolls" tabindex="0" role="region" aria-label="Leads, a table"><table>
        <thead><tr><th scope="col">Lead</th><th scope="col">Status</th><th scope="col">Region</th><th scope="col">Channel</th><th scope="col" class="number">Score</th><th scope="col">Created</th><th scope="col">Customer</th><th scope="col"></th></tr></thead>
        <tbody>${rows.map((row) => this.#row(row))}</tbody></table></div>`}`;
  }

  #chart() {
    if (this.funnel.size === 0) return nothing;
    const most = Math.max(1, ...[...this.funnel.values()].map((counts) => counts.reduce((sum, count) => sum + count, 0)));
    return html`<section class="card" aria-labelledby="funnel"><h2 id="funnel">Funnel by region</h2>
      <div class="scrolls" tabindex="0" role="region" aria-label="Funnel, a table"><table class="funnel"><thead><tr><th scope="col">Region</th>${STATUSES.map((status) => html`<th scope="col" class="number"><i class="key ${status}"></i>${status}</th>`)}<th scope="col" class="number">Rate</th><th scope="col"></th></tr></thead>
      <tbody>${[...this.funnel].map(([region, counts]) => this.#bar(region, counts, most))}</tbody></table></div></section>`;
  }

  #bar(region: string, counts: number[], most: number) {
    const all = counts.reduce((sum, count) => sum + count, 0);
    const ends = counts.map((_, at) => counts.slice(0, at + 1).reduce((sum, count) => sum + count, 0));
    return html`<tr><th scope="row"><a href="/leads?region=${encodeURIComponent(region)}">${region}</a></th>${counts.map((count) => html`<td class="number">${count}</td>`)}
      <td class="number">${all === 0 ? '' : `${Math.round((100 * counts[3]!) / all)} %`}</td>
      <td><svg class="bar" viewBox="0 0 200 12" preserveAspectRatio="none" aria-hidden="true">${counts.map((count, at) => rect(STATUSES[at]!, (200 * (ends[at]! - count)) / most, (200 * count) / most))}</svg></td></tr>`;
  }

  #row({ id, data }: Row) {
    const status = text(data.status);
    const actions = mayAct(page().session.role) ? LEAD_ACTIONS.filter(({ statuses }) => (statuses as readonly string[]).includes(status)) : [];
    return html`<tr><th scope="row">${short(id)}</th><td>${badge(status)}</td><td>${text(data.region)}</td><td>${text(data.channel)}</td>
      <td class="number">${shown(data.score)}</td><td>${when(moment(data.createdAt))}</td><td>${text(data.userId) ? customerLink(text(data.userId)) : text(data.reason)}</td>
      <td>${actions.map(({ name, type }) => html`<boma-action .name=${name} .run=${(commandId: string) => command(commandId, type, id, { leadId: id })}></boma-action>`)}</td></tr>`;
  }

  #search(event: Event) {
    event.preventDefault();
    const entries = [...new FormData(event.currentTarget as HTMLFormElement)].map(([name, value]) => [name, String(value).trim()]).filter(([, value]) => value !== '');
    const search = new URLSearchParams(entries as [string, string][]).toString();
    go(search ? `/leads?${search}` : '/leads');
  }
}

customElements.define('view-leads', Leads);
