import { Inject, Injectable } from '@nestjs/common';
import { groupBy, invalid, isUuid } from '@kilowatch/kernel';
import {
  counter,
  Database,
  LOGGER,
  tenantScope,
  type Logger,
  type Principal,
  type SortKey,
} from '@kilowatch/platform';
import { frameNumberFrom } from '../domain/trace-slot.js';
import { CommandLogRepository, type LoggedCommand } from '../persistence/command-log.repository.js';
import {
  ConnectionAttemptRepository,
  type ConnectionAttempt,
} from '../persistence/connection-attempt.repository.js';
import {
  StationDeviationRepository,
  type DeviationCount,
} from '../persistence/station-deviation.repository.js';
import { NoticeRepository, type HeldNotice } from '../persistence/notice.repository.js';
import { QuarantinedFrameRepository, type HeldFrame } from '../persistence/quarantined-frame.repository.js';
import {
  StationConnectionRepository,
  type ConnectionState,
} from '../persistence/station-connection.repository.js';
import type { WireFrame } from '../domain/trace-page.js';
import { WireFrameRepository } from '../persistence/wire-frame.repository.js';

export type {
  ConnectionAttempt,
  ConnectionState,
  DeviationCount,
  HeldFrame,
  HeldNotice,
  LoggedCommand,
  WireFrame,
};

/** `after`: time and id, where the list does not say otherwise. */
export interface Page<Key extends SortKey = readonly [string, string]> {
  readonly limit: number;
  readonly after: Key | undefined;
}

export interface FrameFilter {
  readonly direction?: 'RECEIVED' | 'SENT' | null;
  readonly action?: string | null;
  readonly messageId?: string | null;
  readonly contains?: string | null;
  readonly from?: Date | null;
  readonly before?: Date | null;
}

const MAX_SEARCH = 200;
/** Whoever asked waits ten seconds for us (KW_SUBGRAPH_TIMEOUT_MS). */
const SEARCH_MS = 8_000;

/** What operators see of connections, frames and commands of their tenant. */
@Injectable()
export class ViewWire {
  constructor(
    private readonly database: Database,
    private readonly connections: StationConnectionRepository,
    private readonly attempts: ConnectionAttemptRepository,
    private readonly frames: WireFrameRepository,
    private readonly quarantine: QuarantinedFrameRepository,
    private readonly commands: CommandLogRepository,
    private readonly notices: NoticeRepository,
    private readonly deviations: StationDeviationRepository,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async connectionsOf({ tenant }: Principal, ids: readonly string[]): Promise<Map<string, ConnectionState>> {
    const states = await this.database.read(tenantScope(tenant), (tx) =>
      this.connections.statesOf(tx, tenant, ids),
    );
    return new Map(states.map((state) => [state.stationId, state]));
  }

  /** By station; those without any are missing. */
  async deviationsOf({ tenant }: Principal, ids: readonly string[]): Promise<Map<string, DeviationCount[]>> {
    const counts = await this.database.read(tenantScope(tenant), (tx) => this.deviations.of(tx, tenant, ids));
    return groupBy(counts, ({ stationId }) => stationId);
  }

  attemptsOf(
    { tenant }: Principal,
    page: Page,
    filter: { identity?: string | null; outcome?: string | null },
  ): Promise<ConnectionAttempt[]> {
    return this.database.read(tenantScope(tenant), (tx) =>
      this.attempts.search(tx, tenant, {
        identity: filter.identity ?? undefined,
        outcome: filter.outcome ?? undefined,
        ...page,
      }),
    );
  }

  /** Pages that cannot be read are left out, counted and logged. */
  async framesOf(
    { tenant }: Principal,
    stationId: string,
    page: Page<readonly [number]>,
    filter: FrameFilter,
    newestFirst: boolean,
  ): Promise<WireFrame[]> {
    for (const text of [filter.contains, filter.action, filter.messageId]) {
      if ((text?.length ?? 0) > MAX_SEARCH)
        throw invalid('FRAME_SEARCH', `A search is at most ${MAX_SEARCH} characters.`);
    }
    const { frames, unreadable } = await this.database.read(tenantScope(tenant), (tx) =>
      this.frames.search(tx, tenant, {
        stationId,
        sent: filter.direction ? filter.direction === 'SENT' : undefined,
        action: filter.action ?? undefined,
        messageId: filter.messageId ?? undefined,
        contains: filter.contains?.replaceAll('\u0000', '') || undefined,
        fromNo: filter.from ? frameNumberFrom(filter.from) : undefined,
        beforeNo: filter.before ? frameNumberFrom(filter.before) : undefined,
        newestFirst,
        after: page.after?.[0],
        limit: page.limit,
        mostMs: SEARCH_MS,
      }),
    );
    if (unreadable > 0) {
      counter('kw_ocpp_trace_unreadable_total').inc(unreadable);
      this.log.warn({ tenant, stationId, pages: unreadable }, 'pages of the frame trace cannot be read');
    }
    return frames;
  }

  noticesOf({ tenant }: Principal, stationId: string, page: Page): Promise<HeldNotice[]> {
    return this.database.read(tenantScope(tenant), (tx) =>
      this.notices.list(tx, tenant, { stationId, ...page }),
    );
  }

  commandsOf({ tenant }: Principal, stationId: string, page: Page): Promise<LoggedCommand[]> {
    return this.database.read(tenantScope(tenant), (tx) =>
      this.commands.ofStation(tx, tenant, { stationId, ...page }),
    );
  }

  quarantined(
    { tenant }: Principal,
    page: Page,
    filter: { stationId?: string | null; open?: boolean | null },
  ): Promise<HeldFrame[]> {
    if (filter.stationId && !isUuid(filter.stationId)) return Promise.resolve([]);
    return this.database.read(tenantScope(tenant), (tx) =>
      this.quarantine.search(tx, tenant, {
        stationId: filter.stationId ?? undefined,
        open: filter.open ?? undefined,
        ...page,
      }),
    );
  }
}
