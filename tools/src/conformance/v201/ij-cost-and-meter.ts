import type { CaseContext } from '../case-context.js';
import type { ConformanceCase } from '../conformance-case.js';
import { equals, must } from '../judge.js';
import { result } from '../reply.js';
import { commandCase } from '../shared/command-case.js';
import { endedWith, reading, report, reported, started, stopped, Transaction } from '../shared/steps2.js';
import { minutesAgo } from '../shared/times.js';

/** The station says that it shows costs, as in a report of its own accord, and that it does so in the demo's currency. */
async function showsCosts(context: CaseContext): Promise<void> {
  const ofCost = { variable: { name: 'Enabled', instance: 'Cost' } };
  await report(context, 1, [
    [
      { ...reported('TariffCostCtrlr', 'Enabled', 'true'), ...ofCost },
      reported('TariffCostCtrlr', 'Currency', 'EUR'),
    ],
  ]);
}

export const I_COST: readonly ConformanceCase[] = [
  commandCase({
    id: 'TC_I_01_CSMS',
    requirement: 'I02',
    title: 'the running cost is told to the station: CostUpdated as an operator sends it',
    action: 'CostUpdated',
    payload: { totalCost: 3.42, transactionId: 'a-running-transaction' },
    reply: result({}),
  }),
  {
    id: 'TC_I_01_2_CSMS',
    requirement: 'I02',
    title: 'the running cost is told by itself to a station that shows costs',
    run: async (context) => {
      await showsCosts(context);
      const transaction = await started(context);
      const { payload } = await context.station.command('CostUpdated');
      equals('the transaction', payload['transactionId'], transaction.id);
      must(Number(payload['totalCost']) > 0, `the cost is ${String(payload['totalCost'])}`);
      await stopped(transaction);
    },
  },
  {
    id: 'TC_I_02_CSMS',
    requirement: 'I03',
    title: 'the final cost comes with the answer to the end, and is that of the invoice',
    run: async (context) => {
      await showsCosts(context);
      const transaction = await started(context);
      const { totalCost } = await stopped(transaction);
      must(Number(totalCost) > 0, `the cost is ${String(totalCost)}`);
      const { id } = await context.session(transaction.id);
      const { session } = await context.operator.request<{
        session: { cost: { final: boolean; totalInclVat: { amount: string } } };
      }>('query($id: ID!) { session(id: $id) { cost { final totalInclVat { amount } } } }', { id });
      equals('the cost of the invoice', session.cost.final, true);
      equals('the cost shown', totalCost, Number(session.cost.totalInclVat.amount));
    },
  },
  {
    id: 'KW_I_SILENT',
    requirement: 'I02, I03',
    title: 'a station that shows no costs is told none',
    run: async (context) => {
      const transaction = await started(context);
      const answer = await stopped(transaction);
      must(!('totalCost' in answer), `the cost is ${String(answer['totalCost'])}`);
      await endedWith(context, transaction, 5_000);
      equals('costs told', context.station.count('CostUpdated'), 0);
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
