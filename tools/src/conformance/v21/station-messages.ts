import type { JsonObject } from '@kilowatch/ocpp';
import type { ConformanceCase } from '../conformance-case.js';
import { equals, holds, must } from '../judge.js';
import { HASH } from '../shared/certificates.js';
import { cardStatus, endedWith, started, stopped, tokenOf, Transaction } from '../shared/steps2.js';

const now = () => new Date().toISOString();

/** Taken, answered as the schema wants, and kept for the operator. */
const notice = (
  id: string,
  requirement: string,
  title: string,
  action: string,
  payload: () => JsonObject,
  answer: JsonObject = {},
): ConformanceCase => ({
  id,
  requirement,
  title,
  run: async (context) => {
    equals('the answer', await context.call(action, payload()), answer);
    await context.shows('the notice', 'notices(first: 1) { edges { node { action } } }', {
      notices: { edges: [{ node: { action } }] },
    });
  },
});

const battery = (eventType: string): JsonObject => ({
  eventType,
  requestId: 1,
  idToken: tokenOf('A1B2C3D4'),
  batteryData: [{ evseId: 1, serialNumber: 'BAT-1', soC: 80, soH: 97 }],
});

const settlement = (status: string): JsonObject => ({
  pspRef: 'psp-1',
  status,
  settlementAmount: 12.5,
  settlementTime: now(),
});

