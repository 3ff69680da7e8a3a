// Real: Postgres (own role, row-level security), NATS, HTTP, gRPC. Played: auth and the gateway, behind real gRPC.
import { ocppGateway } from '@kilowatch/contracts';
import { connect, type Msg } from '@nats-io/transport-node';
import { encodeCursor } from '@kilowatch/platform';
import { waitFor, type TestPrincipal } from '@kilowatch/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ago, anna, bob, connectorOf, operator, SessionsRig, stranger } from './sessions-rig.js';

const { CommandOutcome: Outcome } = ocppGateway;
let app: SessionsRig;
beforeAll(async () => {
  app = await SessionsRig.start();
});
afterAll(() => app.close());
beforeEach(() => app.peers.reset());

describe('who sees which session', () => {
  const QUERY = 'query($id: ID!) { session(id: $id) { id station { identity location { name } } } }';

  it.each([
    ['its driver', anna, []],
    ['an operator of the tenant', operator, []],
    ['another driver', bob, ['NOT_FOUND']],
    ['an operator of another tenant', stranger, ['NOT_FOUND']],
    ['nobody', null, ['UNAUTHENTICATED']],
  ] as [string, TestPrincipal | null, string[]][])('%s', async (_who, principal, codes) => {
    const station = await app.aStation();
    const { sessionId } = await app.start16(station.id, 'card-anna', ago(5));
    const answer = await app.rig.graphql<{ session: { id: string } | null }>(principal, QUERY, {
      id: sessionId,
    });
    expect(answer.codes).toEqual(codes);
    expect(answer.data?.session?.id).toBe(codes.length === 0 ? sessionId : undefined);
    const { entity } = await app.rig.entity<{ state: string }>(principal, 'Session', sessionId, 'state');
    expect(entity).toEqual(codes.length === 0 ? { state: 'ACTIVE' } : null);
  });

  it('says NOT_FOUND for ids that are none', async () => {
    expect((await app.rig.graphql(anna, QUERY, { id: "' or 1=1" })).codes).toEqual(['NOT_FOUND']);
  });

  it('guards stations, locations and connectors by publication and tenant', async () => {
    await app.import([], [{ name: 'Hidden', published: false }]);
    const open = await app.aStation();
    const hidden = await app.aStation({ location: 'Hidden' });
    const seen = async (who: TestPrincipal, type: string, id: string) =>
      (await app.rig.entity(who, type, id, 'id')).entity !== null;
    for (const [who, ofOpen, ofHidden] of [
      [anna, true, false],
      [operator, true, true],
      [stranger, false, false],
    ] as const) {
      expect(await seen(who, 'Station', open.id)).toBe(ofOpen);
      expect(await seen(who, 'Connector', connectorOf(open))).toBe(ofOpen);
      expect(await seen(who, 'Station', hidden.id)).toBe(ofHidden);
      expect(await seen(who, 'Connector', connectorOf(hidden))).toBe(ofHidden);
    }
    const stationQuery = 'query($id: ID!) { station(id: $id) { id } }';
    expect((await app.rig.graphql(anna, stationQuery, { id: hidden.id })).codes).toEqual(['NOT_FOUND']);
    const { sessionId } = await app.start16(hidden.id, 'card-anna', ago(2));
    const own = await app.rig.graphql(anna, QUERY, { id: sessionId });
    expect(own.data).toMatchObject({ session: { station: { location: { name: 'Hidden' } } } });
  });

  it('closes every operator field to drivers', async () => {
    const station = await app.aStation();
    const input = { stationId: station.id };
    const refused = await Promise.all([
      app.rig.graphql(anna, '{ orphanedTransactionMessages(first: 1) { edges { cursor } } }'),
      app.rig.graphql(anna, 'mutation($i: ResetStationInput!) { resetStation(input: $i) { outcome } }', {
        i: { ...input, kind: 'SOFT' },
      }),
      app.rig.graphql(anna, 'mutation($i: SendCommandInput!) { sendCommand(input: $i) { outcome } }', {
        i: { ...input, action: 'ClearCache', payload: {} },
      }),
    ]);
    expect(refused.map((answer) => answer.codes)).toEqual([['FORBIDDEN'], ['FORBIDDEN'], ['FORBIDDEN']]);
    expect(app.peers.commands).toEqual([]);
  });
});

