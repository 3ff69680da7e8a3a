import type { CertificateType, RevocationReason } from '../../domain/station-certificate.js';

/** What is to be signed, checked by us already. */
export interface IssueOrder {
  readonly tenant: string;
  readonly type: CertificateType;
  /** Of the tenant's policy: which way of an EST server it goes; empty: the one that serves all. */
  readonly estLabel: string;
  /** PKCS #10, PEM: authorities that speak EST are given the request itself. */
  readonly csr: string;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
  readonly commonName: string;
  readonly organisation: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

export interface IssuedChain {
  /** PEM: the leaf, then its sub-CAs, without the root. */
  readonly chain: string;
}

export interface RevokedCertificate {
  /** Hexadecimal. */
  readonly serial: string;
  readonly revokedAt: Date;
  readonly reason: RevocationReason;
}

/**
 * Whoever signs certificates of stations. The issuer is what the authority says it is, never guessed from a TLS chain.
 * Failures: UNAVAILABLE and TIMEOUT are worth another try, all else is an answer.
 */
export interface CertificateAuthority {
  /** Kept with what it signed. */
  readonly name: 'BUILT_IN' | 'EST';
  issue(order: IssueOrder): Promise<IssuedChain>;
  /** The roots its certificates lead to, PEM. */
  roots(): Promise<readonly string[]>;
}
