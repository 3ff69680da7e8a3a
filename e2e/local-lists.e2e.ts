// Real: every service as a process, chargers of both versions with local lists and caches. A card is blocked while one of them
// is away: none accepts it offline any more, or is named.
import { VirtualCharger, waitFor } from '@kilowatch/testing';
import { DEMO_STATION_PASSWORD } from '@kilowatch/tools/seed/demo-data';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SystemUnderTest } from './support/system-under-test.js';

const CARD = '04E2E0A1B2C3D4';
const MEMORY = { list: { maxEntries: 8, itemsPerMessage: 2 }, cache: true };

let sut: SystemUnderTest;
let chargers: VirtualCharger[];
let tokenId: string;

beforeAll(async () => {
  sut = await SystemUnderTest.start();
  const { operator } = sut.people;
  await operator.request(
    'mutation($input: ImportTokensInput!) { importTokens(input: $input) { created problems { message } } }',
    { input: { tokens: [{ value: CARD, groupId: 'fleet' }] } },
  );
  const { tokens } = await operator.request<{ tokens: { edges: { node: { id: string } }[] } }>(
    'query($search: String!) { tokens(first: 1, search: $search) { edges { node { id } } } }',
    { search: CARD },
  );
  tokenId = tokens.edges[0]!.node.id;
  await operator.request(
    'mutation { setLocalListPolicy(input: { groups: ["fleet"], recentDays: 30 }) { policy { enabled } stations } }',
  );
  const of = (identity: string, version: '1.6' | '2.0.1') =>
    new VirtualCharger({
      url: sut.system.ocppUrl,
      identity,
      version,
      password: DEMO_STATION_PASSWORD,
      memory: MEMORY,
      backOff: { minimumMs: 100, randomMs: 50 },
    });
  chargers = [of('KW-HARBOUR-3', '1.6'), of('KW-HARBOUR-4', '2.0.1')];
  await Promise.all(chargers.map((charger) => charger.start()));
}, 120_000);
afterAll(async () => {
  for (const charger of chargers ?? []) await charger.shutdown();
  await sut?.stop();
});

const takes = (charger: VirtualCharger) => charger.memory!.acceptsOffline({ value: CARD }, new Date());

interface Progress {
  readonly confirmed: number;
  readonly pending: number;
  readonly offline: number;
  readonly failed: number;
  readonly stations: { readonly edges: readonly { node: { identity: string; state: string } }[] };
}

async function progress(): Promise<Progress> {
  const { tokenBlockProgress } = await sut.people.operator.request<{ tokenBlockProgress: Progress }>(
    `query($id: ID!) { tokenBlockProgress(tokenId: $id) { confirmed pending offline failed
      stations(first: 10) { edges { node { identity state } } } } }`,
    { id: tokenId },
  );
  return tokenBlockProgress;
}

it('lets no station accept a blocked card offline that is not named as not confirmed', async () => {
  const [here, away] = chargers as [VirtualCharger, VirtualCharger];
  await waitFor('both to have the card in their lists', async () => chargers.every(takes), {
    timeoutMs: 40_000,
  });
  expect(here.memory!.taken[0]).toMatchObject({ updateType: 'Full' });
  expect(await here.authorize(CARD)).toBe('Accepted');
  expect(await away.authorize(CARD)).toBe('Accepted');
  await away.goOffline();
  await waitFor('the station to be seen away', async () => {
    const { localLists } = await sut.people.operator.request<{
      localLists: { edges: { node: { online: boolean; station: { identity: string } } }[] };
    }>('{ localLists(first: 100) { edges { node { online station { identity } } } } }');
    return localLists.edges.some(({ node }) => node.station.identity === away.identity && !node.online);
  });
  await sut.people.operator.request(
    'mutation($id: ID!) { setTokenStatus(input: { tokenId: $id, status: BLOCKED, reason: "stolen" }) { token { status } } }',
    { id: tokenId },
  );
  await waitFor(
    'who can to have let go of it',
    async () => {
      const seen = await progress();
      for (const charger of chargers.filter(takes)) {
        const node = seen.stations.edges.find((edge) => edge.node.identity === charger.identity)?.node;
        expect(node?.state).toMatch(/PENDING|OFFLINE|FAILED/);
      }
      return !takes(here) && seen.pending === 0 && seen.offline === 1;
    },
    { timeoutMs: 20_000 },
  );
  expect(here.commands.map(({ action }) => action)).toContain('ClearCache');
  await away.start();
  await waitFor(
    'everybody to have let go of it',
    async () => {
      const { confirmed, pending, offline, failed } = await progress();
      return confirmed === 2 && pending + offline + failed === 0;
    },
    { timeoutMs: 20_000 },
  );
  expect(chargers.filter(takes)).toEqual([]);
}, 120_000);

it('puts a list right that an operator wrote by hand', async () => {
  const [here] = chargers as [VirtualCharger];
  const { stations } = await sut.people.operator.request<{ stations: { edges: { node: { id: string } }[] } }>(
    'query($search: String!) { stations(first: 1, filter: { search: $search }) { edges { node { id } } } }',
    { search: here.identity },
  );
  const payload = {
    listVersion: here.memory!.version + 1,
    updateType: 'Full',
    localAuthorizationList: [{ idTag: CARD, idTagInfo: { status: 'Accepted' } }],
  };
  await sut.people.operator.request(
    'mutation($input: SendCommandInput!) { sendCommand(input: $input) { outcome } }',
    { input: { stationId: stations.edges[0]!.node.id, action: 'SendLocalList', payload } },
  );
  await waitFor(
    'our list to be there again',
    async () => !takes(here) && here.memory!.version > payload.listVersion,
    {
      timeoutMs: 20_000,
    },
  );
}, 60_000);