export const STATION_MESSAGES_21: readonly ConformanceCase[] = [
  notice('TC_S_101_CSMS', 'S01', 'a battery was put in', 'BatterySwap', () => battery('BatteryIn')),
  notice('TC_S_102_CSMS', 'S01', 'a battery was taken out', 'BatterySwap', () => battery('BatteryOut')),
  notice('TC_S_103_CSMS', 'S02', 'a battery was not taken out in time', 'BatterySwap', () =>
    battery('BatteryOutTimeout'),
  ),
  notice('TC_R_101_CSMS', 'R04', 'an alarm of the grid begins', 'NotifyDERAlarm', () => ({
    controlType: 'HVMustTrip',
    gridEventFault: 'OverVoltage',
    timestamp: now(),
  })),
  notice('TC_R_102_CSMS', 'R04', 'an alarm of the grid is over', 'NotifyDERAlarm', () => ({
    controlType: 'HVMustTrip',
    alarmEnded: true,
    timestamp: now(),
  })),
  notice('TC_R_103_CSMS', 'R04', 'a control of the grid starts', 'NotifyDERStartStop', () => ({
    controlId: 'ctl-1',
    started: true,
    timestamp: now(),
    supersededIds: ['ctl-0'],
  })),
  notice('TC_R_104_CSMS', 'R04', 'a control of the grid stops', 'NotifyDERStartStop', () => ({
    controlId: 'ctl-1',
    started: false,
    timestamp: now(),
  })),
  notice('TC_R_105_CSMS', 'R03', 'the controls of the grid are told', 'ReportDERControl', () => ({
    requestId: 5,
    gradient: [{ id: 'g-1', gradient: { priority: 1, gradient: 10, softGradient: 5 } }],
  })),
  notice('TC_K_101_CSMS', 'K21', 'priority charging begins', 'NotifyPriorityCharging', () => ({
    transactionId: 'a-transaction',
    activated: true,
  })),
  notice('TC_K_102_CSMS', 'K22', 'priority charging is over', 'NotifyPriorityCharging', () => ({
    transactionId: 'a-transaction',
    activated: false,
  })),
  notice('TC_C_101_CSMS', 'C21', 'a payment at the terminal is settled', 'NotifySettlement', () =>
    settlement('Settled'),
  ),
  notice('TC_C_102_CSMS', 'C22', 'a payment at the terminal fails', 'NotifySettlement', () =>
    settlement('Failed'),
  ),
  notice('TC_N_101_CSMS', 'N13', 'a stream of events is closed', 'ClosePeriodicEventStream', () => ({
    id: 1,
  })),
  {
    id: 'TC_N_102_CSMS',
    requirement: 'N11',
    title: 'a stream of events is opened of a monitor that nobody knows: Rejected',
    run: async (context) => {
      const constantStreamData = { id: 1, variableMonitoringId: 7, params: { interval: 60, values: 10 } };
      const answer = await context.call('OpenPeriodicEventStream', { constantStreamData });
      holds('the answer', answer, { status: 'Rejected', statusInfo: { reasonCode: 'UnknownMonitor' } });
    },
  },
  {
    id: 'TC_K_103_CSMS',
    requirement: 'K28',
    title: 'a dynamic schedule is asked for and there is none: Rejected',
    run: async (context) => {
      const answer = await context.call('PullDynamicScheduleUpdate', { chargingProfileId: 1 });
      holds('the answer', answer, { status: 'Rejected' });
    },
  },
  {
    id: 'TC_K_109_CSMS',
    requirement: 'K15, Q01',
    title: 'a car that wants to give energy back is told that this is not offered',
    run: async (context) => {
      await started(context);
      const chargingNeeds = {
        requestedEnergyTransfer: 'AC_BPT',
        v2xChargingParameters: { maxChargePower: 11_000, maxDischargePower: 11_000 },
      };
      const answer = await context.call('NotifyEVChargingNeeds', { evseId: 1, chargingNeeds });
      holds('the answer', answer, { status: 'Rejected', statusInfo: { reasonCode: 'UnsupportedTransfer' } });
    },
  },
  {
    id: 'TC_K_110_CSMS',
    requirement: 'K15',
    title: 'a car of ISO 15118-20 tells its figures in power: its schedule follows from them',
    run: async (context) => {
      const transaction = await started(context);
      const v2xChargingParameters = {
        minChargePower: 4_140,
        maxChargePower: 11_040,
        evTargetEnergyRequest: 20_000,
      };
      const chargingNeeds = { requestedEnergyTransfer: 'AC_three_phase', v2xChargingParameters };
      await context.call('NotifyEVChargingNeeds', { evseId: 1, chargingNeeds });
      const { payload } = await context.station.command('SetChargingProfile');
      const chargingSchedule = [{ chargingSchedulePeriod: [{ limit: 16 }, { limit: 6 }] }];
      holds('the profile', payload, { chargingProfile: { transactionId: transaction.id, chargingSchedule } });
    },
  },
  {
    id: 'TC_C_103_CSMS',
    requirement: 'C23',
    title: 'a VAT number without a register to ask: its form is right, and the answer says no more',
    run: async (context) => {
      const answer = await context.call('VatNumberValidation', { vatNumber: 'NL123456789B01', evseId: 1 });
      holds('the answer', answer, {
        status: 'Accepted',
        vatNumber: 'NL123456789B01',
        evseId: 1,
        statusInfo: { reasonCode: 'FormatOnly' },
      });
      must(answer['company'] === undefined, 'a company is named that nobody knows');
    },
  },
  {
    id: 'TC_C_104_CSMS',
    requirement: 'C23',
    title: 'a VAT number that is none is rejected, and both can be read by the operator',
    run: async (context) => {
      const vatNumber = 'DE12';
      const answer = await context.call('VatNumberValidation', { vatNumber });
      const statusInfo = { reasonCode: 'InvalidFormat' };
      holds('the answer', answer, { status: 'Rejected', vatNumber, statusInfo });
      await context.call('VatNumberValidation', { vatNumber: 'de 123 456 789' });
      const { vatNumberChecks } = await context.operator.request<{
        vatNumberChecks: { edges: { node: { stationId: string; vatNumber: string; reason: string } }[] };
      }>('{ vatNumberChecks(first: 50) { edges { node { stationId vatNumber accepted reason } } } }');
      const own = vatNumberChecks.edges.filter(({ node }) => node.stationId === context.stationId);
      holds(
        'the checks',
        own.map(({ node }) => node),
        [
          { vatNumber: 'DE123456789', accepted: true, reason: 'FormatOnly' },
          { vatNumber, accepted: false, reason: 'InvalidFormat' },
        ],
      );
    },
  },
  {
    id: 'TC_M_101_CSMS',
    requirement: 'M07',
    title: 'the state of a chain of certificates: answered, or NotSupported',
    run: async (context) => {
      const certificateStatusRequests = [
        { certificateHashData: HASH, source: 'OCSP', urls: ['http://ocsp.example.org'] },
      ];
      const answer = await context.station.ask('GetCertificateChainStatus', { certificateStatusRequests });
      if (answer.kind === 'error') equals('the code', answer.code, 'NotSupported');
    },
  },
  {
    id: 'TC_E_101_CSMS',
    requirement: 'E16',
    title: 'a transaction with a limit of its own ends when the limit is reached',
    run: async (context) => {
      const transaction = new Transaction(context);
      const answer = await transaction.start({
        trigger: 'Authorized',
        wh: 1_000,
        card: context.cards.card,
        info: { transactionLimit: { maxEnergy: 5_000 } },
      });
      equals('the card', cardStatus(answer), 'Accepted');
      await transaction.update({
        trigger: 'LimitSet',
        minutes: 20,
        info: { transactionLimit: { maxEnergy: 5_000, maxCost: 10 } },
      });
      await stopped(transaction, 'EnergyLimitReached', 'EnergyLimitReached');
      await endedWith(context, transaction, 5_000, 'EnergyLimitReached');
    },
  },
  {
    id: 'TC_E_102_CSMS',
    requirement: 'E17',
    title: 'a transaction goes on after a reset: TxResumed',
    run: async (context) => {
      const transaction = await started(context);
      context.station.vanish();
      await context.connect();
      await context.boot({ reason: 'PowerUp' });
      await transaction.update({ trigger: 'TxResumed', minutes: 5, state: 'Charging', wh: 3_000 });
      const session = await context.session(
        transaction.id,
        ({ energyWh }) => energyWh === 2_000,
        'at 2000 Wh',
      );
      equals('the state', session.state, 'ACTIVE');
      await stopped(transaction);
      await endedWith(context, transaction, 5_000);
    },
  },
  ...(
    [
      ['TC_E_103_CSMS', 'CostLimitReached'],
      ['TC_E_104_CSMS', 'SoCLimitReached'],
      ['TC_E_105_CSMS', 'OperationModeChanged'],
      ['TC_E_106_CSMS', 'TariffChanged'],
      ['TC_E_107_CSMS', 'RunningCost'],
    ] as const
  ).map(([id, trigger]): ConformanceCase => ({
    id,
    requirement: 'E02',
    title: `an event for the reason ${trigger}`,
    run: async (context) => {
      const transaction = await started(context);
      await transaction.update({ trigger, minutes: 10, wh: 3_000 });
      await stopped(transaction);
      await endedWith(context, transaction, 5_000);
    },
  })),
  {
    id: 'TC_I_101_CSMS',
    requirement: 'I12',
    title: 'the station tells what it worked out itself: taken beside ours',
    run: async (context) => {
      const transaction = await started(context);
      const costDetails = {
        totalCost: { currency: 'EUR', typeOfCost: 'NormalCost', total: { exclTax: 2, inclTax: 2.42 } },
        totalUsage: { energy: 5_000, chargingTime: 1_800, idleTime: 0 },
      };
      await stopped(transaction, 'StopAuthorized', 'Local', { over: { costDetails } });
      await endedWith(context, transaction, 5_000);
    },
  },
  {
    id: 'TC_Q_101_CSMS',
    requirement: 'Q01',
    title: 'energy given back is told beside the energy taken',
    run: async (context) => {
      const transaction = await started(context);
      const sampledValue = [
        { value: 4_000, measurand: 'Energy.Active.Import.Register' },
        { value: 500, measurand: 'Energy.Active.Export.Register' },
      ];
      await transaction.update({
        trigger: 'MeterValuePeriodic',
        info: { operationMode: 'CentralSetpoint' },
        over: { meterValue: [{ timestamp: now(), sampledValue }] },
      });
      const session = await context.session(
        transaction.id,
        ({ energyWh }) => energyWh === 3_000,
        'at 3000 Wh',
      );
      must(session.state === 'ACTIVE', 'it is over');
    },
  },
];
