import type { NeedsView } from '../../usecases/view-needs.js';

export function needsNode({ needs, toldAt, schedule, startAt, isEnough, ...car }: NeedsView) {
  return {
    toldAt,
    transfer: needs?.transfer ?? null,
    departureAt: needs?.departureAt ?? null,
    energyWh: needs?.energyWh ?? null,
    minCurrentA: needs?.minCurrentA ?? null,
    maxCurrentA: needs?.maxCurrentA ?? null,
    maxPowerW: needs?.maxPowerW ?? null,
    stateOfCharge: needs?.stateOfCharge ?? null,
    schedule: schedule && {
      unit: schedule.unit,
      periods: schedule.periods.map(({ fromSeconds, tenths }) => ({
        from: later(startAt, fromSeconds),
        limit: tenths / 10,
      })),
    },
    isEnough,
    carSchedule: car.carSchedule && {
      unit: car.carSchedule.unit,
      periods: car.carSchedule.periods.map(({ startSeconds, limit }) => ({
        from: later(car.carSchedule!.timeBase, startSeconds),
        limit,
      })),
    },
    carScheduleFits: car.carScheduleFits,
  };
}

function later(at: Date, seconds: number): Date {
  return new Date(at.getTime() + seconds * 1000);
}
