import type { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { certificateFault, type ShownCertificate } from '../../domain/transport-security.js';

/**
 * What the station showed on the port that asks for a certificate. TLS let everybody through who holds the key of what they
 * showed (rejectUnauthorized is off, so that a refusal can be answered and written down, and because each tenant has CAs of its
 * own): auth decides. A resumed TLS 1.3 session counts as authorized even when no certificate was ever shown; the port resumes
 * none (tls-options.ts).
 */
export function shownCertificate(socket: TLSSocket): ShownCertificate {
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return { kind: 'missing' };
  return {
    kind: 'shown',
    der: certificate.raw,
    commonName: commonNameOf(certificate),
    chain: issuersOf(certificate),
    // The types say Error; on a server it is the name of what OpenSSL found.
    fault: socket.authorized ? undefined : certificateFault(String(socket.authorizationError)),
  };
}

/** Deeper is no chain of OCPP; bounded, since the station says how long it is. */
const LONGEST_CHAIN = 4;

function issuersOf(certificate: X509Certificate): Uint8Array[] {
  const chain: Uint8Array[] = [];
  let issuer = certificate.issuerCertificate;
  while (issuer !== undefined && chain.length < LONGEST_CHAIN) {
    const { raw } = issuer;
    if (chain.some((known) => raw.equals(known))) break;
    chain.push(raw);
    issuer = issuer.issuerCertificate;
  }
  return chain;
}

/** Empty when there is none, or several of which somebody might pick another. */
function commonNameOf(certificate: X509Certificate): string {
  const name: unknown = certificate.toLegacyObject().subject?.CN;
  return typeof name === 'string' ? name : '';
}
