// Real: Postgres (own role, row-level security), NATS JetStream, gRPC, HTTP. Played: auth and the gateway.
import { events, sessions } from '@kilowatch/contracts';
import { tenantId } from '@kilowatch/kernel';
import { Database, tenantScope } from '@kilowatch/platform';
import { waitFor } from '@kilowatch/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CommandAuditEntity } from '../src/persistence/command-audit.entity.js';
import { ago, anna, operator, SessionsRig, stranger } from './sessions-rig.js';

const DEMO = { tenant: tenantId('demo') };
let app: SessionsRig;
beforeAll(async () => {
  app = await SessionsRig.start();
});
afterAll(() => app.close());
beforeEach(() => app.peers.reset());

const ENTRY = {
  identity: 'IMP-1',
  name: 'At the gate',
  location: 'North',
  securityProfile: 1,
  password: 'a-password-of-24-letters',
  connectors: [
    { evseNumber: 1, number: 1, maxCurrentA: 32 },
    { evseNumber: 1, number: 2, maxCurrentA: 16, powerType: 'AC_1_PHASE' },
  ],
};

describe('importing stations', () => {
  it('creates once, changes nothing the second time, and hands credentials to auth', async () => {
    const first = await app.import([ENTRY], [{ name: 'North', city: 'Utrecht' }]);
    expect(first).toMatchObject({ created: 1, updated: 0, unchanged: 0, problems: [] });
    const again = await app.import([{ ...ENTRY, name: null }], [{ name: 'North' }]);
    const repeated = await app.import([ENTRY], [{ name: 'North' }]);
    expect([again.updated, repeated.updated]).toEqual([1, 1]);
    expect(await app.import([ENTRY])).toMatchObject({ created: 0, updated: 0, unchanged: 1 });
    const [station] = first.stations;
    expect(repeated.stations).toEqual(first.stations);
    expect(app.peers.credentials[0]).toMatchObject({
      stationId: station!.id,
      identity: 'IMP-1',
      securityProfile: 1,
      password: ENTRY.password,
      tenant: 'demo',
    });
    const changed = await app.rig.published(events.stationChanged);
    expect(changed.filter((event) => event.station?.stationId === station!.id)).toHaveLength(3);
    const located = (await app.rig.published(events.locationChanged)).at(-1)!;
    expect(located.location).toMatchObject({
      name: 'North',
      city: 'Utrecht',
      stations: [{ identity: 'IMP-1' }],
    });
  });

  it('takes good entries and names bad ones', async () => {
    const result = await app.import(
      [
        { ...ENTRY, identity: 'IMP-2' },
        { ...ENTRY, identity: 'imp-2' },
        { ...ENTRY, identity: 'a/b' },
        { ...ENTRY, identity: 'IMP-3', connectors: [{ evseNumber: -1, number: 1, maxCurrentA: 16 }] },
        { ...ENTRY, identity: 'IMP-4', location: 'Nowhere' },
      ],
      [{ name: 'Nowhere', timeZone: 'Mars/Olympus' }],
    );
    expect(result.created).toBe(1);
    expect(result.problems.map((problem) => [problem.index, problem.code])).toEqual([
      [0, 'LOCATION_TIME_ZONE'],
      [1, 'STATION_TWICE'],
      [2, 'STATION_IDENTITY'],
      [3, 'CONNECTOR_NUMBER'],
      [4, 'STATION_LOCATION'],
    ]);
  });

  it('reports what auth could not take and repairs it the next time', async () => {
    app.peers.authIsAway = true;
    const entry = { ...ENTRY, identity: 'IMP-5' };
    expect((await app.import([entry])).problems).toMatchObject([{ index: 0, code: 'AUTH_AWAY' }]);
    app.peers.authIsAway = false;
    expect(await app.import([entry])).toMatchObject({ unchanged: 1, problems: [] });
    expect(app.peers.credentials).toHaveLength(1);
  });

  it('refuses drivers and imports beyond the limit', async () => {
    const mutation = 'mutation($i: ImportStationsInput!) { importStations(input: $i) { created } }';
    expect((await app.rig.graphql(anna, mutation, { i: { stations: [] } })).codes).toEqual(['FORBIDDEN']);
    const many = Array.from({ length: 501 }, (_, i) => ({ ...ENTRY, identity: `MANY-${i}` }));
    expect((await app.rig.graphql(operator, mutation, { i: { stations: many } })).codes).toEqual([
      'BAD_USER_INPUT',
    ]);
  });
});

