import { Injectable } from '@nestjs/common';
import type { sessions } from '@kilowatch/contracts';
import { storableText, type TenantId } from '@kilowatch/kernel';
import { Database, tenantScope, type Tx } from '@kilowatch/platform';
import { isTrimDue, keptValues, openingVerdict } from '../domain/event-stream.js';
import { EventStreamRepository } from '../persistence/event-stream.repository.js';
import { MonitorRepository } from '../persistence/monitor.repository.js';
import { StationVariableRepository } from '../persistence/station-variable.repository.js';
import { stationUnknown } from '../persistence/situation.repository.js';
import { nameOfRow } from '../persistence/variable-place.js';
import type { StationContact } from './record-station-message.js';

/** Streams of a station: opened, told and closed. A value is kept once, by its monitor and its time. */
@Injectable()
export class RecordEventStream {
  constructor(
    private readonly database: Database,
    private readonly streams: EventStreamRepository,
    private readonly monitors: MonitorRepository,
    private readonly variables: StationVariableRepository,
  ) {}

  open(
    tenant: TenantId,
    { stationId, receivedAt }: StationContact,
    { streamId, monitorId, intervalSeconds, values }: sessions.EventStreamOpened,
  ): Promise<sessions.EventStreamAnswer> {
    return this.database.transaction(tenantScope(tenant), async (tx) => {
      const opening = await this.streams.opening(tx, tenant, stationId, { streamId, monitorId });
      if (!opening) throw stationUnknown(stationId);
      const verdict = openingVerdict(opening);
      if (!verdict.accepted) return verdict;
      const stream = {
        streamId,
        monitorId,
        intervalSeconds: intervalSeconds ?? null,
        values: values ?? null,
      };
      await this.streams.open(tx, tenant, stationId, [stream], receivedAt);
      tx.live('station', stationId);
      return verdict;
    });
  }

  tell(
    tenant: TenantId,
    { stationId, receivedAt }: StationContact,
    { streamId, pending, values }: sessions.EventStreamData,
  ): Promise<sessions.EventStreamAnswer> {
    const kept = keptValues(
      values.map(({ at, value }) => ({ at: at ?? receivedAt, value: storableText(value) })),
    );
    return this.database.transaction(tenantScope(tenant), async (tx) => {
      const told = { streamId, pending, count: kept.length };
      const stream = await this.streams.hear(tx, tenant, stationId, told, receivedAt);
      if (!stream) return { accepted: false, reasonCode: 'UnknownStream' };
      const { monitorId, received } = stream;
      await this.streams.addValues(tx, tenant, stationId, monitorId, kept, receivedAt);
      if (isTrimDue(received, kept.length)) await this.streams.trim(tx, tenant, stationId, monitorId);
      await this.showNewest(tx, tenant, { stationId, receivedAt }, monitorId, kept.at(-1));
      tx.live('station', stationId);
      return { accepted: true, reasonCode: '' };
    });
  }

  close(
    tenant: TenantId,
    { stationId, receivedAt }: StationContact,
    { streamId }: sessions.EventStreamClosed,
  ): Promise<sessions.EventStreamAnswer> {
    return this.database.transaction(tenantScope(tenant), async (tx) => {
      const accepted = await this.streams.close(tx, tenant, stationId, streamId, receivedAt);
      if (accepted) tx.live('station', stationId);
      return { accepted, reasonCode: accepted ? '' : 'UnknownStream' };
    });
  }

  /** The variable has this value now, as if the station had been asked for it. An older one never replaces a newer. */
  private async showNewest(
    tx: Tx,
    tenant: string,
    { stationId, receivedAt }: StationContact,
    monitorId: number,
    newest: { at: Date; value: string } | undefined,
  ): Promise<void> {
    const place = newest && (await this.monitors.placeOf(tx, tenant, stationId, monitorId));
    if (!place) return;
    const setting = { name: nameOfRow(place), value: newest.value, mutability: '' as const, known: true };
    const at = newest.at < receivedAt ? newest.at : receivedAt;
    await this.variables.saveSettings(tx, tenant, stationId, [setting], at);
  }
}
