/** What operators hear of bills that wait for a person. */
import { OPERATORS, type AlertIntent } from './alert.js';
import { place, type SessionFacts } from './alert-for-event.js';

interface HeldBill {
  readonly sessionId: string;
  readonly reason: string;
  readonly doubts: readonly string[];
}

/**
 * A session that is not billed before somebody has looked at its meter, or whose bill may be another driver's. Once per session and reason.
 * Undefined: what waits for a tariff is billed by itself.
 */
export function heldBillAlert(
  { sessionId, reason, doubts }: HeldBill,
  session: SessionFacts | undefined,
  at: Date,
): AlertIntent | undefined {
  const about = HELD[reason];
  if (!about) return undefined;
  return {
    recipient: OPERATORS,
    kind: about.kind,
    dedupeKey: `${about.key}:${sessionId}`,
    sessionId,
    stationId: session?.stationId ?? '',
    raisedAt: at,
    facts: {
      ...(session ? place(session) : {}),
      cause: doubts.includes('signature_failed') ? 'signature_failed' : (doubts[0] ?? ''),
      at: at.toISOString(),
    },
  };
}

const HELD: Readonly<
  Record<string, { readonly kind: AlertIntent['kind']; readonly key: string } | undefined>
> = {
  energy_disputed: { kind: 'METER_DISPUTED', key: 'meter' },
  other_driver: { kind: 'BILL_QUESTIONED', key: 'billed' },
};
