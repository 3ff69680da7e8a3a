/**
 * Which tokens that nobody has are worth showing to an operator, who may take them in. Not codes of keypads (C04: they are secrets,
 * and a wrong one may be one digit off a right one), nor UIDs that a phone makes up anew each time (ISO/IEC 14443-3). Over 1.6 a code
 * may look like a UID that has no letters, as one UID of four bytes in forty has none: such are left out too, and imported by hand.
 */
import type { DecisionPurpose, DecisionStatus } from './decision.js';

export interface Presented {
  readonly value: string;
  readonly status: DecisionStatus;
  readonly purpose: DecisionPurpose;
  /** Its last characters may be shown: it is no code. */
  readonly showable: boolean;
  readonly randomUid: boolean;
}

const KEYS_OF_A_PAD = /^[\d*#]*$/;

export function isWorthListing({ value, status, purpose, showable, randomUid }: Presented): boolean {
  const mayBeTyped = KEYS_OF_A_PAD.test(value.trim());
  return status === 'UNKNOWN' && purpose !== 'STOP' && showable && !randomUid && !mayBeTyped;
}
