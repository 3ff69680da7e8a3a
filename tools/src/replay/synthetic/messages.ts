// The message layer of 2.1 (SEND, CALLRESULTERROR; part 4), limits and costs of a transaction (E16, I12), and one of every message a
// station may send that is about no transaction.

import type { JsonObject } from '@kilowatch/ocpp';
import { minute, Recorder } from './recorder.js';
import { CARD, register, SyntheticTransaction } from './transaction.js';

export function messageRecorders(): Recorder[] {
  return [sends(), resultErrors(), limitsAndCosts(), notices()];
}

const stream = (id: number, at: number): JsonObject => ({
  id,
  pending: 0,
  basetime: minute(at),
  data: [
    { t: 0, v: '11000' },
    { t: 1.5, v: '11020' },
  ],
});

/** SENDs between the events of a transaction: taken in their turn, never answered. */
function sends(): Recorder {
  const recorder = new Recorder('SYN21-SEND').open().boot(0);
  const transaction = new SyntheticTransaction(recorder, 'syn21-send');
  recorder.send('NotifyPeriodicEventStream', stream(1, 0));
  transaction.start({ at: 1, trigger: 'Authorized', wh: 500, card: CARD });
  for (let at = 2; at < 10; at += 1) {
    recorder.send('NotifyPeriodicEventStream', stream(1, at));
    recorder.send('NotifyPeriodicEventStream', stream(2, at));
    if (at % 3 === 0) transaction.update({ at, trigger: 'MeterValuePeriodic', wh: 500 + at * 50 });
  }
  transaction.end({ at: 10, trigger: 'StopAuthorized', wh: 1_050 });
  recorder.send('NotifyPeriodicEventStream', stream(2, 11));
  recorder.call('ClosePeriodicEventStream', { id: 1 });
  return recorder.close();
}

/** Answers of ours that the station cannot use, and one of its own that we cannot: nothing that was stored is undone. */
function resultErrors(): Recorder {
  const recorder = new Recorder('SYN21-RESULTERROR').open().boot(0);
  const beat = recorder.call('Heartbeat', {}, { currentTime: minute(0) });
  recorder.resultError(beat, 'TypeConstraintViolation');
  const transaction = new SyntheticTransaction(recorder, 'syn21-resulterror');
  const started = transaction.start({ at: 1, trigger: 'Authorized', wh: 7_000, card: CARD });
  recorder.resultError(started, 'FormatViolation');
  transaction.update({ at: 6, trigger: 'MeterValuePeriodic', wh: 7_400 });
  recorder.commandMisanswered('ClearCache', {}, ['Accepted']);
  recorder.resultError('nobody-asked-this', 'GenericError');
  const ended = transaction.end({ at: 11, trigger: 'StopAuthorized', wh: 7_777 });
  recorder.resultError(ended, 'InternalError');
  recorder.call('Heartbeat', {}, { currentTime: minute(12) });
  return recorder.close();
}

/** A limit that is set, raised and reached, the running cost told, and what the station worked out by itself. */
function limitsAndCosts(): Recorder {
  const recorder = new Recorder('SYN21-LIMITS').open().boot(0);
  const id = 'syn21-limits';
  const transaction = new SyntheticTransaction(recorder, id);
  const limit = (transactionLimit: JsonObject): JsonObject => ({ transactionLimit });
  transaction.start({ at: 1, trigger: 'Authorized', wh: 0, card: CARD, info: limit({ maxEnergy: 5_000 }) });
  transaction.update({
    at: 5,
    trigger: 'LimitSet',
    info: limit({ maxEnergy: 5_000, maxCost: 2.5, maxTime: 3_600 }),
  });
  transaction.update({ at: 11, trigger: 'MeterValuePeriodic', wh: 1_800 });
  recorder.command('CostUpdated', { totalCost: 0.63, transactionId: id }, {});
  transaction.update({
    at: 12,
    trigger: 'RunningCost',
    over: { costDetails: costs(0.52, 0.63, 1_800, 660) },
  });
  transaction.update({ at: 15, trigger: 'LimitSet', info: limit({ maxCost: 1.5, maxSoC: 80 }) });
  transaction.end(
    { at: 31, trigger: 'CostLimitReached', wh: 4_286, over: { costDetails: costs(1.24, 1.5, 4_286, 1_800) } },
    'LocalOutOfCredit',
  );
  return recorder.close();
}

function costs(exclTax: number, inclTax: number, energy: number, chargingTime: number): JsonObject {
  return {
    totalCost: { currency: 'EUR', typeOfCost: 'NormalCost', total: { exclTax, inclTax } },
    totalUsage: { energy, chargingTime, idleTime: 0 },
    chargingPeriods: [{ startPeriod: minute(1), tariffId: 'day-1' }],
  };
}

const HASH: JsonObject = {
  hashAlgorithm: 'SHA256',
  issuerNameHash: 'ab'.repeat(32),
  issuerKeyHash: 'cd'.repeat(32),
  serialNumber: '1f',
};

const battery = (eventType: string): JsonObject => ({
  eventType,
  requestId: 1,
  idToken: CARD,
  batteryData: [{ evseId: 1, serialNumber: 'BAT-1', soC: 80, soH: 97 }],
});

const SCHEDULE: JsonObject = {
  id: 1,
  chargingRateUnit: 'W',
  chargingSchedulePeriod: [{ startPeriod: 0, limit: 7_400 }],
};

const PROFILE: JsonObject = {
  id: 1,
  stackLevel: 0,
  chargingProfilePurpose: 'TxDefaultProfile',
  chargingProfileKind: 'Relative',
  chargingSchedule: [SCHEDULE],
};

