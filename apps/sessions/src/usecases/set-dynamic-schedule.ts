import { Inject, Injectable } from '@nestjs/common';
import { notFound, precondition, type Clock } from '@kilowatch/kernel';
import { scheduleUpdate, type JsonObject, type ScheduleLimits } from '@kilowatch/ocpp';
import { CLOCK, type Principal } from '@kilowatch/platform';
import { requireLimits, requireSchedule, type DynamicSchedule } from '../domain/dynamic-schedule.js';
import { DynamicScheduleRepository } from '../persistence/dynamic-schedule.repository.js';
import { LearnFromCommand } from './learn-from-command.js';
import { OperatedStation } from './operated-station.js';
import { RunCommand, type CommandAnswer } from './run-command.js';

interface StationInput {
  readonly stationId: string;
  readonly profileId: number;
  readonly idempotencyKey?: string | null;
}

/** As people name them: absent and null mean the same. */
type LimitsInput = { readonly [K in keyof ScheduleLimits]?: number | null };

export interface DynamicScheduleInput extends StationInput {
  readonly evseNumber: number;
  readonly purpose: keyof typeof PURPOSES;
  readonly stackLevel?: number | null;
  readonly unit: 'A' | 'W';
  readonly intervalSeconds?: number | null;
  readonly durationSeconds?: number | null;
  readonly limits: LimitsInput;
}

const PURPOSES = { TX_DEFAULT: 'TxDefaultProfile', STATION_MAX: 'ChargingStationMaxProfile' } as const;

/** Dynamic schedules of a 2.1 station, as an operator sets and moves them (use case K28). */
@Injectable()
export class SetDynamicSchedule {
  constructor(
    private readonly stations: OperatedStation,
    private readonly schedules: DynamicScheduleRepository,
    private readonly commands: RunCommand,
    private readonly learn: LearnFromCommand,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async set(principal: Principal, input: DynamicScheduleInput): Promise<CommandAnswer> {
    await this.requireDynamic(principal, input.stationId);
    const schedule: DynamicSchedule = {
      profileId: input.profileId,
      evseNumber: input.evseNumber,
      purpose: PURPOSES[input.purpose],
      stackLevel: input.stackLevel ?? 0,
      unit: input.unit,
      intervalSeconds: input.intervalSeconds ?? null,
      durationSeconds: input.durationSeconds ?? null,
      limits: limitsOf(input.limits),
    };
    requireSchedule(schedule);
    return this.send(principal, input, 'SetChargingProfile', profileCall(schedule));
  }

  /** They hold for the station that asks from now on, whatever comes of telling it. */
  async update(
    principal: Principal,
    input: StationInput & { readonly limits: LimitsInput },
  ): Promise<CommandAnswer> {
    const { stationId, profileId } = input;
    await this.requireDynamic(principal, stationId);
    const limits = limitsOf(input.limits);
    requireLimits(limits);
    const payload = { chargingProfileId: profileId, scheduleUpdate: scheduleUpdate(limits) };
    return this.send(principal, input, 'UpdateDynamicSchedule', payload, limits);
  }

  private send(
    principal: Principal,
    { stationId, profileId, idempotencyKey }: StationInput,
    action: string,
    payload: JsonObject,
    changed?: ScheduleLimits,
  ): Promise<CommandAnswer> {
    const { tenant, accountId: by } = principal;
    return this.commands.run(principal, {
      stationId,
      action,
      args: { payload },
      ...(idempotencyKey ? { idempotencyKey } : {}),
      prepare: async (tx) => {
        if (!changed) return;
        const at = this.clock.now();
        if (await this.schedules.change(tx, tenant, stationId, profileId, changed, { by, at })) return;
        throw notFound('SESSIONS_DYNAMIC_SCHEDULE', 'The station has no such dynamic schedule.');
      },
      command: () => ({ raw: { action, payloadJson: JSON.stringify(payload) } }),
      finished: async (tx, _auditId, answer) => {
        if (!changed) await this.learn.run(tx, tenant, stationId, { action, payload, by }, answer);
        else if (answer.outcome === 'ACCEPTED')
          await this.schedules.told(tx, tenant, stationId, profileId, changed, this.clock.now());
        tx.live('station', stationId);
      },
    });
  }

  private async requireDynamic(principal: Principal, stationId: string): Promise<void> {
    const { protocol } = await this.stations.one(principal, stationId);
    if (protocol !== 'ocpp2.1')
      throw precondition('SESSIONS_DYNAMIC_VERSION', 'Only stations of OCPP 2.1 have dynamic schedules.');
  }
}

function limitsOf(input: LimitsInput): ScheduleLimits {
  return Object.fromEntries(
    Object.entries(input).filter(([, value]) => value !== null && value !== undefined),
  );
}

/** K28: one schedule of one period, which begins at 0. */
function profileCall(schedule: DynamicSchedule): JsonObject {
  const { profileId, evseNumber, purpose, stackLevel, unit, intervalSeconds, durationSeconds } = schedule;
  return {
    evseId: evseNumber,
    chargingProfile: {
      id: profileId,
      stackLevel,
      chargingProfilePurpose: purpose,
      chargingProfileKind: 'Dynamic',
      ...(intervalSeconds === null ? {} : { dynUpdateInterval: intervalSeconds }),
      chargingSchedule: [
        {
          id: profileId,
          chargingRateUnit: unit,
          ...(durationSeconds === null ? {} : { duration: durationSeconds }),
          chargingSchedulePeriod: [{ startPeriod: 0, ...scheduleUpdate(schedule.limits) }],
        },
      ],
    },
  };
}
