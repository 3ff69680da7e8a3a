import { Inject, Injectable } from '@nestjs/common';
import { invalid, type Clock, type IdSource } from '@kilowatch/kernel';
import { CLOCK, Database, IDS, tenantScope, type Principal, type Tx } from '@kilowatch/platform';
import { logAfter, type LogStatus } from '../domain/log-request.js';
import { LogRequestRepository, type LogKind, type LogRow } from '../persistence/log-request.repository.js';
import { OperatedStation } from './operated-station.js';
import { RunCommand, type CommandAnswer } from './run-command.js';

export interface RequestLogInput {
  readonly stationId: string;
  readonly kind: LogKind;
  readonly oldest?: Date | null;
  readonly latest?: Date | null;
  readonly idempotencyKey?: string | null;
}

/** Has a station send its diagnostics or security log. The file comes to the gateway, under the id of the request. */
@Injectable()
export class RequestLog {
  constructor(
    private readonly database: Database,
    private readonly stations: OperatedStation,
    private readonly logs: LogRequestRepository,
    private readonly commands: RunCommand,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  async request(
    principal: Principal,
    { stationId, kind, oldest, latest, idempotencyKey }: RequestLogInput,
  ): Promise<{ answer: CommandAnswer; log: LogRow }> {
    if (oldest && latest && oldest.getTime() > latest.getTime()) {
      throw invalid('SESSIONS_LOG_SPAN', 'The log begins after it ends.');
    }
    const { tenant, accountId } = principal;
    await this.stations.one(principal, stationId);
    const answer = await this.commands.run(principal, {
      stationId,
      idempotencyKey,
      action: 'RequestLog',
      args: { kind, oldest, latest },
      prepare: (tx, id) =>
        this.logs.add(tx, tenant, {
          id,
          station_id: stationId,
          kind,
          request_id: this.ids.randomInt31(),
          requested_by: accountId,
          requested_at: this.clock.now(),
        }),
      command: async (id) => ({
        requestLog: {
          requestId: (await this.find(principal, id)).request_id,
          kind,
          uploadId: id,
          oldest: oldest ?? undefined,
          latest: latest ?? undefined,
          location: '',
        },
      }),
      finished: (tx, id, { outcome, status }) => this.settle(tx, tenant, id, outcome, status),
    });
    return { answer, log: await this.find(principal, answer.auditId) };
  }

  private async settle(
    tx: Tx,
    tenant: string,
    id: string,
    outcome: CommandAnswer['outcome'],
    word: string,
  ): Promise<void> {
    // A silent station may send it all the same.
    if (outcome === 'UNKNOWN') return;
    const row = await this.logs.lock(tx, tenant, id);
    const news: LogStatus = outcome === 'ACCEPTED' ? 'ACCEPTED' : 'REFUSED';
    if (!row || logAfter(row.status, news) === row.status) return;
    const detail = outcome === 'ACCEPTED' ? '' : word || outcome;
    await this.logs.save(tx, tenant, {
      ...row,
      status: news,
      detail,
      updated_at: this.clock.now(),
      version: row.version + 1,
    });
  }

  private async find({ tenant }: Principal, id: string): Promise<LogRow> {
    const row = await this.database.read(tenantScope(tenant), (tx) => this.logs.find(tx, tenant, id));
    return row!;
  }
}