describe('boot and connection', () => {
  it('A00.FR.429, A00.FR.805: one that was let in to get other credentials is pending until it has them', async () => {
    const { id } = await app.aStation();
    expect(await app.boot(id, { provisional: true })).toMatchObject({ status: 2 });
    expect(await app.boot(id)).toMatchObject({ status: 1 });
  });

  const changesOf = async (id: string) =>
    (await app.rig.published(events.stationChanged)).filter((event) => event.station?.stationId === id);

  it('accepts a provisioned station and announces what it says of itself once', async () => {
    const { id } = await app.aStation();
    const answer = await app.boot(id);
    expect(answer).toEqual({
      status: sessions.RegistrationStatus.REGISTRATION_STATUS_ACCEPTED,
      intervalSeconds: 300,
    });
    await app.boot(id);
    await app.boot(id, { vendor: '', model: '' });
    expect((await changesOf(id)).map((event) => [event.station?.vendor, event.station?.online])).toEqual([
      ['', false],
      ['ACME', true],
      ['', true],
    ]);
  });

  it('knows no station of another tenant', async () => {
    const { id } = await app.aStation();
    await expect(app.boot(id, {}, 'other')).rejects.toMatchObject({ kind: 'NOT_FOUND' });
    await expect(app.boot('nonsense')).rejects.toMatchObject({ kind: 'NOT_FOUND' });
  });

  it('Q3: a boot of a connection that was replaced says nothing of the station any more', async () => {
    const { id } = await app.aStation();
    await app.boot(id, { generation: 6, protocol: 'ocpp2.0.1', vendor: 'New', firmwareVersion: '2.0' });
    const row = () =>
      app.rig.sql(
        `select protocol, vendor, firmware_version, connection_generation as generation, last_boot_at, version from station where id = $1`,
        [id],
      );
    const after = await row();
    expect(after).toMatchObject([{ protocol: 'ocpp2.0.1', vendor: 'New', generation: '6' }]);
    // The gateway repeats a call that got no answer.
    expect(await app.boot(id, { generation: 5, vendor: 'Old' })).toMatchObject({ status: 1 });
    expect(await row()).toEqual(after);
    await app.boot(id, { generation: 7, vendor: 'Newer' });
    expect(await row()).toMatchObject([{ protocol: 'ocpp1.6', vendor: 'Newer', generation: '7' }]);
  });

  it('follows the newest connection, whatever order its events come in', async () => {
    const { id } = await app.aStation();
    const connected = (generation: number) =>
      app.rig.publish(
        events.stationConnected,
        { aggregateId: id, version: generation },
        {
          stationId: id,
          connectionId: `c${generation}`,
          generation,
          protocol: 'ocpp2.0.1',
          remoteIp: '',
          securityProfile: 0,
        },
      );
    const disconnected = (generation: number) =>
      app.rig.publish(
        events.stationDisconnected,
        { aggregateId: id, version: generation },
        { stationId: id, connectionId: `c${generation}`, generation, closeCode: 1006, reason: '' },
      );
    const row = async () => {
      const [found] = await app.rig.sql<{ online: boolean; generation: string }>(
        'select online, connection_generation as generation from station where id = $1',
        [id],
      );
      return found;
    };
    await connected(1);
    await connected(2);
    await disconnected(1);
    await waitFor('the second connection', async () => (await row())?.generation === '2');
    await disconnected(3);
    await connected(3);
    await waitFor('the third connection', async () => (await row())?.generation === '3');
    await connected(2);
    await disconnected(4);
    await waitFor('the fourth connection', async () => (await row())?.generation === '4');
    expect(await row()).toEqual({ online: false, generation: '4' });
    expect((await changesOf(id)).map((event) => event.station?.online)).toEqual([false, true, false]);
  });
});

describe('status', () => {
  it('writes and announces a change only', async () => {
    const station = await app.aStation();
    const first = await app.status(station.id, 'Available', ago(5));
    const again = await app.status(station.id, 'Available', ago(4));
    const late = await app.status(station.id, 'Faulted', ago(9), { errorCode: 'GroundFailure' });
    const fault = await app.status(station.id, 'Faulted', ago(3), { errorCode: 'GroundFailure' });
    expect([first, again, late, fault].map((answer) => answer.changed)).toEqual([true, false, false, true]);
    const announced = (await app.rig.published(events.connectorStatusChanged)).filter(
      (event) => event.stationId === station.id,
    );
    expect(announced.map((event) => [event.previousStatus, event.status, event.errorCode])).toEqual([
      ['UNKNOWN', 'AVAILABLE', ''],
      ['AVAILABLE', 'FAULTED', 'GroundFailure'],
    ]);
  });

  it('takes the status of the station itself and survives one of an unknown connector', async () => {
    const station = await app.aStation();
    const whole = { evseNumber: 0, connectorNumber: 0 };
    expect(await app.status(station.id, 'Unavailable', ago(2), whole)).toEqual({ changed: true });
    expect(await app.status(station.id, 'Unavailable', ago(1), whole)).toEqual({ changed: false });
    expect(await app.status(station.id, 'Available', ago(1), { evseNumber: 9 })).toEqual({ changed: false });
  });

  it('does not deadlock when all connectors speak at once', async () => {
    const station = await app.aStation();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        app.status(station.id, i % 2 ? 'Available' : 'Preparing', ago(0), { evseNumber: 1 + (i % 2) }),
      ),
    );
    expect(answers.filter((answer) => answer.changed)).toHaveLength(2);
  });
});

