import type { DisputeParts, HeldSessionsQuery } from '../api/documents/bills.js';
import type { Word } from './session-words.js';

type Held = HeldSessionsQuery['heldSessions']['edges'][number]['node'];
export type HeldReason = Held['reason'];
export type DisputeReason = DisputeParts['reason'];

/** What a driver may object to, in the order it is offered. */
export const DISPUTE_REASONS: Readonly<Record<DisputeReason, string>> = {
  ENERGY: 'The energy is wrong',
  PRICE: 'The price is not what was shown',
  IDLE: 'I am charged for time I did not use',
  NOT_MINE: 'Somebody else charged',
  OTHER: 'Something else',
};

const STATES: Readonly<Record<DisputeParts['state'], Word>> = {
  OPEN: { text: 'We are looking at it', tone: 'warn' },
  ACCEPTED: { text: 'Accepted', tone: 'good' },
  REJECTED: { text: 'Not accepted', tone: 'quiet' },
};

export const disputeWord = (state: DisputeParts['state']): Word => STATES[state];

export const OPERATOR_DISPUTE_WORDS: Readonly<Record<DisputeParts['state'], Word>> = {
  OPEN: { text: 'Open', tone: 'warn' },
  ACCEPTED: { text: 'Accepted', tone: 'good' },
  REJECTED: { text: 'Rejected', tone: 'quiet' },
};

const DOUBTS: Readonly<Record<string, string>> = {
  energy_above_connector_maximum: 'more energy than the connector can give',
  energy_power_mismatch: 'energy and power do not fit together',
  kwh_labelled_wh: 'kWh seem to be labelled Wh',
  wh_labelled_kwh: 'Wh seem to be labelled kWh',
  register_reset: 'the register began again at a lower value',
  register_rollover: 'the register ran over its end',
  no_readings: 'no readings',
  no_register: 'no register was told',
  power_gap: 'power was not told for hours',
  readings_cut: 'more readings than can be looked at',
  readings_thinned: 'so many readings that only some were looked at',
  signed_records_left_out: 'more signed records than can be verified',
  signed_values_failed: 'the signatures of the meter are not right',
};

/** A doubt in words; one that is not known here by its name. */
export const doubtText = (code: string): string => DOUBTS[code] ?? code.replaceAll('_', ' ');

/** Why a bill waits, in one line. */
export function heldText({
  reason,
  doubts,
  signedVerdict,
  signedReasons,
}: Pick<Held, 'reason' | 'doubts' | 'signedVerdict' | 'signedReasons'>): string {
  if (reason === 'NO_TARIFF') return 'There is no tariff for it. Apply one, and it is billed by itself.';
  if (reason === 'OTHER_DRIVER')
    return 'It is billed, and another driver was told since. Correct the bill where it is wrong, then leave it.';
  const signed = signedVerdict === 'FAILED' ? ['signatures failed', ...signedReasons.map(doubtText)] : [];
  return `In doubt: ${[...doubts.map(doubtText), ...signed].join(', ') || 'the energy'}.`;
}
