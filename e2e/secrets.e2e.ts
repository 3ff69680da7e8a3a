// Real: every service as a process, at its most talkative. Secrets that can be recognised go down every road that carries one;
// then everything the system leaves behind is searched for them (docs/promises.md, "Secrets and personal data").
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ScriptedStation } from '@kilowatch/tools/conformance/scripted-station';
import { importStations } from '@kilowatch/tools/seed/seed-demo';
import { DEMO_STATION_PASSWORD } from '@kilowatch/tools/seed/demo-data';
import { quietSystem } from '@kilowatch/tools/system/quiet-system';
import { DEMO_ADMIN } from '@kilowatch/tools/system/system-options';
import { waitFor } from '@kilowatch/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ALLOWED, isAllowed, type AllowedPlace } from './support/canary/allowed-places.js';
import { Canaries } from './support/canary/canaries.js';
import { CanarySearch, type Canary } from './support/canary/canary.js';
import { databasePieces, metricPieces, streamPieces, type Piece } from './support/canary/left-behind.js';
import { walkRoadOfAccounts } from './support/canary/road-of-accounts.js';
import { TalkativeProvider } from './support/canary/road-of-cards.js';
import {
  bringInCards,
  bringInTrust,
  explainCards,
  rotatePassword,
  walkRoadOfOperators,
} from './support/canary/road-of-operators.js';
import { Others } from './support/canary/road-of-others.js';
import { walkRoadOfPartners } from './support/canary/road-of-partners.js';
import { walkRoadOfPasskeys } from './support/canary/road-of-passkeys.js';
import { walkRoadOfPeople } from './support/canary/road-of-people.js';
import { walkRoadOfPrograms } from './support/canary/road-of-programs.js';
import {
  knock,
  talkative,
  walkRoadOf16,
  walkRoadOf2x,
  type Cards,
  type Door,
} from './support/canary/road-of-stations.js';
import { TellingApi } from './support/canary/telling-api.js';
import { SystemUnderTest } from './support/system-under-test.js';

const folder = mkdtempSync(join(tmpdir(), 'kilowatch-canary-'));
const traceFile = join(folder, 'spans.jsonl');
const canaries = new Canaries();
/** Where the pages are that ask for passkeys. */
const PAGE = 'http://localhost:4000';
let others: Others;
let provider: TalkativeProvider;
let sut: SystemUnderTest;
let api: TellingApi;
let stopped = false;

const type2 = [
  {
    evseNumber: 1,
    number: 1,
    standard: 'IEC_62196_T2',
    powerType: 'AC_3_PHASE',
    maxCurrentA: 32,
    maxVoltageV: 230,
  },
];

