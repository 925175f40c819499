// One action: a button; a form in its place where it needs words; its outcome below. What it does is given as `run`.

import { LitElement, html, nothing } from 'lit';
import type { Field } from '../actions.js';
import { newId, type Answer } from '../commands.js';
import { page } from '../page.js';
import { isDone, outcome } from './outcome.js';
import './sign-in-again.js';

/** `id`: of the command, the same until an answer says what came of it. */
export type Run = (id: string, values: Record<string, string>) => Promise<Answer>;

export interface Answered {
  name: string;
  answer: Answer;
}

/** The same, and `told` hears what came of it: the button may be gone from the screen by then, since the state has changed. */
export const toldOf = (name: string, run: Run, told: (answered: Answered) => void): Run => async (id, values) => {
  const answer = await run(id, values);
  told({ name, answer });
  return answer;
};

class Action extends LitElement {
  static override properties = {
    name: {}, fields: { attribute: false }, run: { attribute: false }, isGrave: { type: Boolean }, isMain: { type: Boolean }, note: {},
    isOpen: { state: true }, isBusy: { state: true }, answer: { state: true },
  };
  declare name: string;
  declare fields: readonly Field[];
  declare run: Run;
  declare isGrave: boolean;
  declare isMain: boolean;
  /** Beside the fields: what pressing will mean. */
  declare note: string;
  declare isOpen: boolean;
  declare isBusy: boolean;
  declare answer: Answer | undefined;
  #id = newId();

  constructor() {
    super();
    this.fields = [];
  }

  protected override createRenderRoot() {
    return this;
  }

  override render() {
    const fields = this.fields ?? [];
    const kind = this.isGrave ? 'grave' : this.isMain ? 'main' : '';
    if (fields.length === 0) return html`<button class=${kind} ?disabled=${this.isBusy} @click=${() => this.#run({})}>${this.name}</button>${outcome(this.answer)}`;
    if (!this.isOpen) return html`<button class=${kind} aria-expanded="false" @click=${this.#open}>${this.name}</button>${outcome(this.answer)}`;
    return html`<form class="action" aria-label=${this.name} @submit=${this.#submit} @keydown=${this.#key}>
      ${fields.map((field) => this.#field(field))}
      ${this.note ? html`<p class="quiet">${this.note}</p>` : nothing}
      <div class="row"><button class=${kind || 'main'} ?disabled=${this.isBusy}>${this.name}</button>
        <button type="button" class="quiet" @click=${this.#close}>Cancel</button></div>
      ${outcome(this.answer)}
    </form>`;
  }

  #field({ name, label, kind, choices, isOptional }: Field) {
    const required = !isOptional;
    if (kind === 'choice') return html`<label>${label} <select name=${name}>${choices?.map((choice) => html`<option>${choice}</option>`)}</select></label>`;
    if (kind === 'long') return html`<label>${label} <textarea name=${name} rows="3" maxlength="2000" ?required=${required}></textarea></label>`;
    if (kind === 'amount') return html`<label>${label} <input name=${name} inputmode="decimal" placeholder="100.00" autocomplete="off" required></label>`;
    if (kind === 'assignee') return html`<label>${label} <input name=${name} type="email" .value=${page().session.email} autocomplete="off"></label>`;
    return html`<label>${label}${required ? nothing : html` <span class="quiet">(may be empty)</span>`} <input name=${name} maxlength="500" autocomplete="off" ?required=${required}></label>`;
  }

  async #open() {
    this.isOpen = true;
    this.answer = undefined;
    await this.updateComplete;
    this.querySelector<HTMLElement>('input, select, textarea')?.focus();
  }

  async #close() {
    this.isOpen = false;
    await this.updateComplete;
    this.querySelector<HTMLElement>('button')?.focus();
  }

  #key(event: KeyboardEvent) {
    if (event.key === 'Escape') void this.#close();
  }

  #submit(event: SubmitEvent) {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    void this.#run(Object.fromEntries([...form].map(([name, value]) => [name, String(value).trim()])));
  }

  async #run(values: Record<string, string>) {
    if (this.isBusy) return;
    this.isBusy = true;
    try {
      this.answer = await this.run(this.#id, values);
      // Where nothing is known to have happened, the same command is sent again.
      if (this.answer.outcome !== 'FAILED' && !this.answer.signInAgain) this.#id = newId();
      if (isDone(this.answer)) this.isOpen = false;
    } finally {
      this.isBusy = false;
    }
  }
}

customElements.define('boma-action', Action);
