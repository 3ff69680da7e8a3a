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
