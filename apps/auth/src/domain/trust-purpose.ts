/** Stores of trusted certificates are kept apart by what is believed because of them (P1): a root of cars vouches for no contract. */
import { invalid } from '@kilowatch/kernel';
import {
  describeProblem,
  isSelfIssued,
  readCertificate,
  validatePath,
  type Certificate,
} from '@kilowatch/trust';

/**
 * CONTRACT: roots of mobility operators, and V2G roots below which contracts are issued too. STATION: of the certificates of stations.
 * CSMS: of our own server. OEM: of provisioning certificates of cars. MANUFACTURER: of firmware.
 */
export const TRUST_PURPOSES = ['CONTRACT', 'STATION', 'CSMS', 'OEM', 'MANUFACTURER'] as const;
export type TrustPurpose = (typeof TRUST_PURPOSES)[number];

export const ISO_VERSIONS = ['ISO_15118_2', 'ISO_15118_20'] as const;
export type IsoVersion = (typeof ISO_VERSIONS)[number];

/** What may become an anchor: a root in date that keeps the rules it is to enforce. Throws INVALID, saying what is wrong with it. */
export function checkAnchor(certificate: Certificate, now: Date): void {
  // Parsed again: a certificate stands in a path once, and a root is below itself.
  const anchors = [{ certificate: readCertificate(certificate.der) }];
  const result = validatePath({ certificates: [certificate], anchors, at: now, authority: true });
  if (result.ok) return;
  const [problem] = result.problems;
  const isRoot = !['ISSUER_MISSING', 'SIGNATURE_BAD'].includes(problem!.code);
  throw invalid(
    'AUTH_TRUST_ANCHOR',
    isRoot
      ? `${describeProblem(problem!)}.`
      : `${certificate.subject.text} is no root: it is not signed by itself. Import authorities below a root as intermediates.`,
  );
}

/** What may fill gaps in chains. It is trusted no more than the root above it. Throws INVALID. */
export function checkIntermediate(certificate: Certificate): void {
  const { basicConstraints, key, subject } = certificate;
  if (!basicConstraints?.ca)
    throw invalid('AUTH_TRUST_INTERMEDIATE', `${subject.text} is no certification authority.`);
  if (key.problem)
    throw invalid('AUTH_TRUST_INTERMEDIATE', `${subject.text} has a key that is not believed: ${key.text}.`);
  if (isSelfIssued(certificate))
    throw invalid('AUTH_TRUST_INTERMEDIATE', `${subject.text} is a root: import it as an anchor.`);
}
