import type { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { certificateFault, type ShownCertificate } from '../../domain/transport-security.js';

/**
 * What the station showed on the port that asks for a certificate. TLS let everybody through (rejectUnauthorized is off, so that
 * a refusal can be answered and written down): this decides. Both checks are needed. A resumed TLS 1.3 session counts as
 * authorized even when no certificate was ever shown; the port resumes none either (tls-options.ts).
 */
export function shownCertificate(socket: TLSSocket): ShownCertificate {
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return { kind: 'refused', reason: 'client_certificate_missing' };
  if (!socket.authorized) {
    // The types say Error; on a server it is the name of what OpenSSL found.
    return { kind: 'refused', reason: certificateFault(String(socket.authorizationError)) };
  }
  return { kind: 'verified', der: certificate.raw, commonName: commonNameOf(certificate) };
}

/** Empty when there is none, or several of which somebody might pick another. */
function commonNameOf(certificate: X509Certificate): string {
  const name: unknown = certificate.toLegacyObject().subject?.CN;
  return typeof name === 'string' ? name : '';
}
