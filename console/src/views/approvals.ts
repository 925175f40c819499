// Approvals: what waits for a second person, oldest first.

import { html } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Answer } from '../commands.js';
import '../elements/approval-card.js';
import { isDone } from '../elements/outcome.js';
import { Live } from '../live.js';
import { page } from '../page.js';
import type { Row } from '../rows.js';
import { ViewElement, instead } from './view.js';

class Approvals extends ViewElement {
  #pending = new Live(this);
  /** Those decided on this screen: what came of them stays to be read, though they no longer wait. */
  #decided = new Map<string, Row>();
  #answers = new Map<string, Answer>();

  override willUpdate(): void {
    this.#pending.query('approvals', { values: ['PENDING'] });
  }

  override render() {
    const pending = this.#pending.rows ?? [];
    const waiting = new Set(pending.map(({ id }) => id));
    const decided = [...this.#decided.values()].filter(({ id }) => !waiting.has(id));
    return html`<h1 tabindex="-1">Approvals</h1>
      <p class="quiet">What needs two people. ${page().session.role === 'supervisor' ? 'You decide what others asked for; check it as if you had asked yourself.' : 'Supervisors decide; what is asked for ends after 7 days.'}</p>
      ${instead(this.#pending, decided.length > 0 ? '' : 'Nothing waits for a second person.')}
      <div class="cards">${repeat([...pending, ...decided], ({ id }) => id, (row) => html`<boma-approval-card .row=${row}
        .answer=${this.#answers.get(row.id)} .told=${(answer: Answer) => this.#told(row, answer)}></boma-approval-card>`)}</div>`;
  }

  #told(row: Row, answer: Answer) {
    if (isDone(answer)) this.#decided.set(row.id, { ...row, data: { ...row.data, status: 'DECIDED' } });
    this.#answers.set(row.id, answer);
    this.requestUpdate();
  }
}

customElements.define('view-approvals', Approvals);
