import type { ConformanceCase } from '../conformance-case.js';
import { equals, holds, must } from '../judge.js';
import { result } from '../reply.js';
import {
  authorize,
  cardStatus,
  charging,
  endedWith,
  reportStatus,
  started,
  stopped,
  Transaction,
} from '../shared/steps2.js';

export const E_TRANSACTIONS: readonly ConformanceCase[] = [
  {
    id: 'TC_E_01_CSMS',
    requirement: 'E01 (S5)',
    title: 'starts when power may flow: card and cable are there',
    run: async (context) => {
      equals('the card', (await authorize(context, context.cards.card))['status'], 'Accepted');
      await reportStatus(context, 'Occupied');
      const transaction = new Transaction(context);
      const answer = await transaction.start({
        trigger: 'ChargingStateChanged',
        state: 'EVConnected',
        wh: 1_000,
        card: context.cards.card,
      });
      equals('the card', cardStatus(answer), 'Accepted');
      await transaction.update({ trigger: 'ChargingStateChanged', state: 'Charging' });
      await charging(context, transaction, 'CHARGING');
      await stopped(transaction);
      await endedWith(context, transaction, 5_000, 'Local');
    },
  },
  {
    id: 'TC_E_02_CSMS',
    requirement: 'E01 (S6)',
    title: 'starts when energy flows',
    run: async (context) => {
      await authorize(context, context.cards.card);
      const transaction = new Transaction(context);
      await transaction.start({
        trigger: 'ChargingStateChanged',
        state: 'Charging',
        wh: 1_000,
        card: context.cards.card,
      });
      await charging(context, transaction, 'CHARGING');
      await stopped(transaction);
      await endedWith(context, transaction, 5_000);
    },
  },
  {
    id: 'TC_E_03_CSMS',
    requirement: 'E02',
    title: 'starts when the cable is plugged in: the card comes later',
    run: async (context) => {
      await reportStatus(context, 'Occupied');
      const transaction = new Transaction(context);
      const first = await transaction.start({ trigger: 'CablePluggedIn', state: 'EVConnected', wh: 1_000 });
      must(!('idTokenInfo' in first), 'nobody showed a card');
      await charging(context, transaction, 'EV_CONNECTED');
      const answer = await transaction.update({
        trigger: 'Authorized',
        state: 'EVConnected',
        minutes: 20,
        card: context.cards.card,
      });
      equals('the card', cardStatus(answer), 'Accepted');
      await transaction.update({ trigger: 'ChargingStateChanged', state: 'Charging', minutes: 19 });
      await stopped(transaction);
      await endedWith(context, transaction, 5_000);
    },
  },
  {
    id: 'TC_E_04_CSMS',
    requirement: 'E03',
    title: 'starts when the card is accepted: the cable comes later',
    run: async (context) => {
      const transaction = new Transaction(context);
      const answer = await transaction.start({ trigger: 'Authorized', card: context.cards.card });
      equals('the card', cardStatus(answer), 'Accepted');
      await reportStatus(context, 'Occupied');
      await transaction.update({
        trigger: 'CablePluggedIn',
        state: 'EVConnected',
        wh: 1_000,
        meter: 'Transaction.Begin',
      });
      await transaction.update({ trigger: 'ChargingStateChanged', state: 'Charging', minutes: 8 });
      await stopped(transaction);
      await endedWith(context, transaction, 5_000);
    },
  },
  {
    id: 'TC_E_05_CSMS',
    requirement: 'E03',
    title: 'card shown and no cable: it ends as Timeout, without energy',
    run: async (context) => {
      const transaction = new Transaction(context);
      await transaction.start({ trigger: 'Authorized', minutes: 5, wh: 1_000, card: context.cards.card });
      await transaction.end({ trigger: 'EVConnectTimeout', wh: 1_000, info: { stoppedReason: 'Timeout' } });
      await endedWith(context, transaction, 0, 'Timeout');
    },
  },
  {
    id: 'TC_E_07_CSMS',
    requirement: 'E01 (S1)',
    title: 'starts when the bay is taken',
    run: async (context) => {
      const transaction = new Transaction(context);
      await transaction.start({ trigger: 'EVDetected', state: 'Idle' });
      await transaction.update({ trigger: 'CablePluggedIn', state: 'EVConnected', minutes: 25 });
      await transaction.update({
        trigger: 'Authorized',
        minutes: 24,
        wh: 1_000,
        meter: 'Transaction.Begin',
        card: context.cards.card,
      });
      await transaction.update({ trigger: 'ChargingStateChanged', state: 'Charging', minutes: 23 });
      await stopped(transaction, 'EVDeparted', 'Local');
      await endedWith(context, transaction, 5_000);
    },
  },
  ...(
    [
      ['TC_E_09_CSMS', 'E06', 'StopAuthorized', 'Local', 'ends when the driver stops it with the card'],
      [
        'TC_E_14_CSMS',
        'E09',
        'EVCommunicationLost',
        'EVDisconnected',
        'ends when the cable is unplugged at the car',
      ],
      ['TC_E_15_CSMS', 'E06', 'EVDeparted', 'StoppedByEV', 'ends when the car leaves'],
      ['TC_E_16_CSMS', 'E06', 'AbnormalCondition', 'EmergencyStop', 'ends by the emergency stop'],
      [
        'TC_E_17_CSMS',
        'E06',
        'EnergyLimitReached',
        'EnergyLimitReached',
        'ends when its energy limit is reached',
      ],
      ['TC_E_18_CSMS', 'E06', 'TimeLimitReached', 'TimeLimitReached', 'ends when its time is over'],
      ['TC_E_19_CSMS', 'E06', 'AbnormalCondition', 'PowerLoss', 'ends when the power is gone'],
      ['TC_E_20_CSMS', 'E07', 'Deauthorized', 'DeAuthorized', 'ends when the card is refused'],
    ] as const
  ).map(([id, requirement, trigger, reason, title]): ConformanceCase => ({
    id,
    requirement,
    title,
    run: async (context) => {
      const transaction = await started(context);
      await stopped(transaction, trigger, reason);
      await endedWith(context, transaction, 5_000, reason);
    },
  })),
  {
    id: 'TC_E_21_CSMS',
    requirement: 'E10',
    title: 'the driver unplugs and plugs in again: one transaction',
    run: async (context) => {
      const transaction = await started(context);
      await transaction.update({ trigger: 'EVCommunicationLost', state: 'Idle', minutes: 20, wh: 2_000 });
      await transaction.update({ trigger: 'CablePluggedIn', state: 'EVConnected', minutes: 15 });
      await transaction.update({ trigger: 'ChargingStateChanged', state: 'Charging', minutes: 14 });
      await charging(context, transaction, 'CHARGING');
      await stopped(transaction);
      await endedWith(context, transaction, 5_000);
      equals('the sessions', (await context.sessions()).length, 1);
    },
  },
  ...(
    [
      ['TC_E_22_CSMS', 'SuspendedEV', 'SUSPENDED_EV', 'the car'],
      ['TC_E_23_CSMS', 'SuspendedEVSE', 'SUSPENDED_EVSE', 'the station'],
    ] as const
  ).map(([id, state, shown, who]): ConformanceCase => ({
    id,
    requirement: 'E02',
    title: `${who} pauses, and goes on`,
    run: async (context) => {
      const transaction = await started(context);
      await transaction.update({ trigger: 'ChargingStateChanged', state, minutes: 20, wh: 2_000 });
      await charging(context, transaction, shown);
      await transaction.update({ trigger: 'ChargingStateChanged', state: 'Charging', minutes: 10 });
      await charging(context, transaction, 'CHARGING');
    },
  })),
  {
    id: 'TC_E_26_CSMS',
    requirement: 'E04',
    title: 'started while offline: told afterwards, at the time of the station',
    run: async (context) => {
      const transaction = new Transaction(context);
      await transaction.start({
        trigger: 'Authorized',
        state: 'Charging',
        minutes: 60,
        wh: 1_000,
        card: context.cards.card,
        over: { offline: true },
      });
      const { startedAt } = await context.session(transaction.id);
      const age = Date.now() - Date.parse(startedAt);
      must(age > 59 * 60_000 && age < 62 * 60_000, `it is shown as started at ${startedAt}`);
      await stopped(transaction);
      await endedWith(context, transaction, 5_000);
    },
  },
  {
    id: 'TC_E_27_CSMS',
    requirement: 'E05',
    title: 'started while offline with a card that is not valid: the answer says so',
    run: async (context) => {
      const transaction = new Transaction(context);
      const answer = await transaction.start({
        trigger: 'Authorized',
        minutes: 60,
        wh: 1_000,
        card: context.cards.unknown,
        over: { offline: true },
      });
      must(cardStatus(answer) !== 'Accepted', 'an unknown card is accepted');
      await stopped(transaction, 'Deauthorized', 'DeAuthorized', { wh: 1_200 });
      await endedWith(context, transaction, 200, 'DeAuthorized');
    },
  },
  {
    id: 'TC_E_28_CSMS',
    requirement: 'E08, E12',
    title: 'a whole transaction while offline',
    run: async (context) => {
      const transaction = new Transaction(context);
      const offline = { offline: true };
      await transaction.start({
        trigger: 'Authorized',
        minutes: 90,
        wh: 1_000,
        card: context.cards.card,
        over: offline,
      });
      await transaction.update({ trigger: 'MeterValuePeriodic', minutes: 60, wh: 3_000, over: offline });
      await stopped(transaction, 'StopAuthorized', 'Local', { minutes: 30, over: offline });
      await endedWith(context, transaction, 5_000, 'Local');
    },
  },
  {
    id: 'TC_E_38_CSMS',
    requirement: 'E11',
    title: 'connection lost in mid-transaction: queued events count once it is back',
    run: async (context) => {
      const transaction = await started(context);
      context.station.vanish();
      await context.connect();
      await transaction.update({
        trigger: 'MeterValuePeriodic',
        minutes: 15,
        wh: 4_000,
        over: { offline: true },
      });
      await context.session(transaction.id, ({ energyWh }) => energyWh === 3_000, 'at 3000 Wh');
      await stopped(transaction);
      await endedWith(context, transaction, 5_000);
    },
  },
  {
    id: 'TC_E_39_CSMS',
    requirement: 'E13',
    title: 'an event told again, with another message id, counts once',
    run: async (context) => {
      const transaction = await started(context);
      const event = transaction.event('update', { trigger: 'MeterValuePeriodic', minutes: 15, wh: 4_000 });
      await context.call('TransactionEvent', event);
      await context.call('TransactionEvent', event);
      await stopped(transaction);
      await endedWith(context, transaction, 5_000);
      equals('the sessions', (await context.sessions()).length, 1);
    },
  },
  {
    id: 'TC_E_40_CSMS',
    requirement: 'E13',
    title: 'the end told again changes nothing',
    run: async (context) => {
      const transaction = await started(context);
      const event = transaction.event('end', {
        trigger: 'StopAuthorized',
        minutes: 1,
        wh: 6_000,
        info: { stoppedReason: 'Local' },
      });
      await context.call('TransactionEvent', event);
      await endedWith(context, transaction, 5_000, 'Local');
      await context.call('TransactionEvent', event);
      await endedWith(context, transaction, 5_000, 'Local');
    },
  },
  {
    id: 'TC_E_41_CSMS',
    requirement: 'E01 (FR.07)',
    title: 'events in the wrong order, with a gap that is filled later: the right energy and end',
    run: async (context) => {
      const transaction = await started(context);
      const late = transaction.event('update', { trigger: 'MeterValuePeriodic', minutes: 15, wh: 4_000 });
      await stopped(transaction);
      await context.call('TransactionEvent', late);
      await endedWith(context, transaction, 5_000, 'Local');
    },
  },
  {
    id: 'TC_E_42_CSMS',
    requirement: 'E01',
    title: 'the end before the start: both belong together',
    run: async (context) => {
      const transaction = new Transaction(context);
      const first = transaction.event('start', {
        trigger: 'Authorized',
        minutes: 30,
        wh: 1_000,
        card: context.cards.card,
      });
      await stopped(transaction);
      await context.call('TransactionEvent', first);
      await endedWith(context, transaction, 5_000);
    },
  },
  {
    id: 'TC_E_43_CSMS',
    requirement: 'E02',
    title: 'two EVSEs charge at the same time',
    run: async (context) => {
      const one = await started(context, 1);
      const two = await started(context, 2, context.cards.fellow);
      await stopped(one);
      await stopped(two, 'StopAuthorized', 'Local', { wh: 3_000 });
      await endedWith(context, one, 5_000);
      await endedWith(context, two, 2_000);
    },
  },
  ...(
    [
      ['TC_E_29_CSMS', true, true, true],
      ['TC_E_30_CSMS', true, true, false],
      ['TC_E_31_CSMS', true, false, true],
      ['TC_E_32_CSMS', true, false, false],
      ['TC_E_33_CSMS', false, undefined, true],
      ['TC_E_34_CSMS', false, undefined, false],
    ] as const
  ).map(([id, named, ongoingIndicator, messagesInQueue]): ConformanceCase => ({
    id,
    requirement: 'E14',
    title: `the status of ${named ? (ongoingIndicator ? 'a running transaction' : 'an ended transaction') : 'the queue'}, ${messagesInQueue ? 'with' : 'without'} messages left`,
    run: async (context) => {
      const payload = named ? { transactionId: 'status-of-this-one' } : {};
      const answer = { messagesInQueue, ...(ongoingIndicator === undefined ? {} : { ongoingIndicator }) };
      const told = await context.commands('GetTransactionStatus', payload, result(answer), 'ACCEPTED');
      holds('what is told', told.payload, answer);
    },
  })),
  {
    id: 'TC_E_53_CSMS',
    requirement: 'E15',
    title: 'a transaction that ends when energy stops: told with the signed end of its meter',
    run: async (context) => {
      const transaction = await started(context);
      await transaction.update({ trigger: 'SignedDataReceived', minutes: 2 });
      await stopped(transaction, 'ChargingStateChanged', 'StoppedByEV');
      await endedWith(context, transaction, 5_000, 'StoppedByEV');
    },
  },
];