/** One of each, as it is told without a transaction. The answer is what the central system of the recording said. */
const NOTICES: readonly (readonly [action: string, payload: JsonObject, answer?: JsonObject])[] = [
  ['BatterySwap', battery('BatteryIn')],
  ['BatterySwap', battery('BatteryOut')],
  ['BatterySwap', battery('BatteryOutTimeout')],
  ['NotifyDERAlarm', { controlType: 'HVMustTrip', gridEventFault: 'OverVoltage', timestamp: minute(1) }],
  ['NotifyDERAlarm', { controlType: 'HVMustTrip', alarmEnded: true, timestamp: minute(2) }],
  [
    'NotifyDERStartStop',
    { controlId: 'ctl-1', started: true, timestamp: minute(3), supersededIds: ['ctl-0'] },
  ],
  ['NotifyDERStartStop', { controlId: 'ctl-1', started: false, timestamp: minute(4) }],
  [
    'ReportDERControl',
    { requestId: 5, gradient: [{ id: 'g-1', gradient: { priority: 1, gradient: 10, softGradient: 5 } }] },
  ],
  ['NotifyPriorityCharging', { transactionId: 'syn21-none', activated: true }],
  [
    'NotifySettlement',
    { pspRef: 'psp-1', status: 'Settled', settlementAmount: 12.5, settlementTime: minute(5) },
  ],
  ['NotifySettlement', { pspRef: 'psp-2', status: 'Failed', settlementAmount: 1, settlementTime: minute(6) }],
  [
    'VatNumberValidation',
    { vatNumber: 'NL123456789B01', evseId: 1 },
    { vatNumber: 'NL123456789B01', status: 'Rejected' },
  ],
  [
    'OpenPeriodicEventStream',
    { constantStreamData: { id: 1, variableMonitoringId: 7, params: { interval: 60, values: 10 } } },
    { status: 'Rejected' },
  ],
  ['ClosePeriodicEventStream', { id: 1 }],
  ['PullDynamicScheduleUpdate', { chargingProfileId: 1 }, { status: 'Rejected' }],
  [
    'NotifyEVChargingNeeds',
    { evseId: 1, chargingNeeds: { requestedEnergyTransfer: 'AC_three_phase' } },
    { status: 'Accepted' },
  ],
  [
    'NotifyEVChargingSchedule',
    { timeBase: minute(7), evseId: 1, chargingSchedule: SCHEDULE },
    { status: 'Accepted' },
  ],
  ['NotifyChargingLimit', { chargingLimit: { chargingLimitSource: 'EMS' } }],
  ['ClearedChargingLimit', { chargingLimitSource: 'EMS' }],
  [
    'ReportChargingProfiles',
    { requestId: 8, chargingLimitSource: 'CSO', evseId: 1, chargingProfile: [PROFILE] },
  ],
  [
    'NotifyEvent',
    {
      generatedAt: minute(8),
      seqNo: 0,
      eventData: [
        {
          eventId: 1,
          timestamp: minute(8),
          trigger: 'Alerting',
          actualValue: '82',
          eventNotificationType: 'HardWiredMonitor',
          component: { name: 'ChargingStation' },
          variable: { name: 'Temperature' },
        },
      ],
    },
  ],
  ['NotifyReport', { requestId: 9, generatedAt: minute(9), seqNo: 0 }],
  ['NotifyMonitoringReport', { requestId: 10, generatedAt: minute(9), seqNo: 0 }],
  ['NotifyDisplayMessages', { requestId: 11 }],
  ['NotifyCustomerInformation', { data: 'none', seqNo: 0, generatedAt: minute(10), requestId: 12 }],
  ['SecurityEventNotification', { type: 'SettingSystemTime', timestamp: minute(10) }],
  ['LogStatusNotification', { status: 'Idle' }],
  ['FirmwareStatusNotification', { status: 'Idle' }],
  ['PublishFirmwareStatusNotification', { status: 'Idle' }],
  ['ReservationStatusUpdate', { reservationId: 1, reservationUpdateStatus: 'Expired' }],
  ['DataTransfer', { vendorId: 'org.example.synthetic', data: { a: 1 } }, { status: 'UnknownVendorId' }],
  ['MeterValues', { evseId: 1, meterValue: [register(100, 11, 'Sample.Clock')] }],
];

/** Those that a central system may refuse as a whole. */
const REFUSED: readonly (readonly [action: string, payload: JsonObject])[] = [
  ['SignCertificate', { csr: '-----BEGIN CERTIFICATE REQUEST-----' }],
  [
    'Get15118EVCertificate',
    { iso15118SchemaVersion: 'urn:iso:15118:2:2013:MsgDef', action: 'Install', exiRequest: 'AA==' },
  ],
  ['GetCertificateStatus', { ocspRequestData: { ...HASH, responderURL: 'http://ocsp.example.org' } }],
  [
    'GetCertificateChainStatus',
    {
      certificateStatusRequests: [
        { certificateHashData: HASH, source: 'OCSP', urls: ['http://ocsp.example.org'] },
      ],
    },
  ],
];

function notices(): Recorder {
  const recorder = new Recorder('SYN21-NOTICES').open().boot(0).status(0, 'Available');
  for (const [action, payload, answer] of NOTICES) recorder.call(action, payload, answer ?? {});
  for (const [action, payload] of REFUSED) recorder.refusedCall(action, payload, 'NotSupported');
  return recorder.close();
}
