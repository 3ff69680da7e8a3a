import { Inject, Injectable } from '@nestjs/common';
import { isTenantId, type Clock } from '@kilowatch/kernel';
import { CLOCK, CONFIG, Database, tenantScope, type ConfigOf } from '@kilowatch/platform';
import { LRUCache } from 'lru-cache';
import type { configShape } from '../config.js';
import { addressBlock } from '../domain/address-block.js';
import { AttemptLimit } from '../domain/attempt-limit.js';
import {
  identityKey,
  needsCertificate,
  needsPassword,
  offeredProfile,
  profileMatches,
  type StationVerdict,
} from '../domain/station-credential.js';
import {
  findCredentialByIdentity,
  type StationCredential,
} from '../persistence/station-credential.repository.js';
import { KeyedHash } from './keyed-hash.js';
import { Passwords } from './passwords.js';
import { StationCertificateCheck, type ShownCertificate } from './station-certificate-check.js';

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
  readonly retryAfterSeconds?: number;
}

/** Checks what a station presents. Guessing is limited before hashing; unknown identities cost the same as known ones. */
@Injectable()
export class VerifyStation {
  private readonly byStation = new AttemptLimit({ failures: 10, windowMs: 10 * 60_000, capacity: 20_000 });
  private readonly byAddress = new AttemptLimit({ failures: 100, windowMs: 10 * 60_000, capacity: 20_000 });
  /** Right passwords seen lately, as keyed hashes: a fleet that reconnects at once does not wait for argon2. */
  private readonly right = new LRUCache<string, true>({ max: 100_000, ttl: 24 * 60 * 60_000 });

  constructor(
    private readonly database: Database,
    private readonly passwords: Passwords,
    private readonly hash: KeyedHash,
    private readonly certificates: StationCertificateCheck,
    @Inject(CONFIG) private readonly config: ConfigOf<typeof configShape>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async run(attempt: StationAttempt): Promise<StationAnswer> {
    const tenant = attempt.tenant || this.config.KW_DEFAULT_TENANT;
    const key = identityKey(attempt.identity);
    const credential = isTenantId(tenant)
      ? await this.database.read(tenantScope(tenant), (tx) => findCredentialByIdentity(tx, tenant, key))
      : undefined;
    if (credential && (await this.isKnownRight(credential, attempt))) return accepted(credential, attempt);
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
    const verdict = await this.judge(credential, attempt).catch((error: unknown) => {
      this.byStation.withdraw(names[0], now);
      throw error;
    });
    if (credential && verdict === 'ACCEPTED') {
      this.byStation.succeeded(names[0]);
      const proof = this.proofOf(credential, attempt);
      if (proof) this.right.set(proof, true);
      return accepted(credential, attempt);
    }
    this.byAddress.failed(names[1], now);
    return { verdict };
  }

  /** What nobody can guess is taken before the limits look: those who guess must not lock the station out. */
  private async isKnownRight(credential: StationCredential, attempt: StationAttempt): Promise<boolean> {
    if (!meetsProfile(credential, attempt)) return false;
    if (needsCertificate(credential.securityProfile))
      return (await this.certificates.run(credential, attempt.certificate)) === 'ACCEPTED';
    const proof = this.proofOf(credential, attempt);
    return proof !== undefined && this.right.has(proof);
  }

  private async judge(
    credential: StationCredential | undefined,
    attempt: StationAttempt,
  ): Promise<StationVerdict> {
    // Without a password to compare it is hashed all the same, so that every refusal takes as long as any other.
    const asksPassword = credential?.securityProfile !== 0;
    const rightPassword =
      asksPassword && (await this.passwords.matches(credential?.passwordHash, attempt.password));
    if (!credential) return 'UNKNOWN_STATION';
    if (!meetsProfile(credential, attempt)) return 'PROFILE_MISMATCH';
    if (needsCertificate(credential.securityProfile))
      return this.certificates.run(credential, attempt.certificate);
    if (!asksPassword) return 'ACCEPTED';
    return rightPassword && this.namesItself(credential, attempt) ? 'ACCEPTED' : 'BAD_CREDENTIALS';
  }

  /** A00.FR.204: the Basic user name is the identity. */
  private namesItself(credential: StationCredential, attempt: StationAttempt): boolean {
    return identityKey(Buffer.from(attempt.username).toString('utf8')) === credential.identityKey;
  }

  private proofOf(credential: StationCredential, attempt: StationAttempt): string | undefined {
    if (!needsPassword(credential.securityProfile) || !this.namesItself(credential, attempt))
      return undefined;
    const parts = [
      credential.tenant,
      credential.stationId,
      String(credential.version),
      attempt.password,
    ] as const;
    return this.hash.of(...parts).toString('base64');
  }
}

function accepted(credential: StationCredential, attempt: StationAttempt): StationAnswer {
  return { verdict: 'ACCEPTED', credential, securityProfile: worthOf(credential, attempt) };
}

function meetsProfile(credential: StationCredential, attempt: StationAttempt): boolean {
  return profileMatches(credential.securityProfile, worthOf(credential, attempt));
}

function worthOf(
  credential: StationCredential,
  { securityProfile, username, password, certificate }: StationAttempt,
): number {
  return offeredProfile(credential.securityProfile, {
    profile: securityProfile,
    password: username.length + password.length > 0,
    verifiedCertificate: certificate?.verified ?? false,
  });
}