describe('lists', () => {
  const LIST = `query($first: Int!, $after: String, $filter: SessionFilter) {
    sessions(first: $first, after: $after, filter: $filter) {
      totalCount edges { cursor node { id startedAt } } pageInfo { hasNextPage endCursor } } }`;
  interface Page {
    sessions: {
      totalCount: number;
      edges: { cursor: string; node: { id: string } }[];
      pageInfo: { hasNextPage: boolean; endCursor: string };
    };
  }
  const dora: TestPrincipal = { accountId: 'dora', tenant: 'demo', role: 'driver' };

  it('pages a driver through the own sessions, newest first, without gaps while new ones come', async () => {
    const station = await app.aStation();
    const ids: string[] = [];
    for (const minutes of [50, 40, 30, 20]) {
      const start = await app.start16(station.id, 'card-dora', ago(minutes));
      ids.unshift(start.sessionId);
    }
    const first = (await app.rig.graphql<Page>(dora, LIST, { first: 2 })).data!.sessions;
    expect([first.totalCount, first.edges.map((edge) => edge.node.id)]).toEqual([4, ids.slice(0, 2)]);
    await app.start16(station.id, 'card-dora', ago(1));
    const after = first.pageInfo.endCursor;
    const second = (await app.rig.graphql<Page>(dora, LIST, { first: 2, after })).data!.sessions;
    expect(second.edges.map((edge) => edge.node.id)).toEqual(ids.slice(2));
    expect(second.pageInfo.hasNextPage).toBe(false);
    const filter = { state: 'ACTIVE', stationId: station.id };
    const active = (await app.rig.graphql<Page>(dora, LIST, { first: 10, filter })).data!.sessions;
    expect(active.edges).toHaveLength(1);
    const nowhere = { first: 10, filter: { locationId: 'no-id' } };
    expect((await app.rig.graphql<Page>(operator, LIST, nowhere)).data!.sessions.edges).toEqual([]);
  });

  it.each([
    [{ first: 0 }],
    [{ first: 101 }],
    [{ first: 5, after: 'garbage' }],
    [{ first: 5, after: encodeCursor(['no time', 'no id']) }],
  ])('refuses %j', async (args) => {
    expect((await app.rig.graphql(operator, LIST, args)).codes).toEqual(['BAD_USER_INPUT']);
  });

  it('filters stations, pages through them by identity and shows their sessions', async () => {
    const lister: TestPrincipal = { accountId: 'lister', tenant: 'lists', role: 'operator' };
    for (const name of ['b', 'A', 'c_1'])
      await app.aStation({ identity: `L-${name}`, location: 'Lists' }, lister);
    const query = `query($first: Int!, $after: String, $filter: StationFilter) {
      stations(first: $first, after: $after, filter: $filter) {
        totalCount edges { node { identity activeSessions { id } location { name stations { identity } } } }
        pageInfo { endCursor } } }`;
    interface Stations {
      stations: {
        totalCount: number;
        edges: { node: { identity: string; location: { stations: unknown[] } } }[];
        pageInfo: { endCursor: string };
      };
    }
    const ask = async (variables: object) =>
      (await app.rig.graphql<Stations>(lister, query, { ...variables })).data!.stations;
    const first = await ask({ first: 2 });
    expect([first.totalCount, first.edges.map((edge) => edge.node.identity)]).toEqual([3, ['L-A', 'L-b']]);
    expect(first.edges[0]!.node.location.stations).toHaveLength(3);
    const rest = await ask({ first: 2, after: first.pageInfo.endCursor });
    expect(rest.edges.map((edge) => edge.node.identity)).toEqual(['L-c_1']);
    const found = await ask({ first: 9, filter: { search: 'C_', status: 'UNKNOWN', online: false } });
    expect(found.edges.map((edge) => edge.node.identity)).toEqual(['L-c_1']);
    expect((await ask({ first: 9, filter: { locationId: 'zzz' } })).totalCount).toBe(0);
  });

  it('shows operators the orphans of their tenant without token hashes', async () => {
    const station = await app.aStation();
    await app.stop16(station.id, '123456', ago(1), 'card-anna');
    const query = `{ orphanedTransactionMessages(first: 100) {
      edges { node { kind transactionId payload station { id } } } } }`;
    interface Orphans {
      orphanedTransactionMessages: {
        edges: { node: { transactionId: string; kind: string; payload: object; station: { id: string } } }[];
      };
    }
    const { data } = await app.rig.graphql<Orphans>(operator, query);
    const [mine] = data!.orphanedTransactionMessages.edges
      .map((edge) => edge.node)
      .filter((node) => node.station.id === station.id);
    expect(mine).toMatchObject({ transactionId: '123456', kind: 'ENDED' });
    expect(JSON.stringify(mine!.payload)).not.toContain('tokenHash');
    const other = await app.rig.graphql<Orphans>(stranger, query);
    expect(other.data!.orphanedTransactionMessages.edges).toEqual([]);
  });
});

