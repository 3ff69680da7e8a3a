import type { JsonObject } from '@kilowatch/ocpp';
import type { CaseContext } from '../case-context.js';
import type { ConformanceCase } from '../conformance-case.js';
import { equals, holds, must, oneOf } from '../judge.js';
import { mutate } from '../platform-view.js';
import { charging, started, tokenOf, Transaction } from '../shared/steps2.js';
import { inHours } from '../shared/times.js';

/** 20 kWh in four hours, at 16 A on three phases at most. */
const AC: JsonObject = {
  requestedEnergyTransfer: 'AC_three_phase',
  acChargingParameters: { energyAmount: 20_000, evMinCurrent: 6, evMaxCurrent: 16, evMaxVoltage: 400 },
};
const DC: JsonObject = {
  requestedEnergyTransfer: 'DC',
  dcChargingParameters: {
    evMaxCurrent: 200,
    evMaxVoltage: 400,
    evMaxPower: 10_000,
    evEnergyCapacity: 60_000,
    stateOfCharge: 20,
    fullSoC: 80,
  },
};

function tellNeeds(context: CaseContext, needs: JsonObject, over: JsonObject = {}): Promise<JsonObject> {
  const chargingNeeds = { departureTime: inHours(4), ...needs };
  return context.call('NotifyEVChargingNeeds', { evseId: 1, maxScheduleTuples: 10, chargingNeeds, ...over });
}

interface Profile {
  readonly id: number;
  readonly chargingProfilePurpose: string;
  readonly transactionId: string;
  readonly chargingSchedule: readonly [
    {
      readonly chargingRateUnit: string;
      readonly chargingSchedulePeriod: readonly { readonly startPeriod: number; readonly limit: number }[];
    },
  ];
}

/** The `nth` profile that came for the transaction, from 0. */
async function profileOf(context: CaseContext, { id }: Transaction, nth = 0): Promise<Profile> {
  const { payload } = await context.station.command('SetChargingProfile', nth);
  const profile = payload['chargingProfile'] as unknown as Profile;
  holds('the profile', payload, {
    evseId: 1,
    chargingProfile: { chargingProfilePurpose: 'TxProfile', transactionId: id },
  });
  return profile;
}

const limitsOf = ({ chargingSchedule: [schedule] }: Profile) =>
  schedule.chargingSchedulePeriod.map(({ limit }) => limit);

/** Needs, and the schedule for them. */
async function negotiated(context: CaseContext, needs = AC, evse = 1): Promise<[Transaction, Profile]> {
  const transaction = await started(context, evse);
  const { status } = await tellNeeds(context, needs);
  // The session may not be known yet where the schedule is made: then it follows.
  oneOf('the status', status, ['Accepted', 'Processing']);
  return [transaction, await profileOf(context, transaction)];
}

function carSchedule(unit: string, ...limits: number[]): JsonObject {
  return {
    evseId: 1,
    timeBase: new Date().toISOString(),
    chargingSchedule: {
      id: 1,
      chargingRateUnit: unit,
      duration: 3_600,
      chargingSchedulePeriod: limits.map((limit, i) => ({ startPeriod: i * 600, limit })),
    },
  };
}

async function limitSite(context: CaseContext, limitA: number): Promise<void> {
  const { location } = await context.part<{ location: { id: string } }>('location { id }');
  await mutate(context.operator, 'setSiteLimit', 'siteLimit { limitA }', { locationId: location.id, limitA });
}

interface Shown {
  readonly energyWh: number | null;
  readonly isEnough: boolean | null;
  readonly schedule: { readonly unit: string; readonly periods: readonly { limit: number }[] } | null;
  readonly carScheduleFits: boolean | null;
}
const SHOWN = 'energyWh isEnough schedule { unit periods { limit } } carScheduleFits';

async function shows(
  context: CaseContext,
  { id }: Transaction,
  what: string,
  wanted: (shown: Shown) => boolean,
): Promise<void> {
  await context.stationWhen<{
    activeSessions: { transactionId: string; chargingNeeds: Shown | null }[];
  }>(what, `activeSessions { transactionId chargingNeeds { ${SHOWN} } }`, ({ activeSessions }) => {
    const needs = activeSessions.find(({ transactionId }) => transactionId === id)?.chargingNeeds;
    return needs !== null && needs !== undefined && wanted(needs);
  });
}

