import type { BilledSession } from '../persistence/billed-session.repository.js';

/** Why billing waits, in a sentence that may be shown to the driver. */
export function holdText({ holdReason, energy }: BilledSession): string | undefined {
  if (holdReason === undefined) return undefined;
  if (holdReason === 'no_tariff') return 'There is no tariff to price this session with yet.';
  if (holdReason === 'other_driver')
    return 'Somebody else was billed for this session; this is being reviewed.';
  const doubts = energy?.deviations ?? [];
  return `The measured energy is in doubt and is being reviewed${doubts.length > 0 ? `: ${doubts.join(', ')}` : ''}.`;
}
