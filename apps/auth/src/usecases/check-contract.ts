import { Injectable } from '@nestjs/common';
import type { ContractVerdict } from '../domain/contract-verdict.js';
import type { CertificateName } from '../persistence/contract.repository.js';
import type { PresentedToken } from './decide-token.js';

export interface CertificateHash {
  readonly hashAlgorithm: string;
  readonly issuerNameHash: string;
  readonly issuerKeyHash: string;
  readonly serialNumber: string;
  /** From the station: never believed, at most asked when it is on the list. */
  readonly responderUrl: string;
}

export interface ContractEvidence {
  /** Empty: none. */
  readonly certificatePem: string;
  readonly hashes: readonly CertificateHash[];
}

export interface ContractFinding {
  readonly verdict: ContractVerdict;
  /** Hex, of the leaf; empty when it could not be read. */
  readonly serial: string;
  /** The leaf, when its PEM was good: from then on hash data of the contract are compared with it (P9). */
  readonly certificate: CertificateName | undefined;
  /** What was looked at, for people who ask why. */
  readonly steps: readonly ContractStep[];
}

export interface ContractStep {
  readonly rule: string;
  /** Empty: nothing against it. */
  readonly reason: string;
  readonly text: string;
}

/** What a contract certificate is worth, before anybody looks at its token (OCPP 2.0.1 C07). */
@Injectable()
export class CheckContract {
  /** Undefined: the token is no contract, or none of its certificates is asked for now. */
  run(
    _tenant: string,
    { type, purpose, contract }: PresentedToken,
    _now: Date,
  ): Promise<ContractFinding | undefined> {
    if (!contract && !(type === 'eMAID' && purpose === 'AUTHORIZE')) return Promise.resolve(undefined);
    const verdict: ContractVerdict = contract
      ? { kind: 'CHAIN_ERROR', reason: 'chain_root_unknown' }
      : { kind: 'MISSING', reason: 'certificate_missing' };
    return Promise.resolve({ verdict, serial: '', certificate: undefined, steps: [] });
  }
}
