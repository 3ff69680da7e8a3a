import type { CarScheduleMessage, ChargingNeedsMessage, StatusAnswer } from '@kilowatch/ocpp';
import { callOptions, type Handler } from './station-call.js';

/** What a car said over ISO 15118: load management makes a schedule of it and checks what the car makes of that. */
export const handleChargingNeeds: Handler<ChargingNeedsMessage> = async (ports, call, message) => {
  const { stationId, version } = call.station;
  const said = (value: number | null) => value ?? undefined;
  const request = {
    stationId,
    evseNumber: message.evseNumber,
    receivedAt: call.receivedAt,
    transfer: message.transfer,
    departureAt: message.departureAt ?? undefined,
    maxPeriods: said(message.maxPeriods),
    energyWh: said(message.energyWh),
    minCurrentA: said(message.minCurrentA),
    maxCurrentA: said(message.maxCurrentA),
    maxVoltageV: said(message.maxVoltageV),
    minPowerW: said(message.minPowerW),
    maxPowerW: said(message.maxPowerW),
    capacityWh: said(message.capacityWh),
    stateOfCharge: said(message.stateOfCharge),
    fullStateOfCharge: said(message.fullStateOfCharge),
  };
  const options = callOptions(call);
  const { status, reasonCode } = await ports.loadManagement.recordChargingNeeds(request, options);
  return answer(statusOf(status, version === '2.1'), reasonCode);
};

export const handleCarSchedule: Handler<CarScheduleMessage> = async (ports, call, message) => {
  const request = {
    stationId: call.station.stationId,
    evseNumber: message.evseNumber,
    receivedAt: call.receivedAt,
    timeBase: message.timeBase,
    unit: message.unit,
    durationSeconds: message.durationSeconds ?? 0,
    periods: message.periods.map((period) => ({ ...period, numberPhases: period.numberPhases ?? undefined })),
  };
  const options = callOptions(call);
  const { accepted, reasonCode } = await ports.loadManagement.recordChargingSchedule(request, options);
  return answer(accepted ? 'Accepted' : 'Rejected', reasonCode);
};

function answer(status: StatusAnswer['status'], reasonCode: string): StatusAnswer {
  return { type: 'status', status, reason: reasonCode === '' ? null : { code: reasonCode } };
}

/** 2.1 has a word for "charge as you like, no schedule comes"; in 2.0.1 that is a refusal. */
function statusOf(status: string, isV21: boolean): StatusAnswer['status'] {
  if (status === 'ACCEPTED') return 'Accepted';
  if (status === 'PROCESSING') return 'Processing';
  return status === 'NO_SCHEDULE' && isV21 ? 'NoChargingProfile' : 'Rejected';
}
