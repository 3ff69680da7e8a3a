import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '@kilowatch/kernel';
import { child, children, int32, streamDataOf, type JsonObject } from '@kilowatch/ocpp';
import { CLOCK, type Tx } from '@kilowatch/platform';
import { scheduleChanges } from '../domain/dynamic-schedule.js';
import { MOST_OPEN } from '../domain/event-stream.js';
import { DynamicScheduleRepository } from '../persistence/dynamic-schedule.repository.js';
import { EventStreamRepository } from '../persistence/event-stream.repository.js';
import { answerPayload } from './answer-payload.js';
import type { CommandAnswer } from './run-command.js';

export interface SentCommand {
  readonly action: string;
  readonly payload: JsonObject;
  readonly by: string;
}

/** Whoever commanded it: what a station said yes to is so from then on. Settings are learned by `ReadSettings`. */
@Injectable()
export class LearnFromCommand {
  constructor(
    private readonly schedules: DynamicScheduleRepository,
    private readonly streams: EventStreamRepository,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async run(
    tx: Tx,
    tenant: string,
    stationId: string,
    { action, payload, by }: SentCommand,
    answer: CommandAnswer,
  ): Promise<void> {
    if (answer.outcome !== 'ACCEPTED') return;
    const at = this.clock.now();
    for (const change of scheduleChanges(action, payload)) {
      if (change.kind === 'gone') await this.schedules.remove(tx, tenant, stationId, change.criteria);
      else if (change.kind === 'set')
        await this.schedules.set(tx, tenant, stationId, change.schedule, { by, at });
      else {
        const { profileId, limits } = change;
        await this.schedules.change(tx, tenant, stationId, profileId, limits, { by, at });
        await this.schedules.told(tx, tenant, stationId, profileId, limits, at);
      }
    }
    if (action === 'AdjustPeriodicEventStream') {
      const { intervalSeconds, values } = streamDataOf(payload);
      const streamId = int32(payload, 'id');
      if (streamId === null) return;
      await this.streams.adjust(tx, tenant, stationId, { streamId, intervalSeconds, values });
    } else if (action === 'GetPeriodicEventStream') {
      const open = openStreams(answerPayload(answer.payloadJson))
        .map(streamDataOf)
        .filter(({ streamId, monitorId }) => streamId >= 0 && monitorId >= 0)
        .slice(0, MOST_OPEN);
      const ids = open.map(({ streamId }) => streamId);
      await this.streams.closeOthers(tx, tenant, stationId, ids, at);
      await this.streams.open(tx, tenant, stationId, open, at);
    } else return;
    tx.live('station', stationId);
  }
}

/** A list by the specification; some schemas have a single one. */
function openStreams(payload: JsonObject): JsonObject[] {
  const single = child(payload, 'constantStreamData');
  return single ? [single] : children(payload, 'constantStreamData');
}