/** Use cases K15 to K17: charging by what a car says over ISO 15118. */
export const K_CHARGING_NEEDS: readonly ConformanceCase[] = [
  {
    id: 'TC_K_53_CSMS',
    requirement: 'K15',
    title: 'a car on AC says what it needs, gets a schedule, takes it and charges; no other one comes',
    run: async (context) => {
      const [transaction, profile] = await negotiated(context);
      equals('the unit', profile.chargingSchedule[0].chargingRateUnit, 'A');
      equals('the limits', limitsOf(profile), [16, 6]);
      equals(
        'the schedule of the car',
        await context.call('NotifyEVChargingSchedule', carSchedule('A', 16)),
        {
          status: 'Accepted',
        },
      );
      await transaction.update({ trigger: 'ChargingStateChanged', minutes: 0, state: 'Charging' });
      await charging(context, transaction, 'CHARGING');
      equals('the profiles', context.station.count('SetChargingProfile'), 1);
    },
  },
  {
    id: 'TC_K_54_CSMS',
    requirement: 'K15',
    title: 'a car on DC says what it needs and gets a schedule in watts',
    run: async (context) => {
      const [, profile] = await negotiated(context, DC);
      equals('the unit', profile.chargingSchedule[0].chargingRateUnit, 'W');
      must(Math.max(...limitsOf(profile)) <= 10_000, 'more than the car takes');
      const answer = await context.call('NotifyEVChargingSchedule', carSchedule('W', 9_000));
      equals('the schedule of the car', answer, { status: 'Accepted' });
    },
  },
  {
    id: 'KW_K_102_CSMS',
    requirement: 'K15',
    title: 'a schedule for what a car needs is shown with the needs, and that the energy will be in it',
    run: async (context) => {
      const [transaction] = await negotiated(context);
      await shows(context, transaction, 'needs and schedule', ({ energyWh, isEnough, schedule }) => {
        const limits = schedule?.periods.map(({ limit }) => limit) ?? [];
        return energyWh === 20_000 && isEnough === true && schedule?.unit === 'A' && limits[0] === 16;
      });
    },
  },
  {
    id: 'TC_K_56_CSMS',
    requirement: 'K15',
    title: 'a car takes one period only: its schedule has one',
    run: async (context) => {
      const transaction = await started(context);
      await tellNeeds(context, AC, { maxScheduleTuples: 1 });
      equals('the limits', limitsOf(await profileOf(context, transaction)), [16]);
    },
  },
  {
    id: 'TC_K_57_CSMS',
    requirement: 'K15, K16',
    title: 'the schedule of a car that was given none is taken',
    run: async (context) => {
      await started(context);
      const answer = await context.call('NotifyEVChargingSchedule', carSchedule('A', 16));
      equals('the status', answer['status'], 'Accepted');
    },
  },
  {
    id: 'TC_K_58_CSMS',
    requirement: 'K16',
    title: 'the limit of the site changes: the car gets another schedule below it',
    ownSite: true,
    run: async (context) => {
      const [transaction] = await negotiated(context);
      await limitSite(context, 10);
      equals('the limits', limitsOf(await profileOf(context, transaction, 1)), [10, 6]);
      const answer = await context.call('NotifyEVChargingSchedule', carSchedule('A', 10));
      equals('the schedule of the car', answer, { status: 'Accepted' });
    },
  },
  {
    id: 'TC_K_59_CSMS',
    requirement: 'K16, K17',
    title: 'the car says again what it needs: it gets another schedule',
    run: async (context) => {
      const [transaction] = await negotiated(context);
      await shows(context, transaction, 'the schedule', ({ schedule }) => schedule !== null);
      const acChargingParameters = { ...(AC['acChargingParameters'] as JsonObject), evMaxCurrent: 10 };
      const { status } = await tellNeeds(context, { ...AC, acChargingParameters });
      equals('the status', status, 'Accepted');
      equals('the limits', limitsOf(await profileOf(context, transaction, 1)), [10, 6]);
      await tellNeeds(context, { ...AC, acChargingParameters });
      equals('the limits', limitsOf(await profileOf(context, transaction, 2)), [10, 6]);
    },
  },
  {
    id: 'KW_K_101_CSMS',
    requirement: 'K15',
    title: 'what a car needs never overrules the limit of its site, however much it asks for',
    ownSite: true,
    run: async (context) => {
      await limitSite(context, 12);
      const transaction = await started(context);
      equals('the limit before', limitsOf(await profileOf(context, transaction)), [12]);
      const acChargingParameters = { ...(AC['acChargingParameters'] as JsonObject), evMaxCurrent: 63 };
      await tellNeeds(context, { ...AC, acChargingParameters });
      equals('the limits', limitsOf(await profileOf(context, transaction, 1)), [12, 6]);
      await shows(
        context,
        transaction,
        'that it is enough all the same',
        ({ isEnough }) => isEnough === true,
      );
    },
  },
  {
    id: 'TC_K_55_CSMS',
    requirement: 'K15, K16',
    title: 'a car that means to draw more than it was given is refused, and gets its schedule again',
    run: async (context) => {
      const [transaction] = await negotiated(context);
      await shows(context, transaction, 'the schedule', ({ schedule }) => schedule !== null);
      const answer = await context.call('NotifyEVChargingSchedule', carSchedule('A', 10, 20));
      holds('the answer', answer, { status: 'Rejected' });
      await shows(context, transaction, 'that it does not fit', ({ carScheduleFits }) => !carScheduleFits);
      equals('the limits', limitsOf(await profileOf(context, transaction, 1)), [16, 6]);
      equals('the next one', await context.call('NotifyEVChargingSchedule', carSchedule('A', 16)), {
        status: 'Accepted',
      });
    },
  },
  {
    id: 'KW_K_103_CSMS',
    requirement: 'K15.FR.05',
    title: 'needs that come before the transaction: Processing, and the schedule follows when it begins',
    run: async (context) => {
      equals('the answer', await tellNeeds(context, AC), { status: 'Processing' });
      const transaction = new Transaction(context);
      await transaction.start({
        trigger: 'Authorized',
        minutes: 0,
        state: 'EVConnected',
        wh: 1_000,
        card: tokenOf(context.cards.card),
      });
      equals('the limits', limitsOf(await profileOf(context, transaction)), [16, 6]);
    },
  },
  {
    id: 'KW_K_104_CSMS',
    requirement: 'K15',
    title: 'needs without figures are told that no schedule comes',
    run: async (context) => {
      await started(context);
      const { status } = await tellNeeds(context, { requestedEnergyTransfer: 'AC_three_phase' });
      equals('the status', status, context.version === '2.1' ? 'NoChargingProfile' : 'Rejected');
    },
  },
];
