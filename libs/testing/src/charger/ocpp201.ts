import { FIRST_SLOT, PRIORITY_VARIABLE } from './network-profiles.js';
import { command201 } from './commands201.js';
import type {
  Dialect,
  EvseStatus,
  EvseView,
  MomentOf,
  StopReason,
  Token,
  TransactionCall,
} from './dialect.js';
import type { MeterSample } from './meter.js';
import type { Payload } from './ocpp-socket.js';

const CHARGING_STATE: Partial<Record<EvseStatus, string>> = {
  plugged: 'EVConnected',
  charging: 'Charging',
  suspendedEv: 'SuspendedEV',
  suspendedEvse: 'SuspendedEVSE',
  finishing: 'EVConnected',
};
const STOP: Record<StopReason, { stoppedReason: string; triggerReason: string }> = {
  Local: { stoppedReason: 'Local', triggerReason: 'StopAuthorized' },
  Remote: { stoppedReason: 'Remote', triggerReason: 'RemoteStop' },
  EVDisconnected: { stoppedReason: 'EVDisconnected', triggerReason: 'EVCommunicationLost' },
  DeAuthorized: { stoppedReason: 'DeAuthorized', triggerReason: 'Deauthorized' },
  Reset: { stoppedReason: 'ImmediateReset', triggerReason: 'ResetCommand' },
  PowerLoss: { stoppedReason: 'PowerLoss', triggerReason: 'AbnormalCondition' },
  UnlockCommand: { stoppedReason: 'Other', triggerReason: 'UnlockCommand' },
};

/** OCPP 2.0.1 (and 2.1, whose transaction messages are the same) as a charger speaks it. */
export const ocpp201: Dialect = {
  subprotocol: 'ocpp2.0.1',
  reportedMwh: (registerMwh) => registerMwh,
  defaults: (evseCount) =>
    new Map([
      ['AuthCtrlr.AuthorizeRemoteStart', 'false'],
      ['ChargingStation.EvseCount', String(evseCount)],
      ['OCPPCommCtrlr.HeartbeatInterval', '300'],
      [PRIORITY_VARIABLE, String(FIRST_SLOT)],
      ['OCPPCommCtrlr.RetryBackOffWaitMinimum', '1'],
      ['SampledDataCtrlr.TxUpdatedInterval', '60'],
      ['SmartChargingCtrlr.Available', 'true'],
    ]),
  boot: (charger) => ({
    action: 'BootNotification',
    payload: {
      reason: 'PowerUp',
      chargingStation: {
        vendorName: charger.vendor,
        model: charger.model,
        serialNumber: charger.serial,
        firmwareVersion: charger.firmware,
      },
    },
  }),
  statuses: (evses, at) => evses.map((evse) => ocpp201.status(evse, at)),
  status: (evse, at) => ({
    action: 'StatusNotification',
    payload: {
      timestamp: at.toISOString(),
      connectorStatus: connectorStatus(evse),
      evseId: evse.id,
      connectorId: 1,
    },
  }),
  authorize: (token) => ({ action: 'Authorize', payload: { idToken: idToken(token) } }),
  tokenStatus: (answer) => (answer.idTokenInfo as { status?: string } | undefined)?.status,
  started(moment) {
    const { transaction, sample, evse } = moment;
    return transactionEvent(moment, 'Started', transaction.remote ? 'RemoteStart' : 'Authorized', {
      evse: { id: evse.id, connectorId: 1 },
      idToken: idToken(transaction.token),
      transactionInfo: {
        chargingState: 'EVConnected',
        ...(transaction.remoteStartId === undefined ? {} : { remoteStartId: transaction.remoteStartId }),
      },
      meterValue: [registerOnly(sample, 'Transaction.Begin')],
    });
  },
  startAnswered: () => undefined,
  readings(moment) {
    const meterValue = [
      { timestamp: moment.sample.at.toISOString(), sampledValue: sampledValues201(moment.sample) },
    ];
    const transactionInfo = { chargingState: CHARGING_STATE[moment.evse.status] };
    return transactionEvent(moment, 'Updated', 'MeterValuePeriodic', { transactionInfo, meterValue });
  },
  stateChanged(moment) {
    const transactionInfo = { chargingState: CHARGING_STATE[moment.evse.status] };
    return transactionEvent(moment, 'Updated', 'ChargingStateChanged', { transactionInfo });
  },
  ended(moment, reason) {
    const { stoppedReason, triggerReason } = STOP[reason];
    const chargingState = reason === 'EVDisconnected' ? 'Idle' : 'EVConnected';
    return transactionEvent(moment, 'Ended', triggerReason, {
      ...(reason === 'Local' ? { idToken: idToken(moment.transaction.token) } : {}),
      transactionInfo: { chargingState, stoppedReason },
      meterValue: [registerOnly(moment.sample, 'Transaction.End')],
    });
  },
  command: command201,
};

function idToken(token: Token): Payload {
  return { idToken: token.value, type: token.type ?? 'ISO14443' };
}

function connectorStatus({ status }: EvseView): string {
  if (status === 'available') return 'Available';
  if (status === 'unavailable') return 'Unavailable';
  return status === 'faulted' ? 'Faulted' : 'Occupied';
}

/** The sequence number belongs to the event, not to the sending: a retry repeats it. */
function transactionEvent(
  moment: MomentOf,
  eventType: 'Started' | 'Updated' | 'Ended',
  triggerReason: string,
  body: Payload & { transactionInfo: Payload },
): TransactionCall {
  const { transaction, sample, offline } = moment;
  const { transactionInfo, ...rest } = body;
  const payload: Payload = {
    eventType,
    timestamp: sample.at.toISOString(),
    triggerReason,
    seqNo: transaction.seqNo++,
    ...(offline ? { offline: true } : {}),
    transactionInfo: { transactionId: transaction.localId, ...transactionInfo },
    ...rest,
  };
  return { action: 'TransactionEvent', build: () => payload };
}

function registerOnly(sample: MeterSample, context: string): Payload {
  const sampledValue = [{ value: sample.registerMwh / 1_000, context, ...ENERGY }];
  return { timestamp: sample.at.toISOString(), sampledValue };
}

const ENERGY = {
  measurand: 'Energy.Active.Import.Register',
  location: 'Outlet',
  unitOfMeasure: { unit: 'Wh', multiplier: 0 },
};

/** The nine values of one sample. */
function sampledValues201(sample: MeterSample): Payload[] {
  const phases = ['L1', 'L2', 'L3'] as const;
  const value = (number: number, measurand: string, unit: string, phase?: string): Payload => ({
    value: number,
    context: 'Sample.Periodic',
    measurand,
    ...(phase ? { phase } : {}),
    location: measurand === 'SoC' ? 'EV' : 'Outlet',
    unitOfMeasure: { unit, multiplier: 0 },
  });
  return [
    { value: sample.registerMwh / 1_000, context: 'Sample.Periodic', ...ENERGY },
    value(sample.powerW, 'Power.Active.Import', 'W'),
    ...phases.map((phase, index) =>
      value((sample.currentMa[index] ?? 0) / 1_000, 'Current.Import', 'A', phase),
    ),
    ...phases.map((phase, index) =>
      value((sample.voltageMv[index] ?? 0) / 1_000, 'Voltage', 'V', `${phase}-N`),
    ),
    value(sample.socPercent, 'SoC', 'Percent'),
  ];
}
