// The actions on one customer that the state and the role allow. What came of one stays to be read when the state allows it no more.

import { LitElement, html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { customerActions, type CustomerAction, type Field } from '../actions.js';
import type { Case } from '../checks.js';
import { command, newId, type Answer } from '../commands.js';
import { page } from '../page.js';
import { mayAct } from '../session.js';
import { toldOf, type Answered, type Run } from './action.js';
import { outcome } from './outcome.js';

class CustomerActions extends LitElement {
  static override properties = {
    customer: {}, found: { attribute: false }, place: {}, last: { state: true },
  };
  declare customer: string;
  declare found: Case;
  declare place: CustomerAction['place'];
  declare last: Answered | undefined;

  protected override createRenderRoot() {
    return this;
  }

  override render() {
    const { session } = page();
    if (!mayAct(session.role)) return nothing;
    const { check, suspensions, claimedBy } = this.found;
    const actions = customerActions({ check, suspensions: suspensions.length, claimedBy, me: session.email }, this.place);
    const isGone = this.last && !actions.some(({ name }) => name === this.last?.name);
    return html`<div class="actions">${repeat(actions, ({ name }) => name, (action) => html`<boma-action
        .name=${action.name} .fields=${fieldsOf(action, this.found)} .isGrave=${Boolean(action.isGrave)} .isMain=${action.name === 'Approve'}
        .note=${action.twoPeople ? 'A supervisor who isn’t you has to approve it.' : ''} .run=${toldOf(action.name, runOf(action, this.customer, this.found), this.#told)}></boma-action>`)}
      ${isGone && this.last ? html`<div class="last"><strong>${this.last.name}</strong> ${outcome(this.last.answer)}</div>` : nothing}</div>`;
  }

  #told = (answered: Answered) => {
    this.last = answered;
  };
}

/** Of several suspensions it has to be said which. */
function fieldsOf(action: CustomerAction, { suspensions }: Case): readonly Field[] {
  if (action.type !== 'KycReinstated' || suspensions.length < 2) return action.fields;
  return [{ name: 'suspensionId', label: 'Suspension', kind: 'choice', choices: suspensions.map(({ id }) => id) }, ...action.fields];
}

function runOf({ type, data, fields, newId: idField }: CustomerAction, customer: string, { suspensions: [suspension, ...others] }: Case): Run {
  // The one that was seen: until a second person agrees it may be lifted, and another one opened.
  const seen = type === 'KycReinstated' && suspension && others.length === 0 ? { suspensionId: suspension.id } : {};
  return (id, values): Promise<Answer> => {
    const said = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
    const nobody = fields.some(({ kind }) => kind === 'assignee') && !said.assignee ? { assignee: null } : {};
    return command(id, type, customer, { ...data, ...seen, ...nobody, ...said, ...(idField && { [idField]: idFor(id) }) });
  };
}

/** What a command begins has one new id, however often the command is sent. */
const ids = new Map<string, string>();

function idFor(commandId: string): string {
  const id = ids.get(commandId) ?? newId();
  ids.set(commandId, id);
  return id;
}

customElements.define('boma-customer-actions', CustomerActions);
