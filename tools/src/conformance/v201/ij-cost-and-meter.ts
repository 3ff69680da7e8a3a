import { notBuilt, type ConformanceCase } from '../conformance-case.js';
import { equals, must, NotBuilt } from '../judge.js';
import { result } from '../reply.js';
import { commandCase } from '../shared/command-case.js';
import { endedWith, reading, started, stopped, Transaction } from '../shared/steps2.js';
import { minutesAgo } from '../shared/times.js';

const NO_COST =
  'cost is shown in the app; TransactionEventResponse carries no totalCost, and CostUpdated is not sent by itself';

export const I_COST: readonly ConformanceCase[] = [
  commandCase({
    id: 'TC_I_01_CSMS',
    requirement: 'I02',
    title: 'the running cost is told to the station: CostUpdated as an operator sends it',
    action: 'CostUpdated',
    payload: { totalCost: 3.42, transactionId: 'a-running-transaction' },
    reply: result({}),
  }),
  notBuilt('TC_I_01_2_CSMS', 'I02', 'the running cost is told to the station by itself', NO_COST),
  {
    id: 'TC_I_02_CSMS',
    requirement: 'I03',
    title: 'the final cost comes with the answer to the end',
    run: async (context) => {
      const { totalCost } = await stopped(await started(context));
      if (totalCost === undefined) throw new NotBuilt(NO_COST);
      must(Number(totalCost) > 0, `the cost is ${String(totalCost)}`);
    },
  },
];

const sampled = (id: string, title: string, context: string, trigger: string): ConformanceCase => ({
  id,
  requirement: context === 'Sample.Clock' ? 'J01' : 'J02',
  title,
  run: async (world) => {
    const transaction = await started(world);
    await transaction.update({ trigger, minutes: 20, wh: 2_000, meter: context });
    await transaction.update({ trigger, minutes: 10, wh: 4_000, meter: context });
    await world.session(transaction.id, ({ energyWh }) => energyWh === 3_000, 'at 3000 Wh');
    await stopped(transaction);
    await endedWith(world, transaction, 5_000);
  },
});

export const J_METER: readonly ConformanceCase[] = [
  {
    id: 'TC_J_01_CSMS',
    requirement: 'J01',
    title: 'clock-aligned values outside of transactions are acknowledged and start nothing',
    run: async (context) => {
      const meterValue = [reading(99_000, minutesAgo(1), 'Sample.Clock')];
      equals('the answer', await context.call('MeterValues', { evseId: 1, meterValue }), {});
      equals('the sessions', await context.sessions(), []);
    },
  },
  sampled('TC_J_02_CSMS', 'clock-aligned values in a transaction', 'Sample.Clock', 'MeterValueClock'),
  sampled('TC_J_03_CSMS', 'sampled values in a transaction', 'Sample.Periodic', 'MeterValuePeriodic'),
  {
    id: 'TC_J_04_CSMS',
    requirement: 'J01',
    title: 'values of the main meter (EVSE 0) belong to no transaction',
    run: async (context) => {
      const transaction = await started(context);
      const meterValue = [reading(777_000, minutesAgo(5), 'Sample.Clock')];
      equals('the answer', await context.call('MeterValues', { evseId: 0, meterValue }), {});
      await stopped(transaction);
      await endedWith(context, transaction, 5_000);
    },
  },
  {
    id: 'TC_J_07_CSMS',
    requirement: 'J02',
    title: 'the end carries all samples of the transaction: they count once',
    run: async (context) => {
      const transaction = await started(context);
      await transaction.update({ trigger: 'MeterValuePeriodic', minutes: 10, wh: 3_000 });
      const meterValue = [
        reading(1_000, minutesAgo(30), 'Transaction.Begin'),
        reading(3_000, minutesAgo(10)),
        reading(6_000, minutesAgo(1), 'Transaction.End'),
      ];
      await transaction.end({
        trigger: 'StopAuthorized',
        info: { stoppedReason: 'Local' },
        over: { meterValue },
      });
      await endedWith(context, transaction, 5_000);
    },
  },
  {
    id: 'TC_J_08_CSMS',
    requirement: 'J02',
    title: 'kWh and a multiplier mean what they say',
    run: async (context) => {
      const transaction = await started(context);
      const sample = {
        value: 60,
        context: 'Transaction.End',
        measurand: 'Energy.Active.Import.Register',
        unitOfMeasure: { unit: 'kWh', multiplier: -1 },
      };
      await transaction.end({
        trigger: 'StopAuthorized',
        info: { stoppedReason: 'Local' },
        over: { meterValue: [{ timestamp: minutesAgo(1), sampledValue: [sample] }] },
      });
      await endedWith(context, transaction, 5_000);
    },
  },
  {
    id: 'TC_J_09_CSMS',
    requirement: 'J03',
    title: 'power, current per phase, voltage and state of charge beside the energy',
    run: async (context) => {
      const transaction = await started(context);
      const timestamp = minutesAgo(0);
      const sampledValue = [
        ...(reading(2_000, timestamp)['sampledValue'] as object[]),
        { value: 11_040, measurand: 'Power.Active.Import', unitOfMeasure: { unit: 'W' } },
        ...['L1', 'L2', 'L3'].map((phase) => ({ value: 16, measurand: 'Current.Import', phase })),
        { value: 230.5, measurand: 'Voltage', phase: 'L1-N' },
        { value: 55, measurand: 'SoC', location: 'EV' },
      ] as { value: number }[];
      await transaction.update({
        trigger: 'MeterValuePeriodic',
        over: { meterValue: [{ timestamp, sampledValue }] },
      });
      await context.session(transaction.id, ({ energyWh }) => energyWh === 1_000, 'at 1000 Wh');
      const { id } = await context.session(transaction.id);
      const { session } = await context.operator.request<{
        session: { livePowerW: number; socPercent: number };
      }>('query($id: ID!) { session(id: $id) { livePowerW socPercent } }', { id });
      equals('power and charge', session, { livePowerW: 11_040, socPercent: 55 });
    },
  },
  {
    id: 'TC_J_10_CSMS',
    requirement: 'J03',
    title: 'signed values are taken beside the figures',
    run: async (context) => {
      const transaction = new Transaction(context);
      await transaction.start({ trigger: 'Authorized', wh: 1_000, card: context.cards.card });
      const sampledValue = [
        {
          value: 6_000,
          context: 'Transaction.End',
          signedMeterValue: {
            signedMeterData: 'T0NNRnx7fQ==',
            signingMethod: 'ECDSA-secp256r1-SHA256',
            encodingMethod: 'OCMF',
            publicKey: 'b2NhOmJhc2UxNjphc24x',
          },
        },
      ];
      await transaction.end({
        trigger: 'StopAuthorized',
        info: { stoppedReason: 'Local' },
        over: { meterValue: [{ timestamp: minutesAgo(1), sampledValue }] },
      });
      await endedWith(context, transaction, 5_000);
    },
  },
];
