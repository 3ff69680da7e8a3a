import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { isAppError } from '@kilowatch/kernel';
import { Database, tenantScope } from '@kilowatch/platform';
import {
  certificateId,
  readCertificatesPem,
  readHashData,
  type Certificate,
  type CertificateId,
  type PathResult,
} from '@kilowatch/trust';
import { contractKey } from '../domain/contract-key.js';
import {
  inOrder,
  judgeLeaf,
  judgePath,
  judgeRevocation,
  refusedContract,
  type ContractStep,
  type Judgement,
} from '../domain/contract-judgement.js';
import type { ContractVerdict } from '../domain/contract-verdict.js';
import {
  knownCertificates,
  type CertificateName,
  type ShownCertificate,
} from '../persistence/contract.repository.js';
import {
  CheckRevocation,
  subjectOfHashData,
  subjectsOfPath,
  type RevocationFinding,
  type RevocationSubject,
} from './check-revocation.js';
import type { PresentedToken } from './decide-token.js';
import { isContractType } from './token-keys.js';
import { TrustStore, type PurposeAnchor, type Trust } from './trust-store.js';

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
  readonly certificate: ShownCertificate | undefined;
  /** What was looked at, for people who ask why. */
  readonly steps: readonly ContractStep[];
}

interface ChainQuestion {
  readonly tenant: string;
  readonly idToken: string;
  readonly certificates: readonly Certificate[];
  readonly deadline: Date;
}

type GoodPath = Extract<PathResult<PurposeAnchor>, { ok: true }>;

type Question = Pick<PresentedToken, 'value' | 'type' | 'purpose' | 'contract'>;

/** ISO 15118-2 gives a car 5 s for the answer to its certificate; the station and the gateway need some of it (P4). */
const DEADLINE_MS = 3_500;
const MOST_HASHES = 4;
/** Some 10 KB each. What is known of them is only what stands in their bytes, and that their signatures fit. */
const MOST_SEEN = 1_000;

/**
 * What a contract certificate is worth, before anybody looks at its token (OCPP 2.0.1 C07). The trust boundary of plug and charge:
 * what comes in is the station's word; what goes out is believed.
 */
@Injectable()
export class CheckContract {
  /** Certificates of paths that were good, by their bytes: drivers come again, and their authorities with every driver. */
  private readonly seen = new LRUCache<string, Certificate>({ max: MOST_SEEN });

  constructor(
    private readonly database: Database,
    private readonly store: TrustStore,
    private readonly revocation: CheckRevocation,
  ) {}

  /** Undefined: no certificate was shown, and none is asked for now. */
  async run(tenant: string, question: Question, now: Date): Promise<ContractFinding | undefined> {
    const { type, purpose, contract } = question;
    const asksFor = isContractType(type) && purpose === 'AUTHORIZE';
    if (!contract || (contract.certificatePem === '' && contract.hashes.length === 0))
      return asksFor ? MISSING : undefined;
    const deadline = new Date(now.getTime() + DEADLINE_MS);
    // P10: when both are there the chain alone decides, and nobody asks where the station's hash data point.
    return contract.certificatePem === ''
      ? this.byHashes(tenant, question.value, contract.hashes, deadline)
      : this.byChain(tenant, question.value, contract.certificatePem, deadline);
  }

  private async byChain(
    tenant: string,
    idToken: string,
    pem: string,
    deadline: Date,
  ): Promise<ContractFinding> {
    let certificates: readonly Certificate[];
    try {
      certificates = readCertificatesPem(pem, {}, (fingerprint) => this.seen.get(fingerprint));
    } catch (error) {
      if (!isAppError(error)) throw error;
      return found(refusedContract('chain', 'chain_unreadable', error.publicText), '');
    }
    const question = { tenant, idToken, certificates, deadline };
    const lastSeen = this.store.lastSeen(tenant);
    const early = lastSeen && (await this.underLastSeen(lastSeen, question));
    return early ?? this.underTrust(await this.store.current(tenant), question);
  }

  /** Undefined: it is not what counts any more, or the chain is refused under it, which only what counts may do. */
  private async underLastSeen(trust: Trust, question: ChainQuestion): Promise<ContractFinding | undefined> {
    const { tenant, certificates, deadline } = question;
    const result = this.store.validate(trust, 'CONTRACT', certificates);
    if (!result.ok) return undefined;
    const findings = await this.revocation.runWhile(tenant, trust, subjectsOfPath(result.path), deadline);
    return findings && this.judged(trust, question, { result, findings });
  }

  private async underTrust(trust: Trust, question: ChainQuestion): Promise<ContractFinding> {
    const { tenant, certificates, deadline } = question;
    const result = this.store.validate(trust, 'CONTRACT', certificates);
    if (!result.ok) return found(judgePath(result), result.path[0]!.serial);
    const findings = await this.revocation.run(tenant, trust, subjectsOfPath(result.path), deadline);
    return this.judged(trust, question, { result, findings });
  }

