// Times on the wire. Outbound there is one form only, `YYYY-MM-DDTHH:mm:ss.sssZ`: chargers refuse a missing Z and
// more than three decimals. Inbound anything a person could read is accepted (kernel's lenient parser).

import { parseLenientInstant } from '@kilowatch/kernel';

export function wireTime(instant: Date): string {
  return instant.toISOString();
}

/** The instant, or null when the value cannot be read as one. Without a zone it is taken as UTC. */
export function readTime(value: unknown): Date | null {
  return typeof value === 'string' ? (parseLenientInstant(value) ?? null) : null;
}
