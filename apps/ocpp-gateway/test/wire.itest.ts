// Real: sockets, Postgres, NATS, gRPC, GraphQL of the service. Played: auth, sessions, metering.
import { randomUUID } from 'node:crypto';
import { events } from '@kilowatch/contracts';
import { tenantId } from '@kilowatch/kernel';
import {
  counter,
  Database,
  encodeCursor,
  LOGGER,
  SYSTEM_SCOPE,
  tenantScope,
  type Logger,
} from '@kilowatch/platform';
import { waitFor, type OcppSocket } from '@kilowatch/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { inPages, pageOf } from '../src/domain/trace-page.js';
import { frameNumberFrom, traceSlot } from '../src/domain/trace-slot.js';
import { WireFrameRepository } from '../src/persistence/wire-frame.repository.js';
import { WireJournal } from '../src/usecases/wire-journal.js';
import { GatewayRig } from './gateway-rig.js';

const HOUR_MS = 3_600_000;
const OPERATOR = { accountId: randomUUID(), tenant: 'demo', role: 'operator' } as const;
const FOREIGN = { ...OPERATOR, tenant: 'other' } as const;
const DRIVER = { ...OPERATOR, role: 'driver' } as const;

let rig: GatewayRig;
const open: OcppSocket[] = [];
beforeAll(async () => {
  rig = await GatewayRig.start();
});
afterAll(() => rig.close());
afterEach(() => {
  for (const socket of open.splice(0)) socket.close();
  rig.peers.reset();
});

