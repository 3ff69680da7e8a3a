import { Inject, Injectable } from '@nestjs/common';
import { isTenantId, type Clock } from '@kilowatch/kernel';
import { CLOCK, CONFIG, Database, tenantScope, type ConfigOf } from '@kilowatch/platform';
import { LRUCache } from 'lru-cache';
import type { configShape } from '../config.js';
import { addressBlock } from '../domain/address-block.js';
import { AttemptLimit } from '../domain/attempt-limit.js';
import {
  CURRENT_PASSWORD,
  certificateCredential,
  NOTHING_SHOWN,
  pendingPassword,
} from '../domain/credential-id.js';
import { identityKey, type StationVerdict } from '../domain/station-credential.js';
import { judgeOffer, type Offer } from '../domain/station-offer.js';
import {
  findCredentialByIdentity,
  type StationCredential,
} from '../persistence/station-credential.repository.js';
import { Authorities } from './authority/authorities.js';
import { KeyedHash } from './keyed-hash.js';
import { Passwords } from './passwords.js';
import { ReportRefusedCertificate } from './report-refused-certificate.js';
import { SharedFailures } from './shared-failures.js';
import {
  StationCertificateCheck,
  type CertificateVerdict,
  type ShownCertificate,
} from './station-certificate-check.js';

const STATIONS = 'station name';
const ADDRESSES = 'station address';

export interface StationAttempt {
  readonly identity: string;
  readonly tenant: string;
  readonly securityProfile: number;
  readonly username: Uint8Array;
  readonly password: Uint8Array;
  readonly remoteIp: string;
  readonly certificate?: ShownCertificate | undefined;
}

export interface StationAnswer {
  readonly verdict: StationVerdict;
  readonly credential?: StationCredential;
  /** What the connection counts as, once accepted. */
  readonly securityProfile?: number;
  /** Which of its credentials it came with (domain/credential-id.ts). */
  readonly credentialId?: string;
  /** Let in to be given other credentials only. */
  readonly provisional?: boolean;
  readonly retryAfterSeconds?: number;
}

/** What is known of one attempt before its password is hashed. */
interface Standing {
  readonly credential: StationCredential;
  readonly offer: Offer;
  readonly certificate: CertificateVerdict | undefined;
}

/** Checks what a station presents. Guessing is limited before hashing; unknown identities cost the same as known ones. */
@Injectable()
export class VerifyStation {
  private readonly byStation = new AttemptLimit({ failures: 10, windowMs: 10 * 60_000, capacity: 20_000 });
  private readonly byAddress = new AttemptLimit({ failures: 100, windowMs: 10 * 60_000, capacity: 20_000 });
  /** Right passwords seen lately, as keyed hashes: a fleet that reconnects at once does not wait for argon2. */
  private readonly right = new LRUCache<string, string>({ max: 100_000, ttl: 24 * 60 * 60_000 });

