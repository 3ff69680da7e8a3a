import { Inject, Injectable } from '@nestjs/common';
import { notFound, type Clock } from '@kilowatch/kernel';
import {
  CLOCK,
  Database,
  tenantScope,
  type DueWorkDefinition,
  type Principal,
  type SortKey,
  type Tx,
} from '@kilowatch/platform';
import type { Token } from '../persistence/token.repository.js';
import {
  forgetUnknown,
  listUnknown,
  lockUnknown,
  saveIgnored,
  type UnknownToken,
} from '../persistence/unknown-token.repository.js';
import { actorOf, AuditLog } from './audit-log.js';
import { ImportTokens, isTokenType, type TokenInput } from './import-tokens.js';

export type { UnknownToken };

export type Approval = Pick<TokenInput, 'accountEmail' | 'groupId' | 'allowConcurrent' | 'expiresAt'> & {
  readonly id: string;
};

const KEPT_MS = 90 * 24 * 3_600_000;

/** Cards that nobody has, shown at stations: operators take them in without learning their numbers, or have them left out. */
@Injectable()
export class UnknownTokens {
  constructor(
    private readonly database: Database,
    private readonly audit: AuditLog,
    private readonly imports: ImportTokens,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  list(
    { tenant }: Principal,
    page: { limit: number; after: SortKey | undefined },
    ignored: boolean,
  ): Promise<UnknownToken[]> {
    return this.database.read(tenantScope(tenant), (tx) => listUnknown(tx, tenant, page, ignored));
  }

  approve(principal: Principal, { id, ...wanted }: Approval, address?: string): Promise<Token> {
    const { tenant } = principal;
    return this.database.transaction(tenantScope(tenant), async (tx) => {
      const { value, type, times } = await this.held(tx, tenant, id);
      const input = { ...wanted, value, type: isTokenType(type) ? type : undefined };
      const { token } = await this.imports.one(tx, tenant, input);
      await this.audit.write(tx, {
        tenant,
        by: actorOf(principal, address),
        action: 'token.approved',
        target: { kind: 'token', id: token.id },
        details: { times, groupId: token.groupId, accountId: token.accountId ?? '' },
      });
      return token;
    });
  }

  setIgnored(principal: Principal, id: string, ignored: boolean, address?: string): Promise<UnknownToken> {
    const { tenant } = principal;
    return this.database.transaction(tenantScope(tenant), async (tx) => {
      const held = await this.held(tx, tenant, id);
      if (held.ignored === ignored) return held;
      await saveIgnored(tx, tenant, id, ignored ? this.clock.now() : undefined);
      await this.audit.write(tx, {
        tenant,
        by: actorOf(principal, address),
        action: ignored ? 'token.ignored' : 'token.listed_again',
        target: { kind: 'unknown_token', id },
      });
      return { ...held, ignored };
    });
  }

  private async held(tx: Tx, tenant: string, id: string): Promise<UnknownToken> {
    const held = await lockUnknown(tx, tenant, id);
    if (!held)
      throw notFound('AUTH_UNKNOWN_TOKEN', 'This card is not on the list any more: it was taken in, or not shown for long.'); // prettier-ignore
    return held;
  }
}

/** A card that nobody has shown for three months, and what is too much. */
@Injectable()
export class ForgetUnknownTokens implements DueWorkDefinition<{ tenant: string }> {
  readonly name = 'forget-unknown-tokens';
  readonly intervalMs = 60_000;
  readonly limit = 1_000;

  take(tx: Tx, now: Date, limit: number): Promise<{ tenant: string }[]> {
    return forgetUnknown(tx, new Date(now.getTime() - KEPT_MS), limit);
  }
}
