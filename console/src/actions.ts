// What an operator may do to a customer, a review or a lead in which state: one table, held equal to the machines' own tables by
// tests/console/actions.test.js. The functions judge again; this keeps what they would refuse off the screen.

import { CHECKS, OPEN_CHECKS, type Check } from './checks.js';

export interface Field {
  name: string;
  label: string;
  kind: 'text' | 'long' | 'choice' | 'amount' | 'assignee';
  isOptional?: true;
  choices?: readonly string[];
}

export interface CustomerState {
  check: Check;
  /** How many suspensions are open. */
  suspensions: number;
  /** Who works on the review, as long as the claim runs. */
  claimedBy?: string | undefined;
  /** Who looks. */
  me: string;
}

type Suspensions = 'any' | 'some';

export interface CustomerAction {
  /** The word on the button, and its accessible name. */
  name: string;
  type: string;
  /** What the data has besides what the fields say. */
  data?: Readonly<Record<string, string>>;
  fields: readonly Field[];
  /** In which states of the check the machine takes it. */
  checks: readonly Check[];
  suspensions: Suspensions;
  /** Also where there is a suspension, whatever the check. */
  orSuspended?: true;
  claim?: 'free' | 'mine';
  twoPeople?: true;
  /** Where it stands on the screen. */
  place: 'review' | 'kyc' | 'money' | 'notes';
  isGrave?: true;
  /** The field of the data that gets a new id. */
  newId?: string;
}

const reason: Field = { name: 'reason', label: 'Reason', kind: 'text' };
const optionalReason: Field = { ...reason, isOptional: true };
const money: readonly Field[] = [
  { name: 'amount', label: 'Amount', kind: 'amount' },
  { name: 'currency', label: 'Currency', kind: 'text' },
];
const METHODS = ['TRANSFER', 'CARD', 'CASH', 'OTHER'] as const;
const REVIEWED = ['IN_REVIEW', 'ON_HOLD'] as const satisfies readonly Check[];

export const CUSTOMER_ACTIONS: readonly CustomerAction[] = [
  { name: 'Take', type: 'ReviewClaimed', fields: [], checks: REVIEWED, suspensions: 'any', claim: 'free', place: 'review' },
  { name: 'Approve', type: 'KycReviewed', data: { decision: 'APPROVED' }, fields: [], checks: REVIEWED, suspensions: 'any', place: 'review' },
  { name: 'Reject', type: 'KycReviewed', data: { decision: 'REJECTED' }, fields: [reason], checks: REVIEWED, suspensions: 'any', place: 'review', isGrave: true },
  { name: 'Hold', type: 'KycHeld', fields: [reason], checks: ['PENDING', 'SUBMITTED', 'IN_REVIEW', 'RESUBMISSION_REQUIRED'], suspensions: 'any', place: 'review' },
  { name: 'Release', type: 'KycReleased', fields: [], checks: ['ON_HOLD'], suspensions: 'any', place: 'review' },
  { name: 'Hand back', type: 'ReviewReturned', fields: [], checks: REVIEWED, suspensions: 'any', claim: 'mine', place: 'review' },

  { name: 'Suspend', type: 'KycSuspended', fields: [reason], checks: OPEN_CHECKS, suspensions: 'any', place: 'kyc', isGrave: true },
  { name: 'Reinstate', type: 'KycReinstated', fields: [optionalReason], checks: OPEN_CHECKS, suspensions: 'some', place: 'kyc', twoPeople: true },
  { name: 'Confirm suspension', type: 'KycSuspensionConfirmed', fields: [reason], checks: OPEN_CHECKS, suspensions: 'some', place: 'kyc', twoPeople: true, isGrave: true },
  { name: 'Appeal', type: 'KycAppealed', fields: [reason], checks: ['REJECTED'], suspensions: 'any', place: 'kyc', twoPeople: true },
  { name: 'Close account', type: 'AccountClosed', fields: [reason], checks: OPEN_CHECKS, suspensions: 'any', place: 'kyc', twoPeople: true, isGrave: true },

  {
    name: 'Adjust balance', type: 'BalanceAdjusted', newId: 'transactionId', checks: CHECKS, suspensions: 'any', place: 'money', twoPeople: true,
    fields: [{ name: 'direction', label: 'Direction', kind: 'choice', choices: ['CREDIT', 'DEBIT'] }, ...money, reason],
  },
  {
    name: 'Order payout', type: 'PayoutOrdered', newId: 'transactionId', checks: ['CLOSED'], suspensions: 'any', orSuspended: true, place: 'money', twoPeople: true,
    fields: [...money, { name: 'method', label: 'Method', kind: 'choice', choices: METHODS }, reason],
  },

  { name: 'Add note', type: 'NoteAdded', newId: 'noteId', fields: [{ name: 'text', label: 'Note', kind: 'long' }], checks: CHECKS, suspensions: 'any', place: 'notes' },
  { name: 'Assign', type: 'CustomerAssigned', fields: [{ name: 'assignee', label: 'Assignee (empty: nobody)', kind: 'assignee', isOptional: true }], checks: CHECKS, suspensions: 'any', place: 'notes' },
];

/** The actions that the state allows, in the order of the table. */
export function customerActions(state: CustomerState, place: CustomerAction['place']): CustomerAction[] {
  return CUSTOMER_ACTIONS.filter((action) => action.place === place && isAllowed(action, state));
}

function isAllowed({ checks, suspensions, orSuspended, claim }: CustomerAction, state: CustomerState): boolean {
  const isSuspended = state.suspensions > 0 && state.check !== 'CLOSED';
  if (!checks.includes(state.check) && !(orSuspended && isSuspended)) return false;
  if (suspensions === 'some' && !isSuspended) return false;
  if (claim === 'free') return state.claimedBy === undefined;
  if (claim === 'mine') return state.claimedBy === state.me;
  return true;
}

export const LEAD_ACTIONS = [{ name: 'Reopen', type: 'LeadReopened', statuses: ['LOST'] }] as const;