describe('locations for roaming', () => {
  const list = (parts: Partial<sessions.ListLocationsRequest> = {}, tenant = 'pages') =>
    app.client.listLocations(sessions.ListLocationsRequest.fromPartial({ limit: 10, ...parts }), {
      tenant: tenantId(tenant),
    });
  const pages = { accountId: 'pages', tenant: 'pages', role: 'operator' } as const;

  it('lists the location that a station left as changed, by events and for partners', async () => {
    const by = { ...pages, tenant: 'moved' };
    const names = (of: sessions.ListLocationsResponse) =>
      of.locations.map(({ name, stations }) => [name, stations.map(({ identity }) => identity)]);
    const { identity } = await app.aStation({ location: 'Left' }, by);
    const stays = await app.aStation({ location: 'Stays' }, by);
    const before = (await list({}, 'moved')).locations.map(({ lastUpdated }) => lastUpdated!.getTime());
    const dateFrom = new Date(Math.max(...before) + 1);
    await waitFor('the clock to pass it', async () => Date.now() > dateFrom.getTime());
    const connectors = [{ evseNumber: 1, number: 1, maxCurrentA: 32 }];
    await app.import([{ identity, location: 'Joined', securityProfile: 0, connectors }], [], by);
    expect(names(await list({ dateFrom }, 'moved'))).toEqual([
      ['Left', []],
      ['Joined', [identity]],
    ]);
    expect(names(await list({}, 'moved'))[1]).toEqual(['Stays', [stays.identity]]);
    const [left] = (await list({}, 'moved')).locations;
    const told = await app.rig.published(events.locationChanged, 'moved');
    const last = told.filter(({ location }) => location!.locationId === left!.locationId).at(-1)!;
    expect(last.location!.stations).toEqual([]);
  });

  it('lists all of them as changed when something that is told with each did', async () => {
    const by = { ...pages, tenant: 'raised' };
    await app.aStation({ location: 'One' }, by);
    const [one] = (await list({}, 'raised')).locations;
    const raisedAt = new Date(one!.lastUpdated!.getTime() + 60_000);
    expect((await list({ dateFrom: raisedAt }, 'raised')).total).toBe(0);
    const anew = await list({ dateFrom: raisedAt, raisedAt }, 'raised');
    expect(anew.locations.map(({ lastUpdated }) => lastUpdated)).toEqual([raisedAt]);
    const before = await list({ raisedAt: new Date(0) }, 'raised');
    expect(before.locations.map(({ lastUpdated }) => lastUpdated)).toEqual([one!.lastUpdated]);
  });

  it('pages oldest first with the total, and raises last_updated by a change of a connector', async () => {
    const station = await app.aStation({ location: 'One' }, pages);
    await app.aStation({ location: 'Two' }, pages);
    await app.aStation({ location: 'Three' }, pages);
    const all = await list();
    expect(all.total).toBe(3);
    expect(all.locations.map((location) => location.name)).toEqual(['One', 'Two', 'Three']);
    const page = await list({ offset: 1, limit: 1 });
    expect([page.total, page.locations.map((location) => location.name)]).toEqual([3, ['Two']]);
    const newest = all.locations.map((location) => location.lastUpdated!.getTime());
    const dateFrom = new Date(Math.max(...newest) + 1);
    expect((await list({ dateFrom })).total).toBe(0);
    await waitFor('the clock to pass it', async () => Date.now() > dateFrom.getTime());
    await app.client.recordConnectorStatus(
      sessions.RecordConnectorStatusRequest.fromPartial({
        stationId: station.id,
        protocol: 'ocpp1.6',
        evseNumber: 1,
        connectorNumber: 1,
        status: 'Charging',
      }),
      { tenant: tenantId('pages') },
    );
    const since = await list({ dateFrom });
    expect(since.locations.map((location) => location.name)).toEqual(['One']);
    expect(since.locations[0]!.stations[0]!.evses[0]).toMatchObject({ number: 1, status: 'CHARGING' });
    expect((await list({ dateTo: dateFrom })).total).toBe(2);
    expect((await list({ locationId: since.locations[0]!.locationId })).total).toBe(1);
  });

  it('counts and pages published locations alone when asked for those', async () => {
    const hides = { accountId: 'hides', tenant: 'hides', role: 'operator' } as const;
    const names = ['Open', 'Hidden', 'Open too'];
    for (const name of names) await app.import([], [{ name, published: name !== 'Hidden' }], hides);
    const page = async (parts: Partial<sessions.ListLocationsRequest>) => {
      const { locations, total } = await list(parts, 'hides');
      return [total, locations.map((location) => location.name)];
    };
    expect(await page({})).toEqual([3, names]);
    expect(await page({ publishedOnly: true })).toEqual([2, ['Open', 'Open too']]);
    expect(await page({ publishedOnly: true, offset: 1, limit: 1 })).toEqual([2, ['Open too']]);
    const [, hidden] = (await list({}, 'hides')).locations;
    expect(await page({ publishedOnly: true, locationId: hidden!.locationId })).toEqual([0, []]);
  });

  it('refuses negative offsets and shows nothing to another tenant', async () => {
    await expect(list({ offset: -1 })).rejects.toMatchObject({ kind: 'INVALID' });
    expect(await list({}, 'nobody')).toEqual({ locations: [], total: 0 });
    expect((await list({ locationId: 'nonsense' })).total).toBe(0);
  });
});