interface Edges<Node> {
  readonly edges: { readonly cursor: string; readonly node: Node }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

interface Frame {
  readonly direction: string;
  readonly action: string | null;
  readonly messageId: string | null;
  readonly text: string;
  readonly at: string;
}

/** What came so far: a flush that is under way has begun without the last of it. */
async function written(): Promise<void> {
  const journal = rig.rig.running.get(WireJournal);
  await journal.flush();
  await journal.flush();
}

/** The gateway's part of a station, as the federation asks for it. */
async function station<T>(
  asker: typeof OPERATOR | typeof FOREIGN | typeof DRIVER,
  of: { stationId: string; identity: string },
  fields: string,
): Promise<T> {
  await written();
  const { data, codes } = await rig.rig.graphql<{ _entities: T[] }>(
    asker,
    `query($r: [_Any!]!) { _entities(representations: $r) { ... on Station { ${fields} } } }`,
    { r: [{ __typename: 'Station', id: of.stationId, identity: of.identity }] },
  );
  expect(codes).toEqual([]);
  return data!._entities[0]!;
}

async function framesOf(
  of: { stationId: string; identity: string },
  args = 'first: 50',
  asker: typeof OPERATOR = OPERATOR,
): Promise<Frame[]> {
  const { frames } = await station<{ frames: Edges<Frame> }>(
    asker,
    of,
    `frames(${args}) { edges { cursor node { direction action messageId text at } } pageInfo { hasNextPage endCursor } }`,
  );
  return frames.edges.map(({ node }) => node);
}

async function attempts(filter: Record<string, unknown>, asker: typeof OPERATOR | typeof FOREIGN = OPERATOR) {
  await written();
  const { data, codes } = await rig.rig.graphql<{ connectionAttempts: Edges<Record<string, unknown>> }>(
    asker,
    `query($filter: ConnectionAttemptFilter) { connectionAttempts(first: 50, filter: $filter) { edges { node {
      identity times outcome reason advice httpStatus url subprotocols protocol securityProfile tls remoteIp userAgent station { id } } } } }`,
    { filter },
  );
  expect(codes).toEqual([]);
  return data!.connectionAttempts.edges.map(({ node }) => node);
}

async function connected() {
  const known = rig.provision();
  const socket = await rig.connect(known);
  open.push(socket);
  return { known, socket };
}

/** A page as releases before 0007 wrote it. */
function putPlain({ stationId }: { stationId: string }, atMs: number, text = ''): Promise<unknown> {
  const no = frameNumberFrom(new Date(atMs));
  return rig.rig.sql(
    `INSERT INTO wire_page (slot, tenant, station_id, connection_id, first_no, last_no, frames)
     VALUES ($1, 'demo', $2, $3, $4, $4, $5)`,
    [traceSlot(atMs), stationId, randomUUID(), no, JSON.stringify([[no, 0, 'Old', 'old-1', 0, 0, text]])],
  );
}

/** So many pages, the newest of them now, each of a millisecond of its own. */
function putPacked({ stationId }: { stationId: string }, texts: readonly string[]): Promise<void> {
  const now = Date.now();
  const frames = texts.map((text, index) => ({
    tenant: 'demo',
    stationId,
    connectionId: randomUUID(),
    no: frameNumberFrom(new Date(now - texts.length + index)),
    sent: false,
    action: 'DataTransfer',
    messageId: `m-${index}`,
    bytes: text.length,
    truncated: false,
    text,
  }));
  return database().transaction(SYSTEM_SCOPE, (tx) =>
    new WireFrameRepository().insert(tx, inPages(frames).map(pageOf)),
  );
}

const database = () => rig.rig.running.get(Database);

describe('frames of a station', () => {
  it('stand in the order of the wire, in both directions, answers under the action of their call', async () => {
    const { known, socket } = await connected();
    await socket.call('Heartbeat', () => ({}));
    await socket.call('StatusNotification', () => ({
      connectorId: 1,
      errorCode: 'NoError',
      status: 'Available',
    }));
    const frames = await framesOf(known, 'first: 50, newestFirst: false');
    expect(frames.map(({ direction, action }) => `${direction} ${action}`)).toEqual([
      'RECEIVED Heartbeat',
      'SENT Heartbeat',
      'RECEIVED StatusNotification',
      'SENT StatusNotification',
    ]);
    expect(frames[1]!.messageId).toBe(frames[0]!.messageId);
    expect(JSON.parse(frames[0]!.text)).toEqual([2, frames[0]!.messageId, 'Heartbeat', {}]);
  });

  it('never show a card', async () => {
    const { known, socket } = await connected();
    await socket.call('Authorize', () => ({ idTag: '04A1B2C3D4E5F6' }));
    const texts = (await framesOf(known)).map(({ text }) => text).join('\n');
    expect(texts).toContain('****E5F6');
    expect(texts).not.toContain('04A1B2');
  });

  it('hold what nobody could read, too', async () => {
    const { known, socket } = await connected();
    socket.sendRaw('[2,"broken","Heartbeat"');
    await socket.call('Heartbeat', () => ({}));
    expect((await framesOf(known)).map(({ text }) => text)).toContain('[2,"broken","Heartbeat"');
  });

  it('are found by direction, action, message, text and time, and paged', async () => {
    const { known, socket } = await connected();
    for (let i = 0; i < 4; i++) await socket.call('Heartbeat', () => ({}));
    await socket.call('DataTransfer', () => ({ vendorId: 'ACME_100%', data: 'Needle' }));
    const found = async (args: string) => (await framesOf(known, `first: 50, ${args}`)).length;
    expect(await found('filter: { direction: SENT }')).toBe(5);
    expect(await found('filter: { action: "Heartbeat" }')).toBe(8);
    expect(await found('filter: { contains: "needle" }')).toBe(1);
    expect(await found('filter: { contains: "acme_100%" }')).toBe(1);
    expect(await found('filter: { contains: "acmeX100" }')).toBe(0);
    expect(await found(`filter: { before: "${new Date(Date.now() - 60_000).toISOString()}" }`)).toBe(0);
    expect(await found(`filter: { from: "${new Date(Date.now() - 60_000).toISOString()}" }`)).toBe(10);
    const seen: string[] = [];
    for (let after: string | null = null, more = true; more;) {
      const page: { frames: Edges<Frame> } = await station(
        OPERATOR,
        known,
        `frames(first: 4, newestFirst: false${after ? `, after: "${after}"` : ''}) {
          edges { cursor node { messageId direction } } pageInfo { hasNextPage endCursor } }`,
      );
      seen.push(...page.frames.edges.map(({ node }) => `${node.messageId} ${node.direction}`));
      after = page.frames.pageInfo.endCursor;
      more = page.frames.pageInfo.hasNextPage;
    }
    expect(new Set(seen).size).toBe(10);
  });

  it('are found in pages that are deflated, and in those of the release before', async () => {
    const { known } = await connected();
    const long = `"${'x'.repeat(5_000)}"\n`;
    await putPlain(known, Date.now() - 1_000, 'an old "Needle"\n');
    await putPacked(known, [`${long}first needle`, long, '🔌 last NEEDLE']);
    const [{ packed }] = (await rig.rig.sql<{ packed: Buffer }>(
      'SELECT packed FROM wire_page WHERE station_id = $1 AND octet_length(packed) > 100 LIMIT 1',
      [known.stationId],
    )) as [{ packed: Buffer }];
    expect(packed.length).toBeLessThan(1_000);
    const texts = async (filter: string) =>
      (await framesOf(known, `first: 50, newestFirst: false, filter: ${filter}`)).map(({ text }) => text);
    expect(await texts('{ contains: "needle" }')).toEqual([
      'an old "Needle"\n',
      `${long}first needle`,
      '🔌 last NEEDLE',
    ]);
    expect(await texts('{ contains: "🔌 l" }')).toHaveLength(1);
    expect(await texts('{ contains: "old \\"needle\\"\\n" }')).toHaveLength(1);
    expect(await texts('{ messageId: "m-1" }')).toEqual([long]);
    expect(await texts('{ messageId: "M-1" }')).toEqual([]);
    expect(await texts('{ action: "Old" }')).toHaveLength(1);
  });

  it('are found behind many pages, in the order that is asked for', async () => {
    const { known } = await connected();
    await putPacked(
      known,
      Array.from({ length: 180 }, (_, i) => (i % 60 === 7 ? `needle ${i}` : `hay ${i}`)),
    );
    const found = async (newestFirst: boolean) =>
      (await framesOf(known, `first: 50, newestFirst: ${newestFirst}, filter: { contains: "NEEDLE" }`)).map(
        ({ text }) => text,
      );
    expect(await found(false)).toEqual(['needle 7', 'needle 67', 'needle 127']);
    expect(await found(true)).toEqual(['needle 127', 'needle 67', 'needle 7']);
  });

  it('are shown without the page that is spoiled, which is counted and logged', async () => {
    const { known } = await connected();
    await putPacked(known, ['first', 'spoiled', 'last']);
    await rig.rig.sql(
      `UPDATE wire_page SET packed = 'later form' WHERE station_id = $1 AND position('spoiled' in convert_from(substr(packed, 2), 'UTF8')) > 0`,
      [known.stationId],
    );
    const warn = vi.spyOn(rig.rig.running.get<Logger>(LOGGER), 'warn');
    const counted = async () =>
      (await counter('kw_ocpp_trace_unreadable_total').get()).values.reduce(
        (sum, { value }) => sum + value,
        0,
      );
    const before = await counted();
    expect((await framesOf(known)).map(({ text }) => text)).toEqual(['last', 'first']);
    expect((await counted()) - before).toBe(1);
    expect(warn.mock.calls).toEqual([
      [{ tenant: 'demo', stationId: known.stationId, pages: 1 }, expect.stringContaining('cannot be read')],
    ]);
    warn.mockRestore();
  });

  it('are not searched longer than somebody waits', async () => {
    const { known } = await connected();
    await putPacked(known, Array<string>(60).fill('hay'));
    const search = (mostMs: number) =>
      database().read(tenantScope(tenantId('demo')), (tx) =>
        new WireFrameRepository().search(tx, 'demo', {
          stationId: known.stationId,
          contains: 'needle',
          newestFirst: true,
          limit: 1,
          mostMs,
        }),
      );
    await expect(search(-1)).rejects.toMatchObject({ kind: 'TIMEOUT', code: 'FRAME_SEARCH_TIMEOUT' });
    expect(await search(60_000)).toEqual({ frames: [], unreadable: 0 });
  });

  it('show nothing to a process of the release before, and do not stop it', async () => {
    const { known } = await connected();
    await putPacked(known, ['new']);
    const rows = await rig.rig.sql('SELECT frames FROM wire_page WHERE station_id = $1', [known.stationId]);
    expect(rows).toEqual([{ frames: '[]' }]);
  });

  it('are compressed by us alone, and stay in their row while it is short', async () => {
    const columns = await rig.rig.sql(
      `SELECT DISTINCT a.attstorage AS storage, c.reloptions @> ARRAY['toast_tuple_target=4080'] AS inline
       FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
       WHERE c.relnamespace = current_schema()::regnamespace AND c.relname LIKE 'wire\\_page\\_%' AND c.relkind = 'r' AND a.attname = 'packed'`,
    );
    expect(columns).toEqual([{ storage: 'e', inline: true }]);
  });

  it('are for operators of the own tenant', async () => {
    const { known, socket } = await connected();
    await socket.call('Heartbeat', () => ({}));
    const fields =
      'frames(first: 5) { edges { node { id } } } connection { online } commands(first: 5) { edges { node { id } } }';
    expect(await station(DRIVER, known, fields)).toEqual({ frames: null, connection: null, commands: null });
    expect(await station(FOREIGN, known, fields)).toEqual({
      frames: { edges: [] },
      connection: null,
      commands: { edges: [] },
    });
  });

  it('go when their hour is over, and not before', async () => {
    const { known, socket } = await connected();
    await socket.call('Heartbeat', () => ({}));
    await framesOf(known);
    const keptSince = Date.now() - 24 * HOUR_MS;
    await putPlain(known, keptSince - 2 * HOUR_MS);
    await putPlain(known, keptSince + HOUR_MS);
    await rig.rig.running.background.jobs.get('forget-frames')!.runDue();
    expect((await framesOf(known)).map(({ action }) => action)).toEqual(['Heartbeat', 'Heartbeat', 'Old']);
  });
});

describe('the connection of a station', () => {
  it('tells protocol, address and how often it came', async () => {
    const { known, socket } = await connected();
    const read = () =>
      station<{ connection: Record<string, unknown> }>(
        OPERATOR,
        known,
        'connection { online protocol remoteIp generation disconnectedAt }',
      );
    expect((await read()).connection).toEqual({
      online: true,
      protocol: 'ocpp1.6',
      remoteIp: '127.0.0.1',
      generation: 1,
      disconnectedAt: null,
    });
    socket.close();
    await waitFor('the end to be written', async () => (await read()).connection['online'] === false);
  });
});

describe('the connection log', () => {
  it('shows an accepted charger with what it offered', async () => {
    const { known } = await connected();
    expect(await attempts({ identity: known.identity.toUpperCase() })).toMatchObject([
      {
        identity: known.identity,
        outcome: 'ACCEPTED',
        reason: null,
        httpStatus: 101,
        protocol: 'ocpp1.6',
        subprotocols: 'ocpp1.6',
        securityProfile: 0,
        station: { id: known.stationId },
      },
    ]);
  });

  it('tells as an event who was not whom they said they were, and nothing of other refusals', async () => {
    await rig.handshake('/ocpp/NOBODY-4', {});
    await rig.handshake('/steve/websocket/NOBODY-5', {});
    await attempts({ outcome: 'REFUSED' });
    const told = (await rig.rig.published(events.connectionsRefused)).flatMap(({ refused }) => refused);
    expect(told.filter(({ identity }) => identity === 'NOBODY-4')).toMatchObject([
      { reason: 'unknown_station', times: 1 },
    ]);
    expect(new Set(told.map(({ reason }) => reason))).toEqual(new Set(['unknown_station']));
  });

  it.each([
    ['an unknown station', '/ocpp/NOBODY-1', {}, 'unknown_station', 404, 'NOBODY-1'],
    ['a wrong path', '/steve/websocket/CentralSystemService/CP-1', {}, 'wrong_prefix', 404, ''],
    [
      'no OCPP version',
      '/ocpp/NOBODY-2',
      { 'Sec-WebSocket-Protocol': '' },
      'unknown_station',
      404,
      'NOBODY-2',
    ],
    [
      'a browser',
      '/ocpp/NOBODY-3',
      { 'Sec-Fetch-Mode': 'websocket', Origin: 'https://evil.example' },
      'browser_origin',
      403,
      'NOBODY-3',
    ],
  ])('shows why %s was refused, and what to do', async (_who, path, headers, reason, status, identity) => {
    expect((await rig.handshake(`${path}?${reason}&token=hush`, headers)).status).toBe(status);
    // Some put a password behind the question mark.
    const [attempt] = (await attempts({ outcome: 'REFUSED' })).filter(
      ({ url }) => url === `${path}?${reason}&token=[redacted]`,
    );
    expect(attempt).toMatchObject({ identity, reason, httpStatus: status, station: null, protocol: null });
    expect(attempt!['advice']).toMatch(/\.$/);
  });

  it('counts a charger that tries again and again, instead of filling itself', async () => {
    for (let i = 0; i < 5; i++) await rig.handshake('/ocpp/AGAIN');
    const rows = await attempts({ identity: 'again' });
    expect(rows.reduce((sum, { times }) => sum + Number(times), 0)).toBe(5);
    expect(rows.length).toBeLessThan(5);
  });

  it('belongs to the tenant that the charger named', async () => {
    await rig.handshake('/ocpp/other/STRANGER');
    expect(await attempts({ identity: 'STRANGER' })).toEqual([]);
    expect(await attempts({ identity: 'STRANGER' }, FOREIGN)).toMatchObject([{ identity: 'STRANGER' }]);
  });
});

describe('pages of a station', () => {
  it.each(['notices', 'commands'])('refuse a cursor of %s that holds no time or no id', async (list) => {
    const { stationId, identity } = rig.provision();
    const now = new Date().toISOString();
    for (const forged of [
      ['yesterday, maybe', randomUUID()],
      [now, 'no id'],
      [1, 2],
    ]) {
      const { codes } = await rig.rig.graphql(
        OPERATOR,
        `query($r: [_Any!]!, $after: String) { _entities(representations: $r) { ... on Station {
          ${list}(first: 5, after: $after) { pageInfo { hasNextPage } } } } }`,
        { r: [{ __typename: 'Station', id: stationId, identity }], after: encodeCursor(forged) },
      );
      expect(codes).toEqual(['BAD_USER_INPUT']);
    }
  });
});
