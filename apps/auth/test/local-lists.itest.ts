// Real: auth with Postgres, NATS and gRPC, chargers with local lists and caches on real sockets. Played: the gateway, which passes on.
import { randomUUID } from 'node:crypto';
import { events } from '@kilowatch/contracts';
import { waitFor } from '@kilowatch/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { admin, foreignOperator } from './auth-rig.js';
import { ListRig, type ListStation } from './list-rig.js';

const SMALL = { list: { maxEntries: 6, itemsPerMessage: 3 }, cache: true };
let rig: ListRig;
beforeAll(async () => {
  rig = await ListRig.start();
  await rig.policy({ groups: ['fleet'], recentDays: 30 });
  // No list of these tests is ever wanted empty.
  await rig.flag([...(await rig.tokens(['BASE-1'], { type: 'Local' })).values()]);
}, 60_000);
afterEach(() => {
  rig.spoil = () => undefined;
});
afterAll(() => rig.close());

const accepted = (station: ListStation) =>
  [...station.memory.list.values()]
    .filter(({ status }) => status === 'Accepted')
    .map(({ token }) => token.value);
const takes = (station: ListStation, value: string) => station.memory.acceptsOffline({ value }, new Date());
const fresh = (prefix: string) => `${prefix}${randomUUID().slice(0, 8).toUpperCase()}`;