describe('stopping and commands', () => {
  const STOP = `mutation($input: StopSessionInput!) { stopSession(input: $input) { __typename
    ... on StopRequested { session { id } } ... on StopRefused { reason } } }`;
  const stop = async (who: TestPrincipal, sessionId: string) => {
    const { data, codes } = await app.rig.graphql<{ stopSession: { __typename: string; reason?: string } }>(
      who,
      STOP,
      {
        input: { sessionId },
      },
    );
    return data?.stopSession.reason ?? data?.stopSession.__typename ?? codes.join();
  };

  it('stops the own session and nobody else’s', async () => {
    const station = await app.anOnlineStation();
    const { sessionId, transactionRef } = await app.start16(station.id, 'card-anna', ago(5));
    expect(await stop(bob, sessionId)).toBe('NOT_FOUND');
    expect(await stop(stranger, sessionId)).toBe('NOT_FOUND');
    expect(app.peers.commands).toEqual([]);
    expect(await stop(anna, sessionId)).toBe('StopRequested');
    expect(await stop(operator, sessionId)).toBe('StopRequested');
    expect(app.peers.commands.map((command) => command.requestStop)).toEqual([
      { transactionRef },
      { transactionRef },
    ]);
    app.peers.outcome = Outcome.COMMAND_OUTCOME_OFFLINE;
    expect(await stop(anna, sessionId)).toBe('STATION_OFFLINE');
    await app.stop16(station.id, transactionRef, ago(1));
    expect(await stop(anna, sessionId)).toBe('ALREADY_ENDED');
  });

  it('sends operators’ commands and keeps who, what and the outcome', async () => {
    const station = await app.anOnlineStation();
    const stationId = station.id;
    const send = (field: string, type: string, input: object) =>
      app.rig.graphql(operator, `mutation($i: ${type}!) { ${field}(input: $i) { outcome status payload } }`, {
        i: { stationId, ...input },
      });
    const accepted = { outcome: 'ACCEPTED', status: 'Accepted', payload: { status: 'Accepted' } };
    const answers = [
      await send('sendCommand', 'SendCommandInput', { action: 'ClearCache', payload: {} }),
      await send('resetStation', 'ResetStationInput', { kind: 'SOFT' }),
      await send('triggerMessage', 'TriggerMessageInput', { requestedMessage: 'Heartbeat' }),
      await send('changeAvailability', 'ChangeAvailabilityInput', { operative: false }),
      await send('unlockConnector', 'UnlockConnectorInput', { evseNumber: 1, connectorNumber: 1 }),
    ];
    expect(answers.map(({ data }) => Object.values(data!)[0])).toEqual(Array(5).fill(accepted));
    const audit = await app.rig.sql(
      'select action, requested_by, role, outcome from command_audit where station_id = $1 order by requested_at, id',
      [stationId],
    );
    expect(audit).toEqual(
      ['ClearCache', 'Reset', 'TriggerMessage', 'ChangeAvailability', 'UnlockConnector'].map((action) => ({
        action,
        requested_by: 'oper',
        role: 'operator',
        outcome: 'ACCEPTED',
      })),
    );
  });

  it('keeps a station’s new password out of the audit', async () => {
    const station = await app.anOnlineStation();
    const payload = { key: 'AuthorizationKey', value: 'super-secret-password' };
    const mutation = 'mutation($i: SendCommandInput!) { sendCommand(input: $i) { outcome } }';
    const i = { stationId: station.id, action: 'ChangeConfiguration', payload };
    expect((await app.rig.graphql(operator, mutation, { i })).codes).toEqual([]);
    expect(app.peers.commands[0]?.raw?.payloadJson).toContain('super-secret-password');
    const rows = await app.rig.sql('select arguments from command_audit where station_id = $1', [station.id]);
    expect(rows).toEqual([{ arguments: { payload: '[redacted]' } }]);
  });

  it('keeps cards, and the password that a station tells, out of the audit', async () => {
    const station = await app.anOnlineStation();
    const told = {
      configurationKey: [{ key: 'AuthorizationKey', readonly: false, value: 'hush-hush-hush' }],
    };
    app.peers.answers = () => ({
      payloadJson: JSON.stringify(told),
      errorDescription: '{"idTag":"04A1B2C3D4E5F6","x',
    });
    const mutation = 'mutation($i: SendCommandInput!) { sendCommand(input: $i) { payload } }';
    const payload = { idTag: '04A1B2C3D4E5F6', connectorId: 1 };
    const i = {
      stationId: station.id,
      action: 'RemoteStartTransaction',
      payload,
      idempotencyKey: 'told-once',
    };
    const { data } = await app.rig.graphql<{ sendCommand: { payload: object } }>(operator, mutation, { i });
    expect(data!.sendCommand.payload).toEqual(told);
    expect(app.peers.commands[0]?.raw?.payloadJson).toContain('04A1B2C3D4E5F6');
    const again = await app.rig.graphql(operator, mutation, { i });
    const rows = await app.rig.sql('select * from command_audit where station_id = $1', [station.id]);
    expect(rows).toHaveLength(1);
    for (const kept of [rows, again.data]) expect(JSON.stringify(kept)).not.toMatch(/hush-hush|04A1B2C3/);
  });

  it('refuses commands that make no sense and stations of another tenant', async () => {
    const station = await app.anOnlineStation();
    const code = async (who: TestPrincipal, field: string, type: string, input: object) =>
      (
        await app.rig.graphql(who, `mutation($i: ${type}!) { ${field}(input: $i) { outcome } }`, {
          i: { stationId: station.id, ...input },
        })
      ).codes.join();
    expect([
      await code(operator, 'resetStation', 'ResetStationInput', { kind: 'NUCLEAR' }),
      await code(operator, 'sendCommand', 'SendCommandInput', { action: 'a b', payload: {} }),
      await code(operator, 'sendCommand', 'SendCommandInput', { action: 'ClearCache', payload: [1] }),
      await code(operator, 'sendCommand', 'SendCommandInput', {
        action: 'X',
        payload: {},
        timeoutSeconds: -1,
      }),
      await code(operator, 'unlockConnector', 'UnlockConnectorInput', { evseNumber: -1, connectorNumber: 1 }),
      await code(stranger, 'resetStation', 'ResetStationInput', { kind: 'SOFT' }),
    ]).toEqual([...Array<string>(5).fill('BAD_USER_INPUT'), 'NOT_FOUND']);
    expect(app.peers.commands).toEqual([]);
  });
});

it('tells watchers which session and station changed', async () => {
  const station = await app.aStation();
  const nats = await connect({ servers: app.rig.natsUrl });
  const heard: string[] = [];
  nats.subscribe('live.>', { callback: (_error: unknown, message: Msg) => void heard.push(message.subject) });
  await nats.flush();
  const { sessionId } = await app.start16(station.id, 'card-anna', ago(1));
  await waitFor('both live messages', async () => {
    return (
      heard.includes(`live.session.demo.${sessionId}`) && heard.includes(`live.station.demo.${station.id}`)
    );
  });
  await nats.close();
});
