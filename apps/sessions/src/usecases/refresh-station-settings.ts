import { Injectable } from '@nestjs/common';
import { precondition } from '@kilowatch/kernel';
import { findStationModel, key16, unsafeSetting } from '@kilowatch/ocpp';
import { Database, tenantScope, type Principal } from '@kilowatch/platform';
import { isProtocol16 } from '../domain/charging-state.js';
import { isSafeToRead, TELLING_KEYS } from '../domain/provisioning.js';
import { SettingRepository, wantedOf } from '../persistence/setting.repository.js';
import { OperatedStation } from './operated-station.js';
import { ReadSettings } from './read-settings.js';
import type { CommandAnswer } from './run-command.js';

/** Asks a station for its settings again: GetConfiguration, or an inventory that comes as a report (2.x). */
@Injectable()
export class RefreshStationSettings {
  constructor(
    private readonly database: Database,
    private readonly stations: OperatedStation,
    private readonly settings: SettingRepository,
    private readonly reads: ReadSettings,
  ) {}

  async refresh(
    principal: Principal,
    { stationId, idempotencyKey }: { stationId: string; idempotencyKey?: string | null },
  ): Promise<CommandAnswer> {
    const { protocol, vendor, model: modelName } = await this.stations.one(principal, stationId);
    if (protocol === '') throw precondition('SESSIONS_STATION_UNHEARD', 'This station never connected.');
    const is16 = isProtocol16(protocol);
    const model = findStationModel(vendor, modelName);
    // Q16: such a model is never asked for everything, not even by a person.
    const isWhole = unsafeSetting('GetConfiguration', {}, model) === null;
    const wanted = isWhole ? [] : await this.wantedNames(principal, stationId);
    const only = isWhole ? [] : [...TELLING_KEYS, ...wanted].filter((name) => isSafeToRead(name, model));
    const answer = await this.reads.all(
      principal,
      stationId,
      { is16, only },
      { idempotencyKey: idempotencyKey ?? null },
    );
    return { ...answer, payloadJson: '' };
  }

  private async wantedNames({ tenant }: Principal, stationId: string) {
    const rows = await this.database.read(tenantScope(tenant), (tx) =>
      this.settings.wantedOf(tx, tenant, [stationId]),
    );
    return (rows.get(stationId) ?? []).flatMap((row) => {
      const wanted = wantedOf(row);
      return wanted && !wanted.secret && wanted.name.component === '' ? [key16(wanted.name.variable)] : [];
    });
  }
}
