import { Inject, Injectable } from '@nestjs/common';
import { isAppError, type Clock } from '@kilowatch/kernel';
import { CLOCK } from '@kilowatch/platform';
import { readHashData, type Certificate, type CertificateId } from '@kilowatch/trust';
import { TRUST_PURPOSES } from '../domain/trust-purpose.js';
import type { CertificateHash } from './check-contract.js';
import { CheckRevocation, subjectOfHashData, type RevocationFinding } from './check-revocation.js';
import { TrustStore, type Trust } from './trust-store.js';

export interface RawStatus {
  /** DER of the responder's unchanged answer; empty: there is none. */
  readonly ocspResponse: Uint8Array;
  readonly reasonCode: string;
  readonly reason: string;
}

export interface ChainQuestion {
  readonly hash?: CertificateHash | undefined;
  readonly byCrl: boolean;
  readonly urls: readonly string[];
}

export interface ChainWord {
  readonly status: 'Good' | 'Revoked' | 'Unknown' | 'Failed';
  readonly nextUpdate: Date;
}

/** What hash data name, and under what trust its issuer was found. */
interface Named {
  readonly id: CertificateId;
  readonly issuer: Certificate;
  readonly trust: Trust;
}

const DEADLINE_MS = 5_000;
const MOST_URLS = 5;
/** When to ask again about what nobody could tell. */
const AGAIN_MS = 5 * 60_000;
const NOTHING = new Uint8Array();

/** What responders say of certificates that stations hold or are shown: for them to staple (M06) or to judge cars by (2.1 M07). */
@Injectable()
export class CertificateStatus {
  constructor(
    private readonly store: TrustStore,
    private readonly revocation: CheckRevocation,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async raw(tenant: string, hash: CertificateHash): Promise<RawStatus> {
    const named = await this.named(tenant, hash);
    if (!named)
      return without('UnknownIssuer', 'Nobody knows who issued this certificate: import the issuer.');
    const urls = hash.responderUrl === '' ? [] : [hash.responderUrl];
    const finding = await this.ask(tenant, named, urls, []);
    if (finding.response) return { ocspResponse: finding.response, reasonCode: '', reason: '' };
    return without(REASONS[finding.reason] ?? 'NoAnswer', `No answer of a responder: ${finding.reason}.`);
  }

  async chain(tenant: string, questions: readonly ChainQuestion[]): Promise<ChainWord[]> {
    return Promise.all(questions.map((question) => this.word(tenant, question)));
  }

  private async word(tenant: string, { hash, byCrl, urls }: ChainQuestion): Promise<ChainWord> {
    const later = new Date(this.clock.now().getTime() + AGAIN_MS);
    const named = hash && (await this.named(tenant, hash));
    if (!named) return { status: 'Failed', nextUpdate: later };
    const some = urls.slice(0, MOST_URLS);
    const finding = await this.ask(tenant, named, byCrl ? [] : some, byCrl ? some : []);
    // Good by the company's policy is for drivers whose contract is known; of this certificate nobody said anything.
    const status = finding.source === 'POLICY' ? 'Failed' : WORDS[finding.status];
    return { status, nextUpdate: finding.nextUpdate ?? later };
  }

  private async named(tenant: string, hash: CertificateHash): Promise<Named | undefined> {
    let id: CertificateId;
    try {
      id = readHashData(hash);
    } catch (error) {
      if (isAppError(error)) return undefined;
      throw error;
    }
    const trust = await this.store.current(tenant);
    for (const purpose of TRUST_PURPOSES) {
      const known = this.store.issuerOf(trust, purpose, id);
      if (known?.path.ok) return { id, issuer: known.issuer, trust };
    }
    return undefined;
  }

  private async ask(
    tenant: string,
    { id, issuer, trust }: Named,
    ocspUrls: readonly string[],
    crlUrls: readonly string[],
  ): Promise<RevocationFinding> {
    const deadline = new Date(this.clock.now().getTime() + DEADLINE_MS);
    const subject = subjectOfHashData(id, issuer, ocspUrls, crlUrls);
    const [finding] = await this.revocation.run(tenant, trust, [subject], deadline);
    return finding!;
  }
}

const WORDS = { GOOD: 'Good', REVOKED: 'Revoked', UNKNOWN: 'Unknown', UNAVAILABLE: 'Failed' } as const;

const REASONS: Readonly<Record<string, string>> = {
  no_responder: 'NoResponder',
  responder_not_allowed: 'ResponderNotAllowed',
  responder_timeout: 'Timeout',
  responder_unreachable: 'Unreachable',
};

function without(reasonCode: string, reason: string): RawStatus {
  return { ocspResponse: NOTHING, reasonCode, reason };
}
