/**
 * The life of a station's certificate: ISSUED (signed, the station has not been seen with it), INSTALLED (it came with it, or said
 * that it took it, when it is one towards cars), SUPERSEDED (a newer one was installed), REVOKED. An unlisted move is PRECONDITION.
 */
import { precondition } from '@kilowatch/kernel';

export type CertificateType =
  'ChargingStationCertificate' | 'V2GCertificate' | 'V2G20Certificate' | 'CombinedCertificate';
export type CertificateState = 'ISSUED' | 'INSTALLED' | 'SUPERSEDED' | 'REVOKED';

const MOVES: Readonly<Record<CertificateState, readonly CertificateState[]>> = {
  ISSUED: ['INSTALLED', 'SUPERSEDED', 'REVOKED'],
  INSTALLED: ['SUPERSEDED', 'REVOKED'],
  SUPERSEDED: ['REVOKED'],
  REVOKED: [],
};

/** RFC 5280 5.3.1, those a person may give. */
export const REVOCATION_REASONS = [
  'UNSPECIFIED',
  'KEY_COMPROMISE',
  'AFFILIATION_CHANGED',
  'SUPERSEDED',
  'CESSATION_OF_OPERATION',
] as const;
export type RevocationReason = (typeof REVOCATION_REASONS)[number];

export function mayBecome(from: CertificateState, to: CertificateState): boolean {
  return MOVES[from].includes(to);
}

export function checkedMove(from: CertificateState, to: CertificateState): void {
  if (!mayBecome(from, to))
    throw precondition('AUTH_CERTIFICATE_STATE', `A certificate that is ${from} cannot become ${to}.`);
}

const DAY_MS = 86_400_000;
/** C9. */
const RENEW_DAYS_BEFORE = 30;
/** Spread over so many days, so that a fleet that was set up in one day does not ask in one hour. */
const SPREAD_DAYS = 5;

/**
 * When a renewal is asked for: 30 to 25 days before the end, spread by `spread` (0 to 1). A certificate that lives so shortly that
 * this would be at its birth is renewed after two thirds of its life.
 */
export function renewalTime(notBefore: Date, notAfter: Date, spread: number): Date {
  const life = notAfter.getTime() - notBefore.getTime();
  const before = Math.min(RENEW_DAYS_BEFORE * DAY_MS, life / 3);
  const spreadMs = Math.min(SPREAD_DAYS * DAY_MS, before / 6);
  return new Date(notAfter.getTime() - before + spread * spreadMs);
}

/** Hours between attempts of a renewal that came to nothing; it is tried until the certificate has ended. */
export function nextRenewal(attempts: number, now: Date): Date {
  const hours = Math.min(24, 2 ** Math.min(attempts, 5));
  return new Date(now.getTime() + hours * 3_600_000);
}

/** A connection that could not be ended (the gateway is away) is tried soon, then once a minute, for as long as it takes. */
export function disconnectAgainAt(attempts: number, now: Date): Date {
  return new Date(now.getTime() + Math.min(60, 2 ** Math.min(attempts, 6)) * 1_000);
}

/** From here on somebody is told that a renewal does not get through. */
export const ALARM_AFTER_RENEWALS = 3;

/** What asks a station for a signing request of a type; 1.6 calls the first SignChargePointCertificate. */
export const TRIGGERS: Readonly<Record<CertificateType, string>> = {
  ChargingStationCertificate: 'SignChargingStationCertificate',
  V2GCertificate: 'SignV2GCertificate',
  V2G20Certificate: 'SignV2G20Certificate',
  CombinedCertificate: 'SignCombinedCertificate',
};

/** Whether a station authenticates to us with such a certificate. */
export function isForUs(type: CertificateType): boolean {
  return type === 'ChargingStationCertificate' || type === 'CombinedCertificate';
}

export function isTowardsCars(type: CertificateType): boolean {
  return type !== 'ChargingStationCertificate';
}