describe.each(['1.6', '2.0.1'] as const)('the local list of a %s station', (version) => {
  it('holds flagged tokens, fleets and those used at the site, in messages as large as it takes', async () => {
    const flagged = await rig.tokens([fresh('AA'), fresh('AB')]);
    await rig.flag([...flagged.values()]);
    const fleet = await rig.tokens([fresh('BA')], { groupId: 'fleet' });
    const station = await rig.station(version, SMALL);
    const recent = await rig.tokens([fresh('CA')]);
    const [used] = recent.keys();
    expect(await rig.show(station, used!)).toBe('Accepted');
    await waitFor('the card to be in the list', async () => accepted(station).includes(used!));
    const shown = await rig.settled(station);
    expect(accepted(station)).toEqual(expect.arrayContaining([...flagged.keys(), ...fleet.keys(), used]));
    expect(shown).toMatchObject({
      maxEntries: 6,
      entries: station.memory.list.size,
      version: station.memory.version,
    });
    const [first, ...rest] = station.memory.taken;
    expect(first).toMatchObject({ updateType: 'Full' });
    expect(rest.every(({ updateType }) => updateType === 'Differential')).toBe(true);
    expect(station.memory.taken.every(({ entries }) => entries <= 3)).toBe(true);
    const versions = station.memory.taken.map((taken) => taken.version);
    expect(versions).toEqual([...versions].sort((a, b) => a - b));
    await rig.flag([...flagged.values()], false);
    await waitFor(
      'the list without them',
      async () => !accepted(station).some((value) => flagged.has(value)),
    );
    await rig.settled(station);
    // D02: the version is asked for before each differential.
    const actions = rig.actions(station);
    expect(actions[actions.lastIndexOf('SendLocalList') - 1]).toMatch(/GetLocalListVersion|SendLocalList/);
    for (const id of fleet.values()) await rig.setStatus(id, 'BLOCKED');
    await rig.tokens([...fleet.keys()], { groupId: 'other' });
    await rig.settled(station);
  });

  it('is sent as a Full when the station does not take a differential, and again later when it does not take that', async () => {
    const station = await rig.station(version, SMALL);
    await rig.settled(station);
    const before = station.memory.taken.length;
    station.memory.refusals.push('VersionMismatch');
    const [[value, id]] = [...(await rig.tokens([fresh('DA')]))] as [[string, string]];
    await rig.flag([id]);
    await waitFor('the card in the list', async () => takes(station, value));
    await rig.settled(station);
    expect(station.memory.taken[before]).toMatchObject({ updateType: 'Full' });

    station.memory.refusals.push('Failed', 'Failed');
    await rig.flag([id], false);
    expect(await rig.settled(station, 'FAILED')).toMatchObject({
      reason: 'LIST_REFUSED Failed',
      attempts: 1,
      version: null,
    });
    expect(takes(station, value)).toBe(true);
    await rig.sync(station);
    expect(await rig.settled(station)).toMatchObject({ attempts: 0, reason: null });
    expect(takes(station, value)).toBe(false);
  });

  it('is sent whole, with a higher version, to a station that lost it in a restart', async () => {
    const [[value, id]] = [...(await rig.tokens([fresh('EA')]))] as [[string, string]];
    await rig.flag([id]);
    const station = await rig.station(version, SMALL);
    await waitFor('the card in the list', async () => takes(station, value));
    const { version: before } = await rig.settled(station);
    await rig.disconnect(station);
    station.memory.forget();
    await rig.connect(station);
    await waitFor('the card in the list again', async () => takes(station, value));
    const after = await rig.settled(station);
    expect(after.version).toBeGreaterThan(before!);
    expect(station.memory.taken.at(-after.entries === 0 ? 0 : -1)).toBeDefined();
    await rig.flag([id], false);
    await rig.settled(station);
  });

  it('is asked for when an answer was lost, and sent whole when the station has it', async () => {
    const station = await rig.station(version, SMALL);
    await rig.settled(station);
    rig.spoil = ({ raw }) => (raw?.action === 'SendLocalList' ? 'lost' : undefined);
    const [[value, id]] = [...(await rig.tokens([fresh('FA')]))] as [[string, string]];
    await rig.flag([id]);
    await rig.settled(station, 'FAILED');
    expect(await rig.list(station)).toMatchObject({ reason: 'NO_ANSWER' });
    expect(takes(station, value)).toBe(true);
    // It may have it: a block of it is not confirmed there.
    await rig.setStatus(id, 'BLOCKED');
    expect((await rig.progress(id)).confirmed).toBeLessThan((await rig.progress(id)).stations.edges.length);
    rig.spoil = () => undefined;
    const before = station.memory.taken.length;
    await rig.sync(station);
    await rig.settled(station);
    expect(station.memory.taken[before]).toMatchObject({ updateType: 'Full' });
    expect(takes(station, value)).toBe(false);
  });

  it('is put right after somebody else wrote it', async () => {
    const station = await rig.station(version, SMALL);
    await rig.settled(station);
    const foreign = fresh('GA');
    const entry =
      version === '1.6'
        ? { idTag: foreign, idTagInfo: { status: 'Accepted' } }
        : { idToken: { idToken: foreign, type: 'ISO14443' }, idTokenInfo: { status: 'Accepted' } };
    const now = station.memory.version;
    station.memory.command('SendLocalList', {
      [version === '1.6' ? 'listVersion' : 'versionNumber']: now,
      updateType: 'Full',
      localAuthorizationList: [entry],
    });
    expect(takes(station, foreign)).toBe(true);
    await rig.auth.rig.publish(
      events.localListOverwritten,
      { aggregateId: randomUUID(), version: 1 },
      { stationId: station.id },
    );
    await waitFor('the foreign card to be gone', async () => !takes(station, foreign));
    expect((await rig.settled(station)).version).toBeGreaterThan(now);
  });

  it('is left alone at a station that keeps none', async () => {
    const station = await rig.station(version, { cache: true });
    expect(await rig.settled(station, 'UNSUPPORTED')).toMatchObject({
      reason: expect.stringContaining('NO_LOCAL_LIST'),
    });
    expect(rig.actions(station)).not.toContain('SendLocalList');
  });
});

describe('a list that is too small', () => {
  it('does without whom it can best do without, and lets them in when there is room', async () => {
    const values = Array.from({ length: 8 }, () => fresh('HA'));
    const ids = await rig.tokens(values);
    await rig.flag([...ids.values()]);
    const station = await rig.station('2.0.1', SMALL);
    await waitFor('a full list', async () => station.memory.list.size === 6);
    expect((await rig.settled(station)).leftOut).toBeGreaterThanOrEqual(2);
    const held = accepted(station).filter((value) => ids.has(value));
    const out = held.slice(0, 2).map((value) => ids.get(value)!);
    await rig.flag(out, false);
    await waitFor(
      'others to move up',
      async () => station.memory.list.size === 6 && !held.slice(0, 2).some((value) => takes(station, value)),
    );
    await rig.settled(station);
    await rig.flag([...ids.values()], false);
    await waitFor('the list without them', async () => !accepted(station).some((value) => ids.has(value)));
  });
});

