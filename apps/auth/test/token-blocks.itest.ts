// Real: auth with Postgres, NATS and gRPC, a fleet of chargers with lists and caches on real sockets. Played: the gateway.
import { randomUUID } from 'node:crypto';
import { waitFor } from '@kilowatch/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { admin } from './auth-rig.js';
import { ListRig, type ListStation, type Progress } from './list-rig.js';

const LIST = { maxEntries: 20, itemsPerMessage: 4 };
let rig: ListRig;
/** Lists and caches of each kind, of both versions. */
let fleet: ListStation[];
beforeAll(async () => {
  rig = await ListRig.start();
  await rig.policy({});
  fleet = [
    await rig.station('1.6', { list: LIST, cache: true }),
    await rig.station('2.0.1', { list: LIST, cache: true }),
    await rig.station('2.0.1', { list: LIST }),
    await rig.station('1.6', { cache: true }),
    await rig.station('2.0.1', { cache: true }),
    await rig.station('1.6', {}),
  ];
}, 120_000);
afterAll(() => rig.close());

const takes = (station: ListStation, value: string) => station.memory.acceptsOffline({ value }, new Date());
const fresh = () => randomUUID().slice(0, 8).toUpperCase();
const stateOf = (progress: Progress, { charger }: ListStation) =>
  progress.stations.edges.find(({ node }) => node.identity === charger.identity)?.node;

/** The promise: who still takes it is listed as not confirmed, at every moment. */
async function honest(id: string, value: string): Promise<Progress> {
  // Who takes it now is looked at first: a station may let go in between, but never the other way.
  const progress = await rig.progress(id);
  const taking = fleet.filter((station) => takes(station, value));
  for (const station of taking) expect(stateOf(progress, station)?.state).toMatch(/PENDING|OFFLINE|FAILED/);
  return progress;
}

async function aTokenThatAllKnow(): Promise<{ id: string; value: string }> {
  const value = fresh();
  const [id] = (await rig.tokens([value])).values() as unknown as [string];
  await rig.flag([id]);
  for (const station of fleet) expect(await rig.show(station, value)).toBe('Accepted');
  await waitFor(
    'all who can to know it',
    async () => fleet.slice(0, 5).every((station) => takes(station, value)),
    {
      timeoutMs: 20_000,
    },
  );
  await waitFor('auth to have heard where it was shown', async () => {
    const rows = await rig.auth.rig.sql('select 1 from token_place where token_id = $1', [id]);
    return rows.length === fleet.length;
  });
  return { id, value };
}

it('is accepted offline by no station any more once it is blocked, and until then its stations are listed as not confirmed', async () => {
  const { id, value } = await aTokenThatAllKnow();
  expect(await rig.progress(id)).toMatchObject({
    mayCharge: true,
    confirmed: 0,
    pending: 0,
    offline: 0,
    failed: 0,
  });
  const [away, refusing] = [fleet[1]!, fleet[4]!];
  await rig.disconnect(away);
  refusing.memory.cacheRefuses = true;
  await rig.setStatus(id, 'BLOCKED');
  // Before anybody was told nobody has confirmed it.
  expect((await honest(id, value)).confirmed).toBe(0);
  const progress = await waitFor(
    'all who can to have confirmed it',
    async () => {
      const seen = await honest(id, value);
      return seen.pending === 0 && seen.failed === 1 ? seen : undefined;
    },
    { timeoutMs: 20_000 },
  );
  expect(progress).toMatchObject({ mayCharge: false, confirmed: 4, pending: 0, offline: 1, failed: 1 });
  expect(stateOf(progress, away)).toMatchObject({ state: 'OFFLINE', inList: true, inCache: true });
  expect(stateOf(progress, refusing)).toMatchObject({
    state: 'FAILED',
    inList: false,
    inCache: true,
    reason: 'CACHE_NOT_CLEARED Rejected',
  });
  expect(fleet.filter((station) => takes(station, value))).toEqual([away, refusing]);

  await rig.connect(away);
  refusing.memory.cacheRefuses = false;
  await rig.sync(refusing);
  await waitFor(
    'everybody to have confirmed it',
    async () => (await honest(id, value)).confirmed === fleet.length,
    {
      timeoutMs: 20_000,
    },
  );
  expect(fleet.filter((station) => takes(station, value))).toEqual([]);
  // Its list refuses it, so that a cache that has it after all does not count.
  expect(away.memory.list.get(value)?.status).toBe('Blocked');

  await rig.setStatus(id, 'ACTIVE');
  await waitFor('lists to have it again', async () => takes(fleet[0]!, value) && takes(away, value));
  await rig.flag([id], false);
}, 90_000);

