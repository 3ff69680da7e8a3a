import { Inject, Injectable } from '@nestjs/common';
import { isTenantId, type Clock } from '@kilowatch/kernel';
import { CLOCK, CONFIG, Database, tenantScope, type ConfigOf } from '@kilowatch/platform';
import { LRUCache } from 'lru-cache';
import type { configShape } from '../config.js';
import { addressBlock } from '../domain/address-block.js';
import { AttemptLimit } from '../domain/attempt-limit.js';
import {
  identityKey,
  needsPassword,
  profileMatches,
  type StationVerdict,
} from '../domain/station-credential.js';
import {
  findCredentialByIdentity,
  type StationCredential,
} from '../persistence/station-credential.repository.js';
import { KeyedHash } from './keyed-hash.js';
import { Passwords } from './passwords.js';

export interface StationAttempt {
  readonly identity: string;
  readonly tenant: string;
  readonly securityProfile: number;
  readonly username: Uint8Array;
  readonly password: Uint8Array;
  readonly remoteIp: string;
}

export interface StationAnswer {
  readonly verdict: StationVerdict;
  readonly credential?: StationCredential;
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
    @Inject(CONFIG) private readonly config: ConfigOf<typeof configShape>,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async run(attempt: StationAttempt): Promise<StationAnswer> {
    const tenant = attempt.tenant || this.config.KW_DEFAULT_TENANT;
    const key = identityKey(attempt.identity);
    const credential = isTenantId(tenant)
      ? await this.database.read(tenantScope(tenant), (tx) => findCredentialByIdentity(tx, tenant, key))
      : undefined;
    const block = addressBlock(attempt.remoteIp);
    const names = [`${tenant}|${key}|${block}`, block] as const;
    const proof = credential && this.proofOf(credential, attempt);
    if (credential && proof && this.right.has(proof) && this.meetsProfile(credential, attempt)) {
      return { verdict: 'ACCEPTED', credential };
    }
    const now = this.clock.now();
    const wait = Math.max(
      this.byStation.waitSeconds(names[0], now),
      this.byAddress.waitSeconds(names[1], now),
    );
    if (wait > 0) return { verdict: 'RATE_LIMITED', retryAfterSeconds: wait };
    const verdict = await this.judge(credential, attempt);
    if (verdict === 'ACCEPTED') {
      this.byStation.succeeded(names[0]);
      if (proof) this.right.set(proof, true);
      return credential ? { verdict, credential } : { verdict };
    }
    this.byStation.failed(names[0], now);
    this.byAddress.failed(names[1], now);
    return { verdict };
  }

  private async judge(
    credential: StationCredential | undefined,
    attempt: StationAttempt,
  ): Promise<StationVerdict> {
    const asksPassword = credential === undefined || needsPassword(credential.securityProfile);
    const rightPassword =
      asksPassword && (await this.passwords.matches(credential?.passwordHash, attempt.password));
    if (!credential) return 'UNKNOWN_STATION';
    if (!this.meetsProfile(credential, attempt)) return 'PROFILE_MISMATCH';
    if (!asksPassword) return 'ACCEPTED';
    return rightPassword && this.namesItself(credential, attempt) ? 'ACCEPTED' : 'BAD_CREDENTIALS';
  }

  private meetsProfile(credential: StationCredential, attempt: StationAttempt): boolean {
    return profileMatches(credential.securityProfile, attempt.securityProfile);
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