beforeAll(async () => {
  others = await Others.start(canaries);
  provider = await TalkativeProvider.start(canaries);
  const extraEnv = {
    auth: { ...others.authEnv, KW_PASSKEY_ORIGINS: PAGE },
    billing: provider.billingEnv,
  };
  sut = await SystemUnderTest.start({ logLevel: 'trace', traceExport: `file:${traceFile}`, extraEnv });
  api = new TellingApi(sut.system.graphqlUrl);
  knownBeforehand();
  const people = await walkRoadOfPeople(api, canaries);
  const { cards, pems } = newCards();
  await bringInTrust(api, people.admin, pems);
  await bringInCards(api, people.admin, cards, people.driverEmail);
  await Promise.all([
    walkRoadOfAccounts(api, sut.system.mail, canaries),
    walkRoadOfPrograms(api, people.admin, canaries),
    walkRoadOfPasskeys(api, people.admin, PAGE, canaries),
    others.signInWithProvider(api),
    others.certify(api, sut.people.operator, people.admin, sut.system.ocppUrl),
    walkRoadOfPartners(api, people.admin, canaries),
    provider.walk(api, people.driver),
    walkStations(people.admin, people.driver, cards),
  ]);
  await quietSystem(sut.system.addresses.databaseUrl);
});
afterAll(async () => {
  if (!stopped) await sut?.stop();
  await others?.close();
  await provider?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What was there before the first request. */
function knownBeforehand(): void {
  const secrets = JSON.parse(
    readFileSync(join(sut.system.options.dataDir, 'secrets.json'), 'utf8'),
  ) as Record<string, string>;
  for (const [name, value] of Object.entries(secrets)) {
    if (value.includes('-----BEGIN')) canaries.pem(`${name} of the system`, value);
    else canaries.learn(`${name} of the system`, value);
  }
  canaries.learn('password of the first administrator', DEMO_ADMIN.password);
  canaries.learn('password of the demo stations', DEMO_STATION_PASSWORD);
}

function newCards(): { cards: Cards; pems: ReturnType<Canaries['contract']> } {
  const emaid = canaries.emaid('contract known to us');
  const pems = canaries.contract('a contract', emaid);
  const cards = {
    known: canaries.card('card known to us'),
    unknown: canaries.card('card of strangers'),
    keyCode: canaries.keyCode('key code known to us'),
    wrongKeyCode: canaries.keyCode('key code that is wrong'),
    emaid,
    chain: pems.chain,
  };
  return { cards, pems };
}

async function walkStations(operator: string, driver: string, cards: Cards): Promise<void> {
  const { ocppUrl } = sut.system;
  const binary = canaries.binaryKey('binary key of a 1.6 station');
  const wrong = canaries.password('wrong password of a station');
  const doors: Door[] = (['1.6', '2.0.1', '2.1'] as const).map((version) => ({
    identity: `KW-CANARY-${version}`,
    version,
    password: canaries.password(`password of a ${version} station`),
  }));
  const station = (identity: string, password: string, location: string) => ({
    identity,
    password,
    location,
    connectors: type2,
  });
  await importStations(sut.people.operator, [
    ...doors.map(({ identity, password }) => station(identity, password, 'Harbour Garage')),
    station('KW-CANARY-BINARY', `hex:${binary}`, 'Harbour Garage'),
  ]);
  const short = canaries.learn(
    'password that is too long',
    `${canaries.password('half of a long password')}${'x'.repeat(30)}`,
  );
  await importStations(sut.people.operator, [station('KW-CANARY-LONG', short, 'Harbour Garage')]).catch(
    (error: unknown) => api.errors.push({ place: 'a problem of an import', text: String(error) }),
  );
  const bytes = Buffer.concat([Buffer.from('KW-CANARY-BINARY:'), Buffer.from(binary, 'hex')]);
  expect(await knock(ocppUrl, 'KW-CANARY-BINARY', '1.6', bytes)).toBe(true);
  const said = Buffer.from(`KW-CANARY-1.6:${wrong}`);
  expect(await knock(ocppUrl, 'KW-CANARY-1.6', '1.6', said)).toBe(false);
  await knock(ocppUrl, 'KW-CANARY-NOBODY', '1.6', said);
  await knock(ocppUrl, `KW-CANARY-1.6?password=${wrong}&user=x`, '1.6', said);
  await Promise.all(doors.map((door) => walkStation(operator, driver, door, cards)));
}

async function walkStation(operator: string, driver: string, door: Door, cards: Cards): Promise<void> {
  const { identity, version } = door;
  const own = await ScriptedStation.connect({ ocppUrl: sut.system.ocppUrl, ...door });
  talkative(own, canaries.password(`password that a ${version} station tells`));
  await (version === '1.6' ? walkRoadOf16(own, cards, canaries) : walkRoadOf2x(own, cards, canaries));
  const node = await waitFor(`${identity} to be online`, async () => {
    const { stations } = await api.need<{
      stations: {
        edges: { node: { id: string; online: boolean; evses: { connectors: { id: string }[] }[] } }[];
      };
    }>(
      `query($search: String) { stations(first: 1, filter: { search: $search }) { edges { node { id online evses { connectors { id } } } } } }`,
      { search: identity },
      operator,
    );
    const found = stations.edges[0]?.node;
    return found?.online ? found : undefined;
  });
  await walkRoadOfOperators(api, operator, { id: node.id, version }, cards, canaries);
  await explainCards(api, operator, node.id, cards);
  await rotatePassword(api, operator, node.id);
  learnRotated(own);
  await startFromApp(own, driver, node.evses[0]!.connectors[0]!.id);
  const commanded = new Set(own.commands.map(({ action }) => action));
  expect([...commanded]).toEqual(expect.arrayContaining(COMMANDED[version === '1.6' ? '1.6' : '2.x']));
  await own.close();
}

function learnRotated({ version, commands }: ScriptedStation): void {
  const set = commands.filter(
    ({ action }) => action === (version === '1.6' ? 'ChangeConfiguration' : 'SetVariables'),
  );
  const said = JSON.stringify(set.at(-1)?.payload);
  const [, password] = /"(?:attributeValue|value)":"([^"]{16,})"/.exec(said) ?? [];
  canaries.learn(`rotated password of a ${version} station`, password ?? '');
}

/** What of the operator's road must have come through, or nothing was looked for. */
const COMMANDED = {
  '1.6': [
    'ChangeConfiguration',
    'GetConfiguration',
    'SendLocalList',
    'RemoteStartTransaction',
    'DataTransfer',
  ],
  '2.x': [
    'SetVariables',
    'GetVariables',
    'SetNetworkProfile',
    'SendLocalList',
    'RequestStartTransaction',
    'GetLog',
  ],
};

/** The station is told the app's own token, and we learn it there. */
async function startFromApp(station: ScriptedStation, driver: string, connectorId: string): Promise<void> {
  const is16 = station.version === '1.6';
  const action = is16 ? 'RemoteStartTransaction' : 'RequestStartTransaction';
  const seen = station.count(action);
  const query = 'mutation($id: ID!) { startSession(input: { connectorId: $id }) { __typename } }';
  await api.ask(query, { id: connectorId }, driver);
  if (station.count(action) === seen) return;
  const { payload } = await station.command(action, seen);
  const token = is16 ? payload['idTag'] : (payload['idToken'] as { idToken: string }).idToken;
  canaries.learn('app token', String(token));
}

