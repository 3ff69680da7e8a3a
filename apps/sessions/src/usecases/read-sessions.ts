import { Injectable } from '@nestjs/common';
import { notFound } from '@kilowatch/kernel';
import {
  connection,
  Database,
  ownerLimit,
  pageRequest,
  tenantScope,
  type Connection,
  type Principal,
} from '@kilowatch/platform';
import { isAttachable } from '../domain/orphan-review.js';
import {
  OrphanRepository,
  reviewedOrphan,
  type OrphanFilter,
  type OrphanRow,
} from '../persistence/orphan.repository.js';
import {
  SessionReadingRepository,
  type SessionFilter,
  type SessionScope,
  type SessionView,
} from '../persistence/session-reading.repository.js';

export type { OrphanFilter, OrphanRow, SessionFilter, SessionView };

export interface PageArguments {
  readonly first: number;
  readonly after?: string | null;
}

/** Sessions as a person may see them: drivers their own, operators the tenant's. A foreign one does not exist. */
@Injectable()
export class ReadSessions {
  constructor(
    private readonly database: Database,
    private readonly repository: SessionReadingRepository,
    private readonly orphanRepository: OrphanRepository,
  ) {}

  async one(principal: Principal, id: string): Promise<SessionView> {
    const [view] = await this.many(principal, [id]);
    if (!view) throw notFound('SESSIONS_SESSION_UNKNOWN', 'There is no such session.');
    return view;
  }

  many(principal: Principal, ids: readonly string[]): Promise<SessionView[]> {
    return this.database.read(tenantScope(principal.tenant), (tx) =>
      this.repository.byIds(tx, scopeOf(principal), ids),
    );
  }

  activeOfStations(principal: Principal, stationIds: readonly string[]): Promise<SessionView[]> {
    return this.database.read(tenantScope(principal.tenant), (tx) =>
      this.repository.activeOfStations(tx, scopeOf(principal), stationIds),
    );
  }

  async list(
    principal: Principal,
    filter: SessionFilter,
    args: PageArguments,
  ): Promise<Connection<SessionView> & { totalCount: () => Promise<number> }> {
    const page = pageRequest(args, ['time', 'id']);
    const scope = scopeOf(principal);
    const tenant = tenantScope(principal.tenant);
    const rows = await this.database.read(tenant, (tx) => this.repository.list(tx, scope, filter, page));
    const found = connection(page, rows, ({ session }) => [
      session.startedAt.toISOString(),
      session.sessionId,
    ]);
    // Counted only when it is asked for.
    const totalCount = () => this.database.read(tenant, (tx) => this.repository.count(tx, scope, filter));
    return { ...found, totalCount };
  }

  async orphans(
    principal: Principal,
    filter: OrphanFilter,
    args: PageArguments,
  ): Promise<Connection<OrphanRow> & { totalCount: () => Promise<number> }> {
    const page = pageRequest(args, ['time', 'id']);
    const { tenant } = principal;
    const scope = tenantScope(tenant);
    const rows = await this.database.read(scope, (tx) =>
      this.orphanRepository.list(tx, tenant, filter, page),
    );
    const found = connection(page, rows, (row) => [row.received_at.toISOString(), row.id]);
    const totalCount = () =>
      this.database.read(scope, (tx) => this.orphanRepository.count(tx, tenant, filter));
    return { ...found, totalCount };
  }

  async orphan({ tenant }: Principal, id: string): Promise<OrphanRow> {
    const [row] = await this.database.read(tenantScope(tenant), (tx) =>
      this.orphanRepository.rowsOf(tx, tenant, [id]),
    );
    if (!row) throw notFound('SESSIONS_ORPHAN_UNKNOWN', 'There is no such message.');
    return row;
  }

  /** The open sessions that a person may attach it to. */
  async attachableTo(principal: Principal, row: OrphanRow): Promise<SessionView[]> {
    if (row.adopted_by !== null) return [];
    const orphan = reviewedOrphan(row);
    const open = await this.activeOfStations(principal, [row.station_id]);
    return open.filter(({ session }) => isAttachable(orphan, session));
  }
}

function scopeOf(principal: Principal): SessionScope {
  return { tenant: principal.tenant, accountId: ownerLimit(principal, 'sessions:read') };
}
