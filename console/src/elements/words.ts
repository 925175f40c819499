// Small pieces that many views show.

import { html, nothing, type TemplateResult } from 'lit';
import type { Value } from '../exact.js';
import { customerPath } from '../route.js';
import { ago, dateTime } from '../times.js';

const GOOD = ['APPROVED', 'SETTLED', 'CONVERTED', 'APPLIED', 'REPLAYED', 'CREDIT'];
const BAD = ['REJECTED', 'FAILED', 'SUSPENDED', 'CLOSED', 'REVERSED', 'LOST', 'REFUSED', 'MALFORMED', 'CRASHED', 'EXHAUSTED', 'CONFLICT'];
const WAITING = ['IN_REVIEW', 'ON_HOLD', 'RESUBMISSION_REQUIRED', 'PENDING', 'AUTHORIZED', 'SUBMITTED', 'OPEN', 'AWAITED'];

/** The color only repeats what the word says. */
export function badge(status: string): TemplateResult {
  const kind = GOOD.includes(status) ? 'good' : BAD.includes(status) ? 'bad' : WAITING.includes(status) ? 'waiting' : '';
  return html`<span class="badge ${kind}">${status}</span>`;
}

export const when = (moment: Date | undefined) =>
  (moment ? html`<time datetime=${moment.toISOString()} title=${ago(moment)}>${dateTime(moment)}</time>` : nothing);

export const since = (moment: Date | undefined) =>
  (moment ? html`<time datetime=${moment.toISOString()} title=${dateTime(moment)}>${ago(moment)}</time>` : nothing);

/** A UUID's first eight digits are enough to tell two apart; the whole is in the title and on the customer's page. */
export const short = (id: string) => html`<code title=${id}>${id.slice(0, 8)}</code>`;

export const customerLink = (id: string, name?: string) => html`<a href=${customerPath(id)}>${name || short(id)}</a>`;

/** Any value of a document, as text. */
export function shown(value: Value | undefined): string {
  if (value === undefined || value === null) return '';
  if (value instanceof Date) return dateTime(value);
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (Array.isArray(value)) return value.map(shown).join(', ');
  if (typeof value === 'object') return Object.entries(value).map(([name, inner]) => `${name}: ${shown(inner)}`).join(', ');
  return String(value);
}

export const facts = (entries: [name: string, value: unknown][]) => html`<dl class="facts">${entries
  .filter(([, value]) => value !== '' && value !== undefined && value !== nothing)
  .map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
