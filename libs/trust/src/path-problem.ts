/** Why a chain is not believed. The codes are stable: they stand in decisions, events and alert rules. */
import type { Certificate } from './certificate.js';

export type PathProblemCode =
  | 'EXPIRED'
  | 'NOT_YET_VALID'
  | 'SIGNATURE_BAD'
  | 'SIGNATURE_WEAK'
  | 'SIGNATURE_UNSUPPORTED'
  | 'KEY_WEAK'
  | 'KEY_UNSUPPORTED'
  | 'ISSUER_MISSING'
  | 'ROOT_UNKNOWN'
  | 'NOT_A_CA'
  | 'KEY_USAGE'
  | 'EXTENDED_KEY_USAGE'
  | 'PATH_LENGTH'
  | 'CRITICAL_EXTENSION_UNKNOWN'
  | 'NAME_CONSTRAINTS'
  | 'LEAF_IS_CA'
  | 'LEAF_SELF_ISSUED'
  | 'TOO_DEEP'
  | 'TOO_MUCH_WORK';

export interface PathProblem {
  readonly code: PathProblemCode;
  readonly certificate: Certificate;
  /** 0 is the leaf, 1 its issuer, ... */
  readonly depth: number;
}

const TEXTS: Readonly<Record<PathProblemCode, string>> = {
  EXPIRED: 'has expired',
  NOT_YET_VALID: 'is not valid yet',
  SIGNATURE_BAD: 'is not signed by the certificate that it names as its issuer',
  SIGNATURE_WEAK: 'is signed with an algorithm that can be forged',
  SIGNATURE_UNSUPPORTED: 'is signed with an algorithm that is not supported',
  KEY_WEAK: 'has a key that is too weak',
  KEY_UNSUPPORTED: 'has a key of a kind that is not supported',
  ISSUER_MISSING: 'was issued by a certificate that is neither in the chain nor known',
  ROOT_UNKNOWN: 'was issued by a root that is not trusted',
  NOT_A_CA: 'stands where a certification authority belongs and is none',
  KEY_USAGE: 'was used for what its key usage does not allow',
  EXTENDED_KEY_USAGE: 'is for other purposes only, by its extended key usage',
  PATH_LENGTH: 'has more authorities below it than it allows',
  CRITICAL_EXTENSION_UNKNOWN: 'has a critical extension that is not understood',
  NAME_CONSTRAINTS: 'has name constraints, which are not supported',
  LEAF_IS_CA: 'is a certification authority, where a certificate of an end entity belongs',
  LEAF_SELF_ISSUED: 'names itself as its issuer',
  TOO_DEEP: 'stands in a chain that is too long',
  TOO_MUCH_WORK: 'has more possible issuers than are tried',
};

/** For the log and for people: `CN=..., serial ...: has expired`. */
export function describeProblem({ code, certificate }: PathProblem): string {
  return `${certificate.subject.text} (serial ${certificate.serial}) ${TEXTS[code]}`;
}
