// Where a customer's check and its claim stand.

import { list, map, moment, text, type Row } from './rows.js';

export const CHECKS = [
  'PENDING', 'SUBMITTED', 'IN_REVIEW', 'RESUBMISSION_REQUIRED', 'ON_HOLD', 'APPROVED', 'REJECTED', 'EXPIRED', 'ABANDONED', 'CLOSED',
] as const;
export type Check = typeof CHECKS[number];

export const OPEN_CHECKS: readonly Check[] = CHECKS.filter((check) => check !== 'CLOSED');

/** A claim ends by itself then. */
export const CLAIM_LASTS_MS = 30 * 60 * 1000;

export interface Case {
  check: Check;
  suspensions: { id: string; reason: string; since: Date | undefined }[];
  reasons: string[];
  claimedBy: string | undefined;
  claimedAt: Date | undefined;
}

/** `kycStatus`: of the user, for a customer without a case, or with one of an earlier release. */
export function caseOf(row: Row | undefined, kycStatus: string): Case {
  const data = row?.data ?? {};
  const claimedAt = moment(data.assignedAt);
  const runs = claimedAt !== undefined && claimedAt.getTime() + CLAIM_LASTS_MS > Date.now();
  // An earlier release had no checks: who was suspended had been approved, and has one suspension without an id.
  const isOfEarlier = text(data.check) === '' && kycStatus === 'SUSPENDED';
  return {
    check: checkOf(text(data.check)) ?? checkOf(kycStatus) ?? (isOfEarlier ? 'APPROVED' : 'PENDING'),
    suspensions: isOfEarlier ? [{ id: '', reason: 'suspended by an earlier release', since: undefined }] : Object.entries(map(data.suspensions)).map(([id, one]) => ({ id, reason: text(map(one).reason), since: moment(map(one).since) })),
    reasons: list(data.reasons).map(text),
    claimedBy: runs ? text(data.assignedTo) || undefined : undefined,
    claimedAt: runs ? claimedAt : undefined,
  };
}

const checkOf = (name: string): Check | undefined => CHECKS.find((check) => check === name);
