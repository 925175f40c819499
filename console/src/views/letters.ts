// Dead letters: what could not be handled, in groups of one consumer, kind and reason. One or a whole group is replayed, or one is discarded.

import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { letter as sendLetter, newId, type Answer } from '../commands.js';
import type { Answered, Run } from '../elements/action.js';
import '../elements/letter-card.js';
import { outcome } from '../elements/outcome.js';
import { badge } from '../elements/words.js';
import { Live } from '../live.js';
import { page } from '../page.js';
import { mayAct } from '../session.js';
import { text, type Row } from '../rows.js';
import { ViewElement, instead } from './view.js';

interface Group {
  key: string;
  consumer: string;
  kind: string;
  reason: string;
  rows: Row[];
}

class Letters extends ViewElement {
  static override properties = { ...ViewElement.properties, told: { state: true } };
  /** What came of the letters that were replayed or discarded on this screen. */
  declare told: { row: Row; name: string; answer: Answer }[];
  #open = new Live(this);
  #one = new Live(this);

  constructor() {
    super();
    this.told = [];
  }

  override willUpdate(): void {
    const [consumer, kind] = [this.filter('consumer'), this.filter('kind')];
    if (consumer && kind) this.#open.query('letters-of-group', { values: ['OPEN', consumer, kind] });
    else this.#open.query('letters', { values: ['OPEN'] });
    const one = this.filter('letter');
    if (one) this.#one.document(`dead_letters/${one}`);
    else this.#one.none();
  }

  override render() {
    const rows = this.#open.rows ?? [];
    const one = this.#one.first;
    return html`<h1 tabindex="-1">Dead letters</h1>
      <p class="quiet">${rows.length >= 50 ? '50 that are open, and more' : `${rows.length} open`}. A replay is the same event once more: it is counted once, whatever is pressed.
        ${this.filters?.size ? html`<a href="/dead-letters">All</a>` : nothing}</p>
      ${this.told.length > 0 ? html`<ul class="told" aria-label="What came of it">${this.told.map(({ row, name, answer }) => html`<li>
        <span>${name}</span> <a href="/dead-letters?letter=${encodeURIComponent(row.id)}">${row.id}</a> ${outcome(answer)}</li>`)}</ul>` : nothing}
      <div>
        ${one ? html`<boma-letter-card .row=${one} .isOpen=${true} .told=${this.#toldOf(one)}></boma-letter-card>` : this.filter('letter') ? instead(this.#one, 'There is no such letter.') : nothing}
        ${instead(this.#open, 'No letter is open.')}
        ${repeat(groupsOf(rows), ({ key }) => key, (group) => this.#group(group))}
      </div>`;
  }

  #group({ consumer, kind, reason, rows }: Group) {
    const run: Run = async () => {
      let done = 0;
      let last: Answer | undefined;
      for (const row of rows) {
        last = await sendLetter(row.id, newId(), 'REPLAY');
        this.told = [{ row, name: 'Replay', answer: last }, ...this.told].slice(0, 100);
        if (last.outcome === 'FAILED') break;
        if (last.outcome === 'REPLAYED') done += 1;
      }
      return { outcome: last?.outcome === 'FAILED' ? 'FAILED' : 'DONE', reason: `${done} of ${rows.length} replayed` };
    };
    return html`<section class="group" aria-label="${consumer}, ${kind}: ${reason}">
      <header><h2><a href="/dead-letters?consumer=${encodeURIComponent(consumer)}&kind=${encodeURIComponent(kind)}">${consumer}</a> ${badge(kind)} <span class="count">${rows.length}</span></h2><p class="reason">${reason}</p>
        ${mayAct(page().session.role) && rows.length > 1 ? html`<boma-action .name=${`Replay all ${rows.length}`} .run=${run}></boma-action>` : nothing}</header>
      ${repeat(rows, ({ id }) => id, (row) => html`<boma-letter-card .row=${row} .told=${this.#toldOf(row)}></boma-letter-card>`)}
    </section>`;
  }

  #toldOf(row: Row) {
    return (answered: Answered) => {
      this.told = [{ row, ...answered }, ...this.told].slice(0, 100);
    };
  }
}

/** Ids and amounts differ in reasons that are otherwise the same. */
const alike = (reason: string) => reason.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '…').replaceAll(/\d+/g, '#');

function groupsOf(rows: Row[]): Group[] {
  const groups = new Map<string, Group>();
  for (const row of rows) {
    const [consumer, kind, reason] = [text(row.data.consumer), text(row.data.kind), text(row.data.reason)];
    const key = JSON.stringify([consumer, kind, alike(reason)]);
    const group = groups.get(key) ?? { key, consumer, kind, reason, rows: [] };
    group.rows.push(row);
    groups.set(key, group);
  }
  return [...groups.values()];
}

customElements.define('view-letters', Letters);