/** One line for each canary in each place it must not stand in. */
function leaksIn(pieces: readonly Piece[]): string[] {
  const search = new CanarySearch(canaries.list);
  const leaks = new Map<string, string>();
  for (const { place, text } of pieces) {
    for (const { canary, form, excerpt } of search.in(text)) {
      if (isAllowed(place, canary)) continue;
      leaks.set(`${place} ${canary.name}`, `${place} holds the ${canary.name} (${form}): ...${excerpt}...`);
    }
  }
  return [...leaks.values()].sort();
}

describe('what the system leaves behind holds no secret', () => {
  it('in any column of the database, but where it must be', async () => {
    const pieces = await databasePieces(sut.system.addresses.databaseUrl);
    expect(new Set(pieces.map(({ place }) => place.split('.')[0])).size).toBeGreaterThan(8);
    // The trace is searched as it is read, not as it is packed.
    const traced = pieces.filter(({ place }) => /\.wire_page_\d+\.packed$/.test(place));
    for (const action of ['"BootNotification"', '"SendLocalList"'])
      expect(traced.filter(({ text }) => text.includes(`,${action},{`))).not.toEqual([]);
    expect(leaksIn(pieces)).toEqual([]);
    // What need not be allowed must not be; and so the search is known to find.
    const found = new CanarySearch(canaries.list);
    const holds = ({ place }: AllowedPlace) =>
      pieces.some((piece) => place.test(piece.place) && found.in(piece.text).length > 0);
    expect(ALLOWED.filter((allowed) => !holds(allowed)).map(({ place }) => String(place))).toEqual([]);
  });

  it('in any message of any stream', async () => {
    const pieces = await streamPieces(sut.system.addresses.natsUrl);
    expect(pieces.length).toBeGreaterThan(20);
    expect(leaksIn(pieces)).toEqual([]);
  });

  it('in the metrics of any service', async () => {
    expect(leaksIn(await metricPieces(sut.system))).toEqual([]);
  });

  it('in any error that anybody was told', () => {
    expect(api.errors.length).toBeGreaterThan(10);
    expect(leaksIn(api.errors)).toEqual([]);
  });

  it('in any log line or span, the last ones included', async () => {
    await sut.stop();
    stopped = true;
    const lines = sut.log.map((line) => ({
      place: `log of ${line.slice(0, line.indexOf(':'))}`,
      text: line,
    }));
    expect(lines.filter(({ text }) => /"level":"(debug|trace)"/.test(text)).length).toBeGreaterThan(100);
    const spans = readFileSync(traceFile, 'utf8')
      .split('\n')
      .map((text) => ({ place: 'span', text }));
    expect(spans.length).toBeGreaterThan(100);
    expect(leaksIn([...lines, ...spans])).toEqual([]);
  });
});

describe('the search', () => {
  const canary: Canary = { name: 'card', value: '04A1B2C3D4E5F6' };
  const password: Canary = { name: 'password', value: 'Canary+Sesame/open?1' };
  const search = new CanarySearch([canary, password]);

  it.each([
    ['as it is', 'x04A1B2C3D4E5F6x', canary],
    ['in lower case, with separators', 'card 04:a1:b2-c3 d4 e5.f6', canary],
    ['backwards, as some readers have it', 'F6E5D4C3B2A104', canary],
    ['as bytes', Buffer.from('0004A1B2C3D4E5F600', 'hex').toString('latin1'), canary],
    ['as base64 of its bytes', Buffer.from('04A1B2C3D4E5F6', 'hex').toString('base64'), canary],
    [
      'as base64 of its bytes among others',
      Buffer.from('AA04A1B2C3D4E5F6BB', 'hex').toString('base64'),
      canary,
    ],
    ['in Basic credentials', Buffer.from('KW-1:Canary+Sesame/open?1').toString('base64'), password],
    ['in an address', `?p=${encodeURIComponent(password.value)}`, password],
    ['in hex', Buffer.from(password.value).toString('hex').toUpperCase(), password],
    ['in JSON within JSON', JSON.stringify({ a: JSON.stringify({ p: password.value }) }), password],
    ['not in its mask', '****E5F6', undefined],
  ])('finds a canary %s', (_how, text, expected) => {
    expect(search.in(text).map(({ canary: found }) => found)).toEqual(expected ? [expected] : []);
  });

  it('shows it masked', () => {
    const [finding] = search.in(`the password is ${password.value}.`);
    expect(finding!.excerpt).toContain('****');
    expect(finding!.excerpt).not.toContain('sesame');
  });
});