it('goes the same way when its owner is switched off', async () => {
  const person = await rig.auth.createPerson(`${fresh()}@example.org`);
  const value = fresh();
  const [owner] = await rig.auth.rig.sql<{ email: string }>('select email from account where id = $1', [
    person.accountId,
  ]);
  const ids = await rig.tokens([value], { accountEmail: owner!.email });
  const [id] = ids.values() as unknown as [string];
  await rig.flag([id]);
  await waitFor('lists to have it', async () => takes(fleet[0]!, value) && takes(fleet[2]!, value), {
    timeoutMs: 20_000,
  });
  await rig.auth.rig.graphql(
    admin,
    'mutation($id: ID!) { setAccountActive(input: { accountId: $id, active: false, reason: "left" }) { account { active } } }',
    { id: person.accountId },
  );
  await waitFor('no list to have it', async () => !fleet.some((station) => takes(station, value)), {
    timeoutMs: 20_000,
  });
  expect((await honest(id, value)).mayCharge).toBe(false);
  await rig.flag([id], false);
}, 60_000);

it('concerns nobody but those that hold it: no other station is looked at for one token', async () => {
  const value = fresh();
  const [id] = (await rig.tokens([value])).values() as unknown as [string];
  const shownAt = fleet[3]!;
  await rig.show(shownAt, value);
  await waitFor('auth to have heard of it', async () => {
    const rows = await rig.auth.rig.sql('select 1 from token_place where token_id = $1', [id]);
    return rows.length > 0;
  });
  const wishes = async () =>
    new Map(
      (
        await rig.auth.rig.sql<{ station_id: string; wish: string }>(
          'select station_id, wish from local_list',
        )
      ).map((row) => [row.station_id, row.wish]),
    );
  const before = await wishes();
  await rig.setStatus(id, 'BLOCKED');
  await waitFor(
    'the one that may have it to have confirmed',
    async () => (await rig.progress(id)).confirmed === 1,
  );
  const after = await wishes();
  expect(
    [...after].filter(([stationId, wish]) => before.get(stationId) !== wish).map(([stationId]) => stationId),
  ).toEqual([shownAt.id]);
}, 60_000);

it('is confirmed by a station that was told Blocked when the card was shown', async () => {
  const value = fresh();
  const [id] = (await rig.tokens([value])).values() as unknown as [string];
  const refusing = fleet[4]!;
  await rig.show(refusing, value);
  await waitFor('auth to have heard of it', async () => {
    const rows = await rig.auth.rig.sql('select 1 from token_place where token_id = $1', [id]);
    return rows.length > 0;
  });
  refusing.memory.cacheRefuses = true;
  await rig.setStatus(id, 'BLOCKED');
  await waitFor('the station to refuse', async () => (await rig.progress(id)).failed === 1, {
    timeoutMs: 20_000,
  });
  expect(await rig.show(refusing, value)).toBe('Invalid');
  expect(takes(refusing, value)).toBe(false);
  await waitFor('nothing to be open', async () => {
    const { pending, failed, offline } = await rig.progress(id);
    return pending + failed + offline === 0;
  });
  refusing.memory.cacheRefuses = false;
}, 60_000);
