import { command16 } from './commands16.js';
import type { Dialect, EvseStatus, EvseView, StopReason } from './dialect.js';
import type { MeterSample } from './meter.js';
import type { Payload } from './ocpp-socket.js';

const STATUS: Record<EvseStatus, string> = {
  available: 'Available',
  plugged: 'Preparing',
  charging: 'Charging',
  suspendedEv: 'SuspendedEV',
  suspendedEvse: 'SuspendedEVSE',
  finishing: 'Finishing',
  unavailable: 'Unavailable',
  faulted: 'Faulted',
};
const REASON: Partial<Record<StopReason, string>> = { Reset: 'SoftReset' };

const wh = (mwh: number) => Math.floor(mwh / 1_000);

/** OCPP 1.6J as a charger with one connector per EVSE speaks it; its meter shows whole Wh. */
export const ocpp16: Dialect = {
  subprotocol: 'ocpp1.6',
  reportedMwh: (registerMwh) => wh(registerMwh) * 1_000,
  defaults: (evseCount) =>
    new Map([
      ['AuthorizeRemoteTxRequests', 'false'],
      ['ChargeProfileMaxStackLevel', '8'],
      ['ChargingScheduleAllowedChargingRateUnit', 'Current,Power'],
      ['ChargingScheduleMaxPeriods', '24'],
      ['HeartbeatInterval', '300'],
      ['MeterValueSampleInterval', '60'],
      [
        'MeterValuesSampledData',
        'Energy.Active.Import.Register,Power.Active.Import,Current.Import,Voltage,SoC',
      ],
      ['NumberOfConnectors', String(evseCount)],
      ['StopTransactionOnInvalidId', 'true'],
      ['SupportedFeatureProfiles', 'Core,SmartCharging,RemoteTrigger'],
    ]),
  boot: (charger) => ({
    action: 'BootNotification',
    payload: {
      chargePointVendor: charger.vendor,
      chargePointModel: charger.model,
      chargePointSerialNumber: charger.serial,
      firmwareVersion: charger.firmware,
    },
  }),
  statuses(evses, at) {
    const station = {
      connectorId: 0,
      errorCode: 'NoError',
      status: 'Available',
      timestamp: at.toISOString(),
    };
    return [
      { action: 'StatusNotification', payload: station },
      ...evses.map((evse) => ocpp16.status(evse, at)),
    ];
  },
  status: (evse: EvseView, at) => ({
    action: 'StatusNotification',
    payload: {
      connectorId: evse.id,
      errorCode: evse.status === 'faulted' ? 'OtherError' : 'NoError',
      status: STATUS[evse.status],
      timestamp: at.toISOString(),
    },
  }),
  authorize: (token) => ({ action: 'Authorize', payload: { idTag: token.value } }),
  tokenStatus: (answer) => (answer.idTagInfo as { status?: string } | undefined)?.status,
  started: ({ evse, transaction, sample }) => ({
    action: 'StartTransaction',
    build: () => ({
      connectorId: evse.id,
      idTag: transaction.token.value,
      meterStart: wh(sample.registerMwh),
      timestamp: sample.at.toISOString(),
    }),
  }),
  startAnswered(transaction, answer) {
    if (typeof answer.transactionId !== 'number') return;
    transaction.remoteId = answer.transactionId;
    transaction.entry.transactionId = transaction.remoteId;
  },
  readings: ({ evse, transaction, sample }) => ({
    action: 'MeterValues',
    build: () => ({
      connectorId: evse.id,
      ...(transaction.remoteId === undefined ? {} : { transactionId: transaction.remoteId }),
      meterValue: [{ timestamp: sample.at.toISOString(), sampledValue: sampledValues16(sample) }],
    }),
  }),
  stateChanged: () => undefined,
  ended: ({ transaction, sample }, reason) => ({
    action: 'StopTransaction',
    // -1 is what chargers send whose StartTransaction never got an answer.
    build: () => ({
      transactionId: transaction.remoteId ?? -1,
      idTag: transaction.token.value,
      meterStop: wh(sample.registerMwh),
      timestamp: sample.at.toISOString(),
      reason: REASON[reason] ?? reason,
    }),
  }),
  command: command16,
};

/** The nine values of one sample, as 1.6 text. */
function sampledValues16(sample: MeterSample): Payload[] {
  const common = { context: 'Sample.Periodic', format: 'Raw' };
  const phases = ['L1', 'L2', 'L3'] as const;
  return [
    {
      ...common,
      value: String(wh(sample.registerMwh)),
      measurand: 'Energy.Active.Import.Register',
      unit: 'Wh',
      location: 'Outlet',
    },
    {
      ...common,
      value: String(sample.powerW),
      measurand: 'Power.Active.Import',
      unit: 'W',
      location: 'Outlet',
    },
    ...phases.map((phase, index) => ({
      ...common,
      value: ((sample.currentMa[index] ?? 0) / 1_000).toFixed(2),
      measurand: 'Current.Import',
      phase,
      unit: 'A',
      location: 'Outlet',
    })),
    ...phases.map((phase, index) => ({
      ...common,
      value: ((sample.voltageMv[index] ?? 0) / 1_000).toFixed(1),
      measurand: 'Voltage',
      phase: `${phase}-N`,
      unit: 'V',
      location: 'Outlet',
    })),
    { ...common, value: String(sample.socPercent), measurand: 'SoC', unit: 'Percent', location: 'EV' },
  ];
}