describe('station report', () => {
  it('keeps the newest value of each variable and pages through them', async () => {
    const { id } = await app.aStation();
    const variable = (name: string, value: string) =>
      sessions.StationVariable.fromPartial({ component: 'EVSE', evseNumber: 1, variable: name, value });
    const report = (variables: sessions.StationVariable[], receivedAt: Date) =>
      app.client.recordStationReport(
        { stationId: id, requestId: 1, seqNo: 0, last: true, variables, receivedAt },
        DEMO,
      );
    await report([variable('Power', '11000'), variable('Available', 'true')], ago(2));
    await report([variable('Power', '22000'), variable('Power', '22000')], ago(1));
    await report([variable('Power', '1')], ago(3));
    const query = `query($id: ID!, $after: String) { station(id: $id) { variables(first: 1, after: $after) {
      edges { node { component evseNumber variable value } } pageInfo { hasNextPage endCursor } } } }`;
    interface Page {
      station: {
        variables: { edges: { node: object }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
      };
    }
    const first = (await app.rig.graphql<Page>(operator, query, { id })).data!.station.variables;
    expect([first.edges[0]!.node, first.pageInfo.hasNextPage]).toEqual([
      { component: 'EVSE', evseNumber: 1, variable: 'Available', value: 'true' },
      true,
    ]);
    const after = first.pageInfo.endCursor;
    const next = (await app.rig.graphql<Page>(operator, query, { id, after })).data!.station.variables;
    expect([next.edges[0]!.node, next.pageInfo.hasNextPage]).toEqual([
      { component: 'EVSE', evseNumber: 1, variable: 'Power', value: '22000' },
      false,
    ]);
    await expect(
      app.client.recordStationReport(
        { stationId: 'x', requestId: 1, seqNo: 0, last: true, variables: [], receivedAt: undefined },
        DEMO,
      ),
    ).rejects.toMatchObject({ kind: 'NOT_FOUND' });
  });
});

describe('the schema', () => {
  it('hides every table of one tenant from another', async () => {
    const station = await app.aStation();
    await app.start16(station.id, 'card-anna', ago(2));
    await app.stop16(station.id, '98765', ago(1));
    await app.status(station.id, 'Charging', ago(1));
    const tables = await app.rig.sql<{ name: string; secured: boolean }>(
      `select c.relname as name, c.relrowsecurity as secured from pg_class c
       join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant'
       where c.relkind = 'r' and c.relnamespace = 'sessions'::regnamespace`,
    );
    expect(tables.map((table) => table.name)).toContain('session');
    expect(tables.filter((table) => !table.secured)).toEqual([]);
    for (const { name } of tables) {
      expect(await app.rig.sql(`select tenant from ${name} limit 1`, [], stranger.tenant + '-x')).toEqual([]);
    }
    const steal = app.rig.sql('update session set tenant = $1', ['other'], 'demo');
    await expect(steal).rejects.toThrow(/row-level security/);
  });

  it('has entities that match their tables', async () => {
    const metadata = app.rig.running.get(Database).dataSource.getMetadata(CommandAuditEntity);
    const columns = await app.rig.running.get(Database).read(tenantScope('demo'), (tx) =>
      tx.query<{ name: string; nullable: boolean }>(
        `select column_name as name, is_nullable = 'YES' as nullable from information_schema.columns
           where table_schema = 'sessions' and table_name = 'command_audit'`,
      ),
    );
    const held = columns.map(({ name, nullable }) => `${name} ${nullable}`).sort();
    expect(metadata.columns.map((c) => `${c.databaseName} ${c.isNullable}`).sort()).toEqual(held);
  });
});