  private async judged(
    trust: Trust,
    { tenant, idToken }: ChainQuestion,
    { result, findings }: { result: GoodPath; findings: readonly RevocationFinding[] },
  ): Promise<ContractFinding> {
    const { path } = result;
    const leaf = path[0]!;
    const judgement = inOrder(
      judgePath(result),
      judgeRevocation(findings),
      judgeLeaf(leaf, idToken, trust.policy.requireMoDomain),
    );
    if (judgement.verdict.kind !== 'VALID') return found(judgement, leaf.serial);
    for (const certificate of path) this.seen.set(certificate.fingerprint, certificate);
    await this.store.remember(tenant, trust, path);
    const { notBefore, notAfter } = leaf;
    const name = nameOf(certificateId(leaf, path[1]!, 'SHA256'));
    return found(judgement, leaf.serial, { ...name, notBefore, notAfter });
  }

  /** Of what hash data name only its issuer can be known (P8); whose contract it is, only when its PEM was seen before (P9). */
  private async byHashes(
    tenant: string,
    idToken: string,
    hashes: readonly CertificateHash[],
    deadline: Date,
  ): Promise<ContractFinding> {
    let ids: CertificateId[];
    try {
      ids = hashes.slice(0, MOST_HASHES).map((hash) => readHashData(hash));
    } catch (error) {
      if (!isAppError(error)) throw error;
      return found(refusedContract('hash_data', 'hash_data_unreadable', error.publicText), '');
    }
    const serial = ids[0]?.serialNumber ?? '';
    const trust = await this.store.current(tenant);
    const issuers = ids.map((id) => this.store.issuerOf(trust, 'CONTRACT', id));
    const paths = issuers.map((one, index) => (one ? judgePath(one.path) : unknownIssuer(ids[index]!)));
    const structure = inOrder(...paths);
    if (structure.verdict.kind !== 'VALID') return found(structure, serial);
    const named = ids.map((id, index) => ({ id, ...issuers[index]!, url: hashes[index]!.responderUrl }));
    const authorities = authoritiesOf(named.map(({ path }) => path.path));
    const leaves = named
      .filter(({ id, issuer }) => !trust.intermediates.some((one) => isNamed(one, id, issuer)))
      .map(({ id, issuer }) => nameOf(certificateId({ serial: id.serialNumber }, issuer, 'SHA256')));
    // The authorities are asked about by their own certificates: the station may have left them out.
    const subjects = [
      ...named.map(({ id, issuer, url }) => subjectOfHashData(id, issuer, url)),
      ...authorities,
    ];
    const [findings, known] = await Promise.all([
      this.revocation.run(tenant, trust, subjects, deadline),
      this.database.read(tenantScope(tenant), (tx) => knownCertificates(tx, tenant, contractKey(idToken))),
    ]);
    return found(inOrder(structure, foreign(judgeRevocation(findings)), judgeBinding(leaves, known)), serial);
  }
}

const MISSING: ContractFinding = {
  verdict: { kind: 'MISSING', reason: 'certificate_missing' },
  serial: '',
  certificate: undefined,
  steps: [
    {
      rule: 'certificate',
      reason: 'certificate_missing',
      text: 'The station sent neither certificate nor hash data of this contract.',
    },
  ],
};

function found(judgement: Judgement, serial: string, certificate?: ShownCertificate): ContractFinding {
  return { ...judgement, serial, certificate };
}

function nameOf({ issuerKeyHash, serialNumber }: CertificateId): CertificateName {
  return { issuerKeyHash, serial: serialNumber };
}

function unknownIssuer({ issuerKeyHash, serialNumber }: CertificateId): Judgement {
  const text = `Nobody knows the issuer of serial ${serialNumber} (key hash ${issuerKeyHash}): import it (kw trust intermediates import).`;
  return refusedContract('issuer', 'hash_issuer_unknown', text);
}

/** The address came from the station, not from a certificate: somebody may have made it up (P11). */
function foreign({ verdict, steps }: Judgement): Judgement {
  if (verdict.reason !== 'revocation_responder_not_allowed') return { verdict, steps };
  return { verdict: { ...verdict, reason: 'chain_responder_foreign' }, steps };
}

/** One leaf, and when the contract has shown certificates, one of them: else another driver's would do as well (P9). */
function judgeBinding(leaves: readonly CertificateName[], known: readonly CertificateName[]): Judgement {
  const [leaf, ...more] = leaves;
  if (!leaf || more.length > 0) {
    const text = `The hash data name ${leaves.length} certificates that are no known authorities, and not one.`;
    return refusedContract('binding', 'hash_data_ambiguous', text);
  }
  const text = 'The hash data name none of the certificates that this contract has shown.';
  return known.length === 0 || known.some((one) => isSameName(one, leaf))
    ? { verdict: { kind: 'VALID', reason: '' }, steps: [] }
    : refusedContract('binding', 'chain_hash_of_another', text);
}

function isSameName(one: CertificateName, other: CertificateName): boolean {
  return one.serial === other.serial && one.issuerKeyHash === other.issuerKeyHash;
}

function isNamed(authority: Certificate, { serialNumber }: CertificateId, issuer: Certificate): boolean {
  return authority.serial === serialNumber && Buffer.compare(authority.issuer.der, issuer.subject.der) === 0;
}

/** What is to be asked about the authorities of some paths, each once. */
function authoritiesOf(paths: readonly (readonly Certificate[])[]): readonly RevocationSubject[] {
  const subjects = new Map<string, RevocationSubject>();
  for (const path of paths)
    for (const subject of subjectsOfPath(path))
      subjects.set(`${subject.issuer.fingerprint}|${subject.serial}`, subject);
  return [...subjects.values()];
}
