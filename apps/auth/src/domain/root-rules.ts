/** Which roots a station may be given and may lose (2.0.1 M03 to M05; C4, C10). */
import { X509Certificate } from 'node:crypto';

export type RootRule = 'ANY' | 'MUST_BE_SIGNED';

/** M05.FR.09 ff.: with AdditionalRootCertificateCheck a new CSMS root is signed by the one it replaces. */
export function isSignedByHeld(
  root: { readonly certificate: string },
  held: readonly { readonly certificate: string }[],
): boolean {
  const candidate = new X509Certificate(root.certificate);
  // The first one has nothing to be signed by.
  if (held.length === 0) return true;
  return held.some(({ certificate }) => {
    const issuer = new X509Certificate(certificate);
    return candidate.issuer === issuer.subject && candidate.verify(issuer.publicKey);
  });
}

/** A station without a CSMS root believes anybody, or nobody. */
export function isLastCsmsRoot(
  purpose: string,
  held: readonly { readonly purpose: string; readonly parentSerial: string }[],
): boolean {
  if (purpose !== 'CSMSRootCertificate') return false;
  return held.filter((one) => one.purpose === purpose && one.parentSerial === '').length <= 1;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** A station that was restarting, or a network that stumbled, answers within minutes. */
const SOON_MS = [MINUTE_MS, 4 * MINUTE_MS, 16 * MINUTE_MS] as const;

/** @param attempts that failed in a row, at least 1. Minutes first, then one hour, two, three ... */
export function lookAgainMs(attempts: number): number {
  return SOON_MS[attempts - 1] ?? (attempts - SOON_MS.length) * HOUR_MS;
}

/** Looks that failed in a row, some three hours: somebody is told. */
export const ALARM_AFTER_LOOKS = SOON_MS.length + 3;
/** Some two days. */
export const MOST_LOOKS = SOON_MS.length + 10;
