// What operators ask the function `operator` for. The id of a command is the event's id, so a second press acts once.

import { page } from './page.js';

export interface Answer {
  /** What came of it: APPLIED, REFUSED, AWAITING_APPROVAL ...; FAILED where nothing is known to have happened. */
  outcome: string;
  reason?: string;
  /** Where a second person has to decide. */
  approvalId?: string;
  /** The sign-in is too long ago, or over. */
  signInAgain?: boolean;
}

export const newId = () => crypto.randomUUID();

export const command = (id: string, type: string, subject: string, data: object) => post('/commands', { id, type, subject, data });

export const decide = (approvalId: string, decision: 'APPROVE' | 'REJECT', digest: string, reason?: string) =>
  post(`/approvals/${approvalId}`, { decision, digest, ...(reason && { reason }) });

export const letter = (letterId: string, id: string, action: 'REPLAY' | 'DISCARD', reason?: string) =>
  post(`/letters/${letterId}`, { id, action, ...(reason && { reason }) });

async function post(path: string, body: object): Promise<Answer> {
  const token = await page().session.token();
  let response: Response;
  try {
    response = await fetch(path, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  } catch {
    return { outcome: 'FAILED', reason: 'The connection was lost. Press again: it acts once.' };
  }
  const said = await response.json().catch(() => ({})) as Partial<Answer> & { title?: string; detail?: string };
  if (response.ok) return { outcome: 'DONE', ...said };
  const reason = said.detail ?? said.title ?? `The server answers ${response.status}`;
  return { outcome: response.status >= 500 ? 'FAILED' : 'REFUSED', reason, ...(response.status === 401 && { signInAgain: true }) };
}
