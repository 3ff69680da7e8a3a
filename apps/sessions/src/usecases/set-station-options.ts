import { Injectable } from '@nestjs/common';
import { Database, tenantScope, type Principal } from '@kilowatch/platform';
import { costDisplayOf } from '../domain/cost-display.js';
import { changedOptions, type StationOptions, type WantedOptions } from '../domain/station-options.js';
import { requireStationId, stationUnknown } from '../persistence/situation.repository.js';
import { StationOptionsRepository, type StoredOptions } from '../persistence/station-options.repository.js';
import { AuditedChange } from './audited-change.js';
import { StationCredentials } from './station-credentials.js';

export interface OptionsInput extends WantedOptions {
  readonly stationId: string;
  readonly idempotencyKey?: string | null;
}

export interface ShownOptions extends StationOptions {
  /** With its protocol of now. */
  readonly showsCosts: boolean;
  readonly costCurrency: string;
}

const NOTHING_SET: StationOptions = { costWish: 'AUTO', remoteStartTag: '', subprotocols: [], pinged: null };

/** What an operator sets for one station; it counts from the next message, session or connection on. */
@Injectable()
export class SetStationOptions {
  constructor(
    private readonly database: Database,
    private readonly options: StationOptionsRepository,
    private readonly changes: AuditedChange,
    private readonly credentials: StationCredentials,
  ) {}

  async set(principal: Principal, input: OptionsInput): Promise<void> {
    const { stationId, idempotencyKey, ...wanted } = input;
    const { tenant } = principal;
    requireStationId(stationId);
    const checked = changedOptions(NOTHING_SET, wanted);
    // Auth first: what it could not take is not shown as if it counted.
    if (wanted.subprotocols !== undefined)
      await this.credentials.setSubprotocols(tenant, stationId, checked.subprotocols);
    if (wanted.pinged !== undefined) await this.credentials.setPinged(tenant, stationId, checked.pinged);
    await this.changes.run(principal, {
      stationId,
      action: 'SetStationOptions',
      args: wanted,
      idempotencyKey,
      change: async (tx) => {
        const held = await this.options.lock(tx, tenant, stationId);
        if (!held) throw stationUnknown(stationId);
        await this.options.save(tx, tenant, stationId, changedOptions(held, wanted));
        tx.live('station', stationId);
      },
    });
  }

  /** By station. */
  async of({ tenant }: Principal, stationIds: readonly string[]): Promise<Map<string, ShownOptions>> {
    const stored = await this.database.read(tenantScope(tenant), (tx) =>
      this.options.find(tx, tenant, stationIds),
    );
    return new Map(stored.map((options) => [options.stationId, shown(options)]));
  }
}

function shown({
  costWish,
  remoteStartTag,
  subprotocols,
  pinged,
  costAbility,
  protocol,
}: StoredOptions): ShownOptions {
  const showsCosts = costDisplayOf(protocol, costWish, costAbility) !== undefined;
  return { costWish, remoteStartTag, subprotocols, pinged, showsCosts, costCurrency: costAbility.currency };
}