  constructor(
    private readonly database: Database,
    private readonly passwords: Passwords,
    private readonly hash: KeyedHash,
    private readonly certificates: StationCertificateCheck,
    private readonly authorities: Authorities,
    private readonly refusedCertificates: ReportRefusedCertificate,
    private readonly shared: SharedFailures,
    @Inject(CONFIG) private readonly config: ConfigOf<typeof configShape>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async run(attempt: StationAttempt): Promise<StationAnswer> {
    const tenant = attempt.tenant || this.config.KW_DEFAULT_TENANT;
    const key = identityKey(attempt.identity);
    const standing = await this.standingOf(tenant, key, attempt);
    const known = standing && this.knownRight(standing, attempt);
    if (standing && known !== undefined) return accepted(standing, known);
    const block = addressBlock(attempt.remoteIp);
    const names = [`${tenant}|${key}|${block}`, block] as const;
    const now = this.clock.now();
    const wait = Math.max(
      this.byStation.waitSeconds(names[0], now),
      this.byAddress.waitSeconds(names[1], now),
    );
    if (wait > 0) return { verdict: 'RATE_LIMITED', retryAfterSeconds: wait };
    // Counted before it is hashed: guesses that come all at once are as many as those that come one after another.
    this.byStation.failed(names[0], now);
    const judged = await this.judge(standing, attempt).catch((error: unknown) => {
      this.byStation.withdraw(names[0], now);
      throw error;
    });
    if (standing && judged.verdict === 'ACCEPTED') {
      this.byStation.succeeded(names[0]);
      await this.shared.forget({ kind: STATIONS, name: names[0] });
      const proof = this.proofOf(standing.credential, attempt);
      if (proof && judged.credentialId !== NOTHING_SHOWN) this.right.set(proof, judged.credentialId);
      return accepted(standing, judged.credentialId);
    }
    this.byAddress.failed(names[1], now);
    await this.tellFailure(names, now);
    if (standing) await this.refusedCertificates.run(standing.credential, judged.verdict, attempt);
    return { verdict: judged.verdict };
  }

  /** What other pods counted holds here too from now on. */
  private async tellFailure([station, block]: readonly [string, string], now: Date): Promise<void> {
    const guessers = [
      { kind: STATIONS, name: station },
      { kind: ADDRESSES, name: block },
    ];
    const [ofStation = [], ofAddress = []] = await this.shared.tell(guessers, now, this.byStation.windowMs);
    this.byStation.learn(station, ofStation, now);
    this.byAddress.learn(block, ofAddress, now);
  }

  private async standingOf(
    tenant: string,
    key: string,
    attempt: StationAttempt,
  ): Promise<Standing | undefined> {
    const credential = isTenantId(tenant)
      ? await this.database.read(tenantScope(tenant), (tx) => findCredentialByIdentity(tx, tenant, key))
      : undefined;
    if (!credential) return undefined;
    const certificate = attempt.certificate && (await this.certificates.run(credential, attempt.certificate));
    const { allowDowngradeTo2 } = this.authorities.policyOf(tenant);
    const offer = judgeOffer(
      { ...credential, allowDowngradeTo2 },
      {
        profile: attempt.securityProfile,
        password: attempt.username.length + attempt.password.length > 0,
        certificate: certificate?.verdict,
        vouched: attempt.certificate?.verified ?? false,
      },
    );
    return { credential, offer, certificate };
  }

  /** What nobody can guess is taken before the limits look: those who guess must not lock the station out. */
  private knownRight(
    { credential, offer, certificate }: Standing,
    attempt: StationAttempt,
  ): string | undefined {
    if (offer.kind === 'certificate') return certificateCredential(certificate!.fingerprint);
    const proof = offer.kind === 'password' ? this.proofOf(credential, attempt) : undefined;
    return proof === undefined ? undefined : this.right.get(proof);
  }

  private async judge(
    standing: Standing | undefined,
    attempt: StationAttempt,
  ): Promise<{ verdict: StationVerdict; credentialId: string }> {
    const { credential, offer } = standing ?? {};
    // Without a password to compare it is hashed all the same, so that every refusal takes as long as any other.
    const asksPassword = credential === undefined || asksForPassword(credential);
    const slot = asksPassword ? await this.matching(credential, attempt.password) : NOTHING_SHOWN;
    const refused = (verdict: StationVerdict) => ({ verdict, credentialId: '' });
    if (!credential || !offer) return refused('UNKNOWN_STATION');
    if (offer.kind === 'refused') return refused(offer.verdict);
    const isRight = !asksPassword || (slot !== undefined && this.namesItself(credential, attempt));
    return isRight ? { verdict: 'ACCEPTED', credentialId: slot! } : refused('BAD_CREDENTIALS');
  }

  /** Which of the two passwords that may be held (A01.FR.02 ff.); undefined: none of them. */
  private async matching(
    credential: StationCredential | undefined,
    password: Uint8Array,
  ): Promise<string | undefined> {
    for (const one of [password, ...inHexadecimal(password)]) {
      if (await this.passwords.matches(credential?.passwordHash, one)) return CURRENT_PASSWORD;
      const pending = credential?.pendingPasswordHash;
      if (pending !== undefined && (await this.passwords.matches(pending, one)))
        return pendingPassword(pending);
    }
    return undefined;
  }

  /** A00.FR.204: the Basic user name is the identity. */
  private namesItself(credential: StationCredential, attempt: StationAttempt): boolean {
    return identityKey(Buffer.from(attempt.username).toString('utf8')) === credential.identityKey;
  }

  private proofOf(credential: StationCredential, attempt: StationAttempt): string | undefined {
    if (!asksForPassword(credential) || !this.namesItself(credential, attempt)) return undefined;
    const parts = [
      credential.tenant,
      credential.stationId,
      String(credential.version),
      attempt.password,
    ] as const;
    return this.hash.of(...parts).toString('base64');
  }
}

/** Some 1.6 stations send the AuthorizationKey as it is written, and not the bytes that it stands for. */
function inHexadecimal(password: Uint8Array): Uint8Array[] {
  const text = Buffer.from(password).toString('latin1');
  return /^(?:[0-9a-f]{2}){16,20}$/i.test(text) ? [Buffer.from(text, 'hex')] : [];
}

/** A station that came with a password over TLS once needs one, whatever it is provisioned for. */
function asksForPassword({ securityProfile, reachedProfile }: StationCredential): boolean {
  return Math.max(securityProfile, reachedProfile) !== 0;
}

function accepted({ credential, offer, certificate }: Standing, credentialId: string): StationAnswer {
  return {
    verdict: 'ACCEPTED',
    credential,
    securityProfile: offer.kind === 'certificate' ? 3 : offer.kind === 'password' ? offer.worth : 0,
    credentialId,
    provisional: credential.factory || (certificate?.provisional ?? false),
  };
}
