import { timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { isUuid, type Clock } from '@kilowatch/kernel';
import { CLOCK, Database, SYSTEM_SCOPE } from '@kilowatch/platform';
import { addressBlock } from '../domain/address-block.js';
import { AttemptLimit } from '../domain/attempt-limit.js';
import { countingHashes, grantedScopes } from '../domain/machine-client.js';
import { findMachineClient, touchMachineClient } from '../persistence/machine-client.repository.js';
import { AccessTokens } from './access-tokens.js';
import { KeyedHash } from './keyed-hash.js';
import { RefusedSignIns } from './refused-sign-ins.js';
import { clientSecretHash } from './machine-clients.js';

export interface ClientToken {
  readonly accessToken: string;
  readonly expiresAt: Date;
  readonly expiresIn: number;
  readonly scope: string;
}

/** Words of RFC 6749, 5.2; RATE_LIMITED is ours. */
export interface ClientTokenRefused {
  readonly reason: 'INVALID_CLIENT' | 'INVALID_SCOPE' | 'RATE_LIMITED';
  readonly retryAfterSeconds?: number;
}

/** A token for a machine (RFC 6749, 4.4). There is no refresh token: it asks again. */
@Injectable()
export class IssueClientToken {
  private readonly byClient = new AttemptLimit({ failures: 10, windowMs: 15 * 60_000, capacity: 10_000 });
  private readonly byAddress = new AttemptLimit({ failures: 50, windowMs: 15 * 60_000, capacity: 10_000 });

  constructor(
    private readonly database: Database,
    private readonly hash: KeyedHash,
    private readonly tokens: AccessTokens,
    private readonly refused: RefusedSignIns,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async run(
    asked: { clientId: string; clientSecret: string; scope?: string | null },
    address: string | undefined,
  ): Promise<ClientToken | ClientTokenRefused> {
    const { clientId } = asked;
    const now = this.clock.now();
    const block = address && addressBlock(address);
    // The secret cannot be guessed; the limit keeps those who try from costing us a look each.
    const wait = Math.max(
      this.byClient.waitSeconds(clientId, now),
      block ? this.byAddress.waitSeconds(block, now) : 0,
    );
    const client = isUuid(clientId)
      ? await this.database.read(SYSTEM_SCOPE, (tx) => findMachineClient(tx, clientId))
      : undefined;
    const given = clientSecretHash(this.hash, clientId, asked.clientSecret);
    const hashes = client ? countingHashes(client, now) : [];
    if (!client || !hashes.some((hash) => timingSafeEqual(hash, given))) {
      if (wait > 0) return { reason: 'RATE_LIMITED', retryAfterSeconds: wait };
      if (isUuid(clientId)) this.byClient.failed(clientId, now);
      if (block) this.byAddress.failed(block, now);
      // Of clients that there are; without one nobody knows whose log it belongs into.
      if (client)
        await this.refused.note({
          tenant: client.tenant,
          target: { kind: 'client', id: client.id },
          address,
          why: 'WRONG_SECRET',
        });
      return { reason: 'INVALID_CLIENT' };
    }
    const scopes = grantedScopes(client, asked.scope ?? undefined);
    if (!scopes) return { reason: 'INVALID_SCOPE' };
    await this.database.transaction(SYSTEM_SCOPE, (tx) => touchMachineClient(tx, client, now));
    const { token, expiresAt } = await this.tokens.issueToClient(client, scopes);
    const expiresIn = Math.floor((expiresAt.getTime() - now.getTime()) / 1_000);
    return { accessToken: token, expiresAt, expiresIn, scope: scopes.join(' ') };
  }
}