describe('a token whose time is over', () => {
  it('is told to a station that does not end its entries by itself (L5)', async () => {
    const expiresAt = new Date(Date.now() + 8_000);
    const value = fresh('IA');
    const ids = await rig.tokens([value], { expiresAt: expiresAt.toISOString() });
    await rig.flag([...ids.values()]);
    const large = { list: { maxEntries: 50, itemsPerMessage: 20 }, cache: true };
    const station = await rig.station('2.0.1', large);
    const old = await rig.station('1.6', large);
    await waitFor('the card in both lists', async () => takes(station, value) && takes(old, value));
    expect(old.memory.list.get(value)?.until?.getTime()).toBe(expiresAt.getTime());
    await waitFor('the end', async () => Date.now() > expiresAt.getTime());
    expect(takes(old, value)).toBe(false);
    await rig.auth.rig.running.background.jobs.get('expire-list-entries')?.runDue();
    await waitFor('the station to hear of it', async () => !takes(station, value));
    expect(station.memory.list.get(value)?.status).toBe('Expired');
    await rig.flag([...ids.values()], false);
  }, 40_000);
});

describe('a policy that is switched off', () => {
  it('empties the lists that were ours, once', async () => {
    const [[value, id]] = [...(await rig.tokens([fresh('JA')]))] as [[string, string]];
    await rig.flag([id]);
    const station = await rig.station('1.6', SMALL);
    await waitFor('the card in the list', async () => takes(station, value));
    await rig.settled(station);
    expect(await rig.policy({ enabled: false })).toBeGreaterThan(0);
    await waitFor('an empty list', async () => station.memory.list.size === 0);
    expect(await rig.settled(station, 'OFF')).toMatchObject({ entries: 0 });
    const before = rig.actions(station).length;
    await rig.disconnect(station);
    await rig.connect(station);
    await rig.settled(station, 'OFF');
    expect(rig.actions(station)).toHaveLength(before);
    await rig.policy({ groups: ['fleet'], recentDays: 30 });
    await waitFor('the card in the list', async () => takes(station, value));
    await rig.flag([id], false);
  });
});

describe('who may ask', () => {
  it('is an operator of the tenant: nothing of another tenant is shown or changed', async () => {
    const station = await rig.station('1.6', SMALL);
    const [id] = (await rig.tokens([fresh('KA')])).values();
    const ask = (query: string, variables: Record<string, unknown>) =>
      rig.auth.rig.graphql(foreignOperator, query, variables);
    const { data } = await ask(
      '{ localLists(first: 100) { edges { node { state } } } localListPolicies { enabled } }',
      {},
    );
    expect(data).toEqual({ localLists: { edges: [] }, localListPolicies: [] });
    const refused = await Promise.all([
      ask('query($id: ID!) { tokenBlockProgress(tokenId: $id) { confirmed } }', { id }),
      ask('mutation($id: ID!) { syncLocalList(input: { stationId: $id }) { localList { state } } }', {
        id: station.id,
      }),
      ask(
        'mutation($id: ID!) { setTokensOffline(input: { tokenIds: [$id], offline: true }) { tokens { id } } }',
        { id },
      ),
      ask('mutation($id: ID!) { setLocalListPolicy(input: { locationId: $id }) { stations } }', {
        id: rig.locationId,
      }),
    ]);
    expect(refused.map(({ codes }) => codes)).toEqual([
      ['NOT_FOUND'],
      ['NOT_FOUND'],
      ['NOT_FOUND'],
      ['NOT_FOUND'],
    ]);
  });

  it('finds lists by state, a page at a time, with the counts of all', async () => {
    const page = (variables: Record<string, unknown>) =>
      rig.auth.rig.graphql<{
        localLists: {
          edges: { cursor: string; node: { state: string; station: { id: string } } }[];
          counts: Record<string, number>;
        };
      }>(
        admin,
        `query($after: String, $state: LocalListState) { localLists(first: 2, after: $after, state: $state) {
          edges { cursor node { state station { id } } } counts { off pending inSync failed unsupported } } }`,
        variables,
      );
    const first = (await page({})).data!.localLists;
    const second = (await page({ after: first.edges[1]!.cursor })).data!.localLists;
    expect(new Set([...first.edges, ...second.edges].map(({ node }) => node.station.id)).size).toBe(4);
    const unsupported = (await page({ state: 'UNSUPPORTED' })).data!.localLists;
    expect(unsupported.edges.map(({ node }) => node.state)).toEqual(['UNSUPPORTED', 'UNSUPPORTED']);
    expect(unsupported.counts['unsupported']).toBe(2);
  });
});
