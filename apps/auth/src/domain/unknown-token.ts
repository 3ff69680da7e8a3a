/**
 * Which tokens that nobody has are worth showing to an operator, who may take them in. Not codes of keypads (C04: they are secrets,
 * and a wrong one may be one digit off a right one), nor UIDs that a phone makes up anew each time (ISO/IEC 14443-3).
 */
import type { DecisionPurpose, DecisionStatus } from './decision.js';

export interface Presented {
  readonly status: DecisionStatus;
  readonly purpose: DecisionPurpose;
  /** Its last characters may be shown: it is no code. */
  readonly showable: boolean;
  readonly randomUid: boolean;
}

export function isWorthListing({ status, purpose, showable, randomUid }: Presented): boolean {
  return status === 'UNKNOWN' && purpose !== 'STOP' && showable && !randomUid;
}
