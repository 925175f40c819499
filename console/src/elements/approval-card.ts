// What one person asks for and a second has to decide: all of it in sight, since the second person answers for it, too.

import { LitElement, html, nothing } from 'lit';
import { decide, type Answer } from '../commands.js';
import type { Value } from '../exact.js';
import { page } from '../page.js';
import { customerPath } from '../route.js';
import { map, moment, text, type Row } from '../rows.js';
import type { Run } from './action.js';
import './action.js';
import { outcome } from './outcome.js';
import { badge, facts, short, shown, since, when } from './words.js';

const reason = { name: 'reason', label: 'Reason', kind: 'text', isOptional: true } as const;

class ApprovalCard extends LitElement {
  static override properties = { row: { attribute: false }, answer: { attribute: false }, told: { attribute: false } };
  declare row: Row;
  declare answer: Answer | undefined;
  /** Once it is decided here. */
  declare told: ((answer: Answer) => void) | undefined;

  protected override createRenderRoot() {
    return this;
  }

  override render() {
    const { id, data } = this.row;
    const type = text(data.type);
    const subject = text(data.subject);
    const said = Object.entries(map(data.data)).filter(([name]) => name !== 'operator');
    return html`<article class="card approval" aria-label="${type}, asked for by ${text(data.requestedBy)}">
      <h2>${type} ${badge(text(data.status))}</h2>
      ${facts([
        [type === 'LetterDiscarded' ? 'Letter' : 'Customer', type === 'LetterDiscarded'
          ? html`<a href="/dead-letters?letter=${encodeURIComponent(subject)}">${subject}</a>` : html`<a href=${customerPath(subject)}>${subject}</a>`],
        ...said.map(([name, value]): [string, Value] => [labelOf(name), shown(value)]),
        ['Asked by', text(data.requestedBy)], ['Asked', html`${when(moment(data.requestedAt))} (${since(moment(data.requestedAt))})`],
        ['Decided by', text(data.decidedBy)], ['Decided', when(moment(data.decidedAt))], ['Reason given', text(data.reason)],
        ['Digest', html`<code title=${text(data.digest)}>${text(data.digest).slice(0, 18)}…</code>`], ['Command', short(id)],
      ])}
      ${text(data.status) === 'PENDING' ? this.#decision(id, data) : nothing}
      ${text(data.status) === 'PENDING' ? nothing : outcome(this.answer)}
    </article>`;
  }

  #decision(id: string, data: Record<string, Value>) {
    const { email, role } = page().session;
    if (role !== 'supervisor') return html`<p class="quiet">A supervisor decides.</p>`;
    if (text(data.requestedBy).toLowerCase() === email.toLowerCase()) return html`<p class="quiet">You asked for it: another supervisor decides.</p>`;
    const run = (decision: 'APPROVE' | 'REJECT'): Run => async (_, values) => {
      const answer = await decide(id, decision, text(data.digest), values.reason);
      this.answer = answer;
      this.told?.(answer);
      return answer;
    };
    return html`<div class="actions"><boma-action .name=${'Approve'} .isMain=${true} .run=${run('APPROVE')}></boma-action>
      <boma-action .name=${'Reject'} .isGrave=${true} .fields=${[reason]} .run=${run('REJECT')}></boma-action></div>`;
  }
}

/** transactionId -> Transaction id */
const labelOf = (name: string) => name.charAt(0).toUpperCase() + name.slice(1).replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

customElements.define('boma-approval-card', ApprovalCard);
