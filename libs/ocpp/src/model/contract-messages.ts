// What stations ask on behalf of cars, without a version: contract certificates (M01, M02) and whether certificates still
// count (M06, 2.1 M07). In 1.6 these travel inside DataTransfer.

import type { StatusReason } from './charger-answer.js';
import type { CertificateHash } from './charger-message.js';

export interface ContractCertificateMessage {
  type: 'contractCertificate';
  schemaVersion: string;
  action: 'Install' | 'Update';
  /** Base64 of EXI, which nobody but the pool reads. */
  exiRequest: string;
  /** 2.1: how many contracts the car takes, and which of them first. */
  maxChains: number | null;
  prioritisedEmaids: string[];
}

export interface CertificateStatusMessage {
  type: 'certificateStatus';
  hash: CertificateHash;
}

export interface ChainStatusMessage {
  type: 'chainStatus';
  /** 1 to 4. `urls` come from the station. */
  certificates: { hash: Omit<CertificateHash, 'responderUrl'>; source: 'CRL' | 'OCSP'; urls: string[] }[];
}

export interface ContractCertificateAnswer {
  type: 'contractCertificate';
  accepted: boolean;
  /** Base64; empty when there is none. */
  exiResponse: string;
  /** 2.1: contracts that the car may ask for after this one. */
  remaining: number | null;
  reason: StatusReason | null;
}

export interface CertificateStatusAnswer {
  type: 'certificateStatus';
  /** Base64 DER of the responder's unchanged answer; null: there is none. */
  ocspResult: string | null;
  reason: StatusReason | null;
}

export interface ChainStatusAnswer {
  type: 'chainStatus';
  certificates: {
    hash: Omit<CertificateHash, 'responderUrl'>;
    source: 'CRL' | 'OCSP';
    status: 'Good' | 'Revoked' | 'Unknown' | 'Failed';
    nextUpdate: Date;
  }[];
}
