// One dead letter: why, of what, the body as it came, and what was tried.

import { LitElement, html, nothing } from 'lit';
import { indented } from '../body.js';
import { letter } from '../commands.js';
import { page } from '../page.js';
import { customerPath } from '../route.js';
import { moment, text, type Row } from '../rows.js';
import { mayAct } from '../session.js';
import { toldOf, type Answered, type Run } from './action.js';
import { badge, facts, shown, since, when } from './words.js';

const IS_ID = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;
const reason = { name: 'reason', label: 'Reason', kind: 'text' } as const;

class LetterCard extends LitElement {
  static override properties = { row: { attribute: false }, isOpen: { type: Boolean }, told: { attribute: false } };
  declare row: Row;
  declare isOpen: boolean;
  /** What came of an action, also when the letter has left the list. */
  declare told: (answered: Answered) => void;

  protected override createRenderRoot() {
    return this;
  }

  override render() {
    const { id, data } = this.row;
    const subject = text(data.subject);
    return html`<div class="letter"><details ?open=${this.isOpen}>
      <summary><span>${text(data.type) || 'unreadable'}</span> <code>${text(data.eventId) || id}</code> <span class="quiet">${since(moment(data.receivedAt))}</span></summary>
      ${facts([
        ['Letter', id], ['Status', badge(text(data.status))], ['Kind', badge(text(data.kind))], ['Reason', text(data.reason)], ['Event', text(data.eventId)],
        ['Subject', IS_ID.test(subject) ? html`<a href=${customerPath(subject)}>${subject}</a>` : subject], ['Awaits', text(data.awaits)],
        ['Received', when(moment(data.receivedAt))], ['Replays', shown(data.replays)], ['Attributes', shown(data.attributes)],
        ['Closed by', text(data.discardedBy)], ['Because', text(data.discardReason)], ['Deleted after', when(moment(data.expireAt))],
      ])}
      <pre tabindex="0" role="region" aria-label="Body of ${id}">${bodyOf(data.body)}${data.truncated === true ? '\n… cut' : ''}</pre>
    </details>
    ${mayAct(page().session.role) && text(data.status) === 'OPEN' ? this.#actions(id) : nothing}</div>`;
  }

  #actions(id: string) {
    const told = (name: string, run: Run) => toldOf(name, run, (answered) => this.told?.(answered));
    return html`<div class="actions">
      <boma-action .name=${'Replay'} .isMain=${true} .run=${told('Replay', (commandId) => letter(id, commandId, 'REPLAY'))}></boma-action>
      <boma-action .name=${'Discard'} .isGrave=${true} .fields=${[reason]} .note=${'A letter about money needs a second person.'}
        .run=${told('Discard', (commandId, values) => letter(id, commandId, 'DISCARD', values.reason))}></boma-action>
    </div>`;
  }
}

const bodyOf = (body: unknown): string => (body instanceof Uint8Array ? indented(new TextDecoder().decode(body)) : '');

customElements.define('boma-letter-card', LetterCard);
