// What came of an action, where it was pressed.

import { html, nothing, type TemplateResult } from 'lit';
import type { Answer } from '../commands.js';

const WORDS: Record<string, string> = {
  APPLIED: 'Done',
  DONE: 'Done',
  IGNORED: 'It was so already',
  PENDING: 'Sent. It will be applied in a moment',
  AWAITING_APPROVAL: 'A second person has to approve it',
  REPLAYED: 'Replayed',
  DISCARDED: 'Discarded',
  APPROVED: 'Approved',
  REJECTED: 'Rejected',
  EXPIRED: 'It is too old: nobody decided within 7 days',
  REFUSED: 'Refused',
  FAILED: 'Failed',
  AWAITED: 'It waits for what it needs',
};

const IS_BAD = ['REFUSED', 'FAILED', 'MALFORMED', 'CONFLICT', 'EXPIRED'];

export const isDone = ({ outcome }: Answer): boolean => !IS_BAD.includes(outcome);

export function outcome(answer: Answer | undefined): TemplateResult | typeof nothing {
  if (!answer) return nothing;
  const isBad = !isDone(answer);
  return html`<p class=${isBad ? 'outcome refused' : 'outcome'} role=${isBad ? 'alert' : 'status'}>
    ${WORDS[answer.outcome] ?? answer.outcome}${answer.reason ? html`: <span class="reason">${answer.reason}</span>` : nothing}
    ${answer.approvalId ? html` <a href="/approvals">Approvals</a>` : nothing}
    ${answer.signInAgain ? html` <boma-sign-in-again></boma-sign-in-again>` : nothing}
  </p>`;
}
