import { Inject, Injectable } from '@nestjs/common';
import { invalid, isUuid, notFound, type Clock, type IdSource } from '@kilowatch/kernel';
import { isJsonObject } from '@kilowatch/ocpp';
import {
  argsHash,
  CLOCK,
  connection,
  Database,
  idempotent,
  IDS,
  pageRequest,
  tenantScope,
  type Connection,
  type Principal,
} from '@kilowatch/platform';
import { checkedAction, checkedFilter, checkedTargets, type BulkFilter } from '../domain/bulk-command.js';
import { carriesCredential } from '../domain/command-secrets.js';
import {
  BulkCommandRepository,
  type BulkCommand,
  type BulkTarget,
} from '../persistence/bulk-command.repository.js';
import { BulkPayload } from './bulk-payload.js';
import type { PageArguments } from './read-sessions.js';

export type { BulkCommand, BulkTarget };

export interface BulkInput {
  readonly filter: BulkFilter;
  readonly action: string;
  readonly payload: unknown;
  readonly idempotencyKey: string;
}

const MAX_KEY = 200;

/** One command to many stations, as an operator gives it, watches it and calls it off. RunBulkCommands carries it out. */
@Injectable()
export class CommandFleet {
  constructor(
    private readonly database: Database,
    private readonly bulk: BulkCommandRepository,
    private readonly payloads: BulkPayload,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  /** The same key gives the same bulk command. Throws INVALID for what no station could be sent. */
  async begin({ tenant, accountId }: Principal, input: BulkInput): Promise<BulkCommand> {
    const action = checkedAction(input.action);
    const filter = checkedFilter(input.filter);
    const ids = [...(filter.stationIds ?? []), ...(filter.locationId ? [filter.locationId] : [])];
    if (!ids.every(isUuid))
      throw notFound('SESSIONS_STATION_UNKNOWN', 'There is no such station or location.');
    const { payload, idempotencyKey: key } = input;
    if (!isJsonObject(payload))
      throw invalid('SESSIONS_COMMAND_PAYLOAD', 'The payload of an action is a JSON object.');
    if (key === '' || key.length > MAX_KEY)
      throw invalid(
        'SESSIONS_IDEMPOTENCY_KEY',
        'A bulk command needs an idempotency key of at most 200 characters.',
      );
    // It waits in the database, and one secret for many stations is none.
    if (carriesCredential(JSON.stringify(payload)))
      throw invalid('BULK_SECRET', 'A bulk command carries no passwords or keys: send those one by one.');
    const scope = tenantScope(tenant);
    const { id } = await this.database.transaction(scope, (tx) =>
      idempotent(
        tx,
        {
          operation: 'startBulkCommand',
          subject: accountId,
          key,
          argsHash: argsHash({ filter, action, payload }),
        },
        async () => {
          const bulkId = this.ids.newId();
          const requestedAt = this.clock.now();
          const total = await this.bulk.begin(tx, tenant, {
            id: bulkId,
            action,
            payload: this.payloads.kept(payload, bulkId),
            filter,
            requestedBy: accountId,
            requestedAt,
          });
          checkedTargets(total);
          return { id: bulkId };
        },
      ),
    );
    return this.find(tenant, id);
  }

  cancel({ tenant }: Principal, id: string): Promise<BulkCommand> {
    if (!isUuid(id)) throw unknown();
    return this.database.transaction(tenantScope(tenant), async (tx) => {
      if (!(await this.bulk.find(tx, tenant, id))) throw unknown();
      await this.bulk.cancel(tx, tenant, id, this.clock.now());
      tx.live('bulk', id);
      return this.shown((await this.bulk.find(tx, tenant, id))!);
    });
  }

  one({ tenant }: Principal, id: string): Promise<BulkCommand> {
    return this.find(tenant, id);
  }

  async list({ tenant }: Principal, args: PageArguments): Promise<Connection<BulkCommand>> {
    const page = pageRequest(args, ['time', 'id']);
    const rows = await this.database.read(tenantScope(tenant), (tx) => this.bulk.list(tx, tenant, page));
    const shown = rows.map((row) => this.shown(row));
    return connection(page, shown, (row) => [row.requestedAt.toISOString(), row.id]);
  }

  async targets(
    { tenant }: Principal,
    id: string,
    args: PageArguments & { outcome?: string | null },
  ): Promise<Connection<BulkTarget>> {
    const page = { ...pageRequest(args, ['text', 'id']), outcome: args.outcome };
    const rows = await this.database.read(tenantScope(tenant), (tx) =>
      this.bulk.targets(tx, tenant, id, page),
    );
    return connection(page, rows, (row) => [row.identity.toLowerCase(), row.stationId]);
  }

  private async find(tenant: string, id: string): Promise<BulkCommand> {
    const found = isUuid(id)
      ? await this.database.read(tenantScope(tenant), (tx) => this.bulk.find(tx, tenant, id))
      : undefined;
    if (!found) throw unknown();
    return this.shown(found);
  }

  private shown(bulk: BulkCommand): BulkCommand {
    return { ...bulk, payload: this.payloads.shown(bulk.payload) };
  }
}

function unknown() {
  return notFound('BULK_UNKNOWN', 'There is no such bulk command.');
}
