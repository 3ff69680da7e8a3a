import type { JsonObject } from '@kilowatch/ocpp';
import type { CaseContext } from '../case-context.js';
import type { ConformanceCase } from '../conformance-case.js';
import { equals, holds } from '../judge.js';
import { ACCEPTED, status } from '../reply.js';

const SCHEDULE = {
  profileId: 5,
  evseNumber: 1,
  purpose: 'TX_DEFAULT',
  unit: 'W',
  intervalSeconds: 30,
  durationSeconds: 600,
  limits: { limit: 7_000 },
};
const SHOWN =
  'dynamicSchedules(first: 5) { edges { node { profileId limits { limit setpoint } toldAt askedAt } } }';

interface Shown {
  readonly dynamicSchedules: {
    readonly edges: readonly {
      readonly node: { toldAt: string | null; askedAt: string | null; limits: JsonObject };
    }[];
  };
}

async function set(context: CaseContext): Promise<void> {
  const { sent, told } = await context.exchange('SetChargingProfile', ACCEPTED, () =>
    context.order('setDynamicSchedule', SCHEDULE),
  );
  equals('the outcome', told.outcome, 'ACCEPTED');
  holds('the profile', sent, {
    evseId: 1,
    chargingProfile: {
      id: 5,
      chargingProfileKind: 'Dynamic',
      chargingProfilePurpose: 'TxDefaultProfile',
      dynUpdateInterval: 30,
      chargingSchedule: [
        { duration: 600, chargingRateUnit: 'W', chargingSchedulePeriod: [{ startPeriod: 0, limit: 7_000 }] },
      ],
    },
  });
}

const pull = (context: CaseContext, chargingProfileId = 5) =>
  context.call('PullDynamicScheduleUpdate', { chargingProfileId });

const update = (context: CaseContext, limits: object) =>
  context.order('updateDynamicSchedule', { profileId: 5, limits });

/** Use case K28. */
export const DYNAMIC_SCHEDULES_21: readonly ConformanceCase[] = [
  {
    id: 'TC_K_104_CSMS',
    requirement: 'K28',
    title: 'a dynamic schedule is set, and the station that asks gets its limits',
    run: async (context) => {
      await set(context);
      equals('the answer', await pull(context), { status: 'Accepted', scheduleUpdate: { limit: 7_000 } });
      await context.stationWhen<Shown>(
        'that it asked',
        SHOWN,
        ({ dynamicSchedules: { edges } }) => edges[0]?.node.askedAt !== null,
      );
    },
  },
  {
    id: 'TC_K_105_CSMS',
    requirement: 'K28',
    title: 'new limits are told at once, and again when the station asks',
    run: async (context) => {
      await set(context);
      const { sent, told } = await context.exchange('UpdateDynamicSchedule', ACCEPTED, () =>
        update(context, { limit: 4_000, setpoint: 3_000 }),
      );
      equals('the outcome', told.outcome, 'ACCEPTED');
      const scheduleUpdate = { limit: 4_000, setpoint: 3_000 };
      equals('the update', sent, { chargingProfileId: 5, scheduleUpdate });
      equals('the answer', await pull(context), { status: 'Accepted', scheduleUpdate });
    },
  },
  {
    id: 'TC_K_106_CSMS',
    requirement: 'K28',
    title: 'a station that did not hear of new limits gets them when it asks',
    run: async (context) => {
      await set(context);
      context.station.vanish();
      await context.stationWhen<{ online: boolean }>('it is gone', 'online', ({ online }) => !online);
      equals('the outcome', (await update(context, { limit: 1_000 })).outcome, 'OFFLINE');
      const { dynamicSchedules } = await context.part<Shown>(SHOWN);
      equals('told', dynamicSchedules.edges[0]?.node.toldAt, null);
      await context.connect();
      equals('the answer', await pull(context), { status: 'Accepted', scheduleUpdate: { limit: 1_000 } });
      await context.stationWhen<Shown>(
        'that it was told',
        SHOWN,
        ({ dynamicSchedules: { edges } }) => edges[0]?.node.toldAt !== null,
      );
    },
  },
  {
    id: 'TC_K_107_CSMS',
    requirement: 'K28, K10',
    title: 'a dynamic schedule that was cleared is not known any more',
    run: async (context) => {
      await set(context);
      await context.commands('ClearChargingProfile', { chargingProfileId: 5 }, ACCEPTED, 'ACCEPTED');
      holds('the answer', await pull(context), { status: 'Rejected' });
      equals('the refusal', await context.refusal(() => update(context, { limit: 1 })), 'NOT_FOUND');
    },
  },
  {
    id: 'TC_K_108_CSMS',
    requirement: 'K28',
    title: 'a profile that the station rejects is no schedule, and one without limits is never sent',
    run: async (context) => {
      const { told } = await context.exchange('SetChargingProfile', status('Rejected'), () =>
        context.order('setDynamicSchedule', SCHEDULE),
      );
      equals('the outcome', told.outcome, 'REJECTED');
      holds('the answer', await pull(context), { status: 'Rejected' });
      const empty = context.order('setDynamicSchedule', { ...SCHEDULE, limits: {} });
      equals('the refusal', await context.refusal(() => empty), 'BAD_USER_INPUT');
    },
  },
];
