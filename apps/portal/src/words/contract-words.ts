import type { ContractRequestParts, ContractRowParts } from '../api/documents/contracts.js';
import { formatTime } from '../ui/format.js';
import type { Word } from './session-words.js';

type Place = NonNullable<ContractRowParts['lastUse']>;

/** Where: the place and the station. */
export function contractPlace({
  locationName,
  stationIdentity,
}: Pick<Place, 'locationName' | 'stationIdentity'>): string {
  return [locationName, stationIdentity].filter(Boolean).join(', ') || 'a station that is gone';
}

export function contractWord({ status }: Pick<ContractRowParts, 'status'>): Word {
  switch (status) {
    case 'ACTIVE':
      return { text: 'Active', tone: 'good' };
    case 'BLOCKED':
      return { text: 'Blocked', tone: 'bad' };
    case 'EXPIRED':
      return { text: 'Expired', tone: 'quiet' };
  }
}

/** What is known of the certificate in the car, in a sentence. `now`: milliseconds. */
export function certificateText(
  { certificates, validUntil }: Pick<ContractRowParts, 'certificates' | 'validUntil'>,
  now: number,
): string {
  const [latest] = certificates;
  if (!latest) return 'No car has shown its certificate yet.';
  if (latest.revoked) return 'The certificate of the car was revoked by its issuer.';
  if (validUntil === null) return 'A car has shown its certificate.';
  const day = formatTime(validUntil, 'day');
  return Date.parse(validUntil) < now
    ? `The certificate of the car ended on ${day}: fetch a new one at a station.`
    : `The certificate of the car is good until ${day}.`;
}

/** Where it went into a car. Undefined when nobody knows. */
export function installedText({
  installations,
}: Pick<ContractRowParts, 'installations'>): string | undefined {
  const [latest] = installations;
  return latest && `Put into a car at ${contractPlace(latest)} on ${formatTime(latest.at, 'day')}.`;
}

export function lastUseText({ lastUse }: Pick<ContractRowParts, 'lastUse'>): string {
  return lastUse
    ? `Last accepted at ${contractPlace(lastUse)}, ${formatTime(lastUse.at, 'date-time')}.`
    : 'Not used yet.';
}

/** What was asked for, and what became of it. */
export function requestWord({ state }: Pick<ContractRequestParts, 'state'>): Word {
  switch (state) {
    case 'WAITING':
      return { text: 'Waits', tone: 'warn' };
    case 'APPROVED':
      return { text: 'Approved', tone: 'good' };
    case 'DECLINED':
      return { text: 'Declined', tone: 'bad' };
    case 'WITHDRAWN':
      return { text: 'Withdrawn', tone: 'quiet' };
  }
}

export function requestTitle({
  kind,
  masked,
  name,
}: Pick<ContractRequestParts, 'kind' | 'masked' | 'name'>): string {
  const what = kind === 'ADD' ? 'Add' : 'Remove';
  return name ? `${what} ${name} (${masked})` : `${what} ${masked}`;
}

/** For the driver: what to do while it waits, or why it was declined. */
export function requestAdvice({ kind, state, reason, proof }: ContractRequestParts): string | undefined {
  if (state === 'DECLINED') return reason ? `Your operator says: ${reason}` : undefined;
  if (state !== 'WAITING') return undefined;
  if (kind === 'REMOVE') return 'Your operator decides. To stop it at once, block it.';
  return proof
    ? `Your car was seen at ${contractPlace(proof)}. Your operator decides.`
    : 'Plug the car in at one of our stations: that shows that it is yours. It need not charge.';
}

/** For the operator: what speaks for it. */
export function proofText({ kind, proof }: Pick<ContractRequestParts, 'kind' | 'proof'>): string | undefined {
  if (kind === 'REMOVE') return undefined;
  return proof
    ? `A car showed its certificate at ${contractPlace(proof)}, ${formatTime(proof.at, 'date-time')}, after this was asked for.`
    : 'No car has shown its certificate since this was asked for.';
}
