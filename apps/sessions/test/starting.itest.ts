// Real: Postgres (own role, row-level security), NATS, HTTP, gRPC. Played: auth and the gateway, behind real gRPC.
import { auth, events, ocppGateway } from '@kilowatch/contracts';
import { externalAccountId } from '@kilowatch/platform';
import { startTokenIssuer, waitFor, type Asker, type TestPrincipal } from '@kilowatch/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ago, anna, bob, connectorOf, operator, SessionsRig, stranger } from './sessions-rig.js';

const { CommandOutcome: Outcome } = ocppGateway;
const FLEET_LOGIN = 'https://login.fleet.example';
let app: SessionsRig;
let fleetLogin: Awaited<ReturnType<typeof startTokenIssuer>>;
beforeAll(async () => {
  fleetLogin = await startTokenIssuer();
  const issuers = [{ issuer: FLEET_LOGIN, jwksUrl: fleetLogin.jwksUrl, tenants: ['demo'] }];
  app = await SessionsRig.start({ KW_JWT_ISSUERS: JSON.stringify(issuers) });
});
afterAll(async () => {
  await app.close();
  fleetLogin.close();
});
beforeEach(() => app.peers.reset());

describe('starting from the app', () => {
  const START = `mutation($input: StartSessionInput!) { startSession(input: $input) { __typename
    ... on SessionRequested { requestId connector { id } station { identity } } ... on StartRefused { reason } } }`;
  interface Started {
    startSession: { __typename: string; reason?: string; requestId?: string };
  }
  const start = async (who: Asker, input: object) => {
    const { data, codes } = await app.rig.graphql<Started>(who, START, { input });
    return data?.startSession ?? { __typename: codes.join() };
  };

  it('is matched by the start it causes, even when the charger is faster than its answer', async () => {
    const station = await app.anOnlineStation();
    let sessionId = '';
    app.peers.whileSending = async ({ requestStart }) => {
      const { value } = requestStart!.idToken!;
      sessionId = (await app.start16(station.id, value.toUpperCase(), new Date())).sessionId;
    };
    const answer = await start(anna, { connectorId: connectorOf(station), quoteId: 'quote-7' });
    expect(answer).toMatchObject({ __typename: 'SessionRequested' });
    expect(app.peers.commands[0]).toMatchObject({
      stationId: station.id,
      requestedBy: 'anna',
      requestStart: { idToken: { value: 'app-anna' }, evseNumber: 1, connectorNumber: 1 },
    });
    expect(app.peers.decisions[0]).toMatchObject({
      purpose: auth.DecisionPurpose.DECISION_PURPOSE_AUTHORIZE,
    });
    // OCPP 1.6 does not say that it was asked: auth must not take the start for one of a card that it never heard of.
    expect(app.peers.decisions.at(-1)).toMatchObject({
      purpose: auth.DecisionPurpose.DECISION_PURPOSE_START,
      remoteStart: true,
    });
    const started = (await app.rig.published(events.sessionStarted)).find(
      (event) => event.session?.sessionId === sessionId,
    );
    expect(started?.session).toMatchObject({ accountId: 'anna', quoteId: 'quote-7', startMethod: 'COMMAND' });
    const [request] = await app.rig.sql('select consumed_by from remote_start where station_id = $1', [
      station.id,
    ]);
    expect(request).toEqual({ consumed_by: sessionId });
  });

  it('is not matched by a start of before, which waited in the queue of its station', async () => {
    const station = await app.anOnlineStation();
    await start(anna, { connectorId: connectorOf(station), quoteId: 'quote-8' });
    const queued = await app.start16(station.id, 'app-anna', ago(180));
    const asked = await app.start16(station.id, 'app-anna', new Date(), { registerMwh: 2_000_000 });
    expect(app.peers.decisions.slice(-2).map(({ remoteStart }) => remoteStart)).toEqual([false, true]);
    const rows = await app.rig.sql(
      `select id, payer->>'startMethod' as method, payer->>'quoteId' as quote from session where station_id = $1
       order by started_at`,
      [station.id],
    );
    expect(rows).toEqual([
      { id: queued.sessionId, method: 'OFFLINE', quote: '' },
      { id: asked.sessionId, method: 'COMMAND', quote: 'quote-8' },
    ]);
  });

  it('sends once for one idempotency key and refuses the key for something else', async () => {
    const station = await app.anOnlineStation();
    const input = { connectorId: connectorOf(station), idempotencyKey: 'key-1' };
    const first = await start(anna, input);
    expect(await start(anna, input)).toEqual(first);
    expect(app.peers.commands).toHaveLength(1);
    expect(await start(anna, { ...input, quoteId: 'other' })).toEqual({ __typename: 'CONFLICT' });
    expect(await start(bob, input)).toMatchObject({ __typename: 'SessionRequested' });
    expect(app.peers.commands).toHaveLength(2);
  });

  it.each([
    ['STATION_REFUSED', Outcome.COMMAND_OUTCOME_REJECTED],
    ['STATION_REFUSED', Outcome.COMMAND_OUTCOME_CHARGER_ERROR],
    ['STATION_OFFLINE', Outcome.COMMAND_OUTCOME_OFFLINE],
    ['STATION_SILENT', Outcome.COMMAND_OUTCOME_UNKNOWN],
  ])('says %s for outcome %s', async (reason, outcome) => {
    const station = await app.anOnlineStation();
    app.peers.outcome = outcome;
    expect(await start(anna, { connectorId: connectorOf(station) })).toEqual({
      __typename: 'StartRefused',
      reason,
    });
    // A start afterwards is no answer to a refused request; a silent station may still give one.
    const later = await app.start16(station.id, 'app-anna', new Date());
    const [row] = await app.rig.sql<{ method: string }>(
      `select payer->>'startMethod' as method from session where id = $1`,
      [later.sessionId],
    );
    expect(row!.method).toBe(reason === 'STATION_SILENT' ? 'COMMAND' : 'RFID');
    expect(app.peers.decisions.at(-1)!.remoteStart).toBe(reason === 'STATION_SILENT');
  });

  it('refuses what cannot work without asking the station', async () => {
    const offline = await app.aStation();
    const busy = await app.anOnlineStation();
    const broken = await app.anOnlineStation();
    await app.status(busy.id, 'Charging', ago(0));
    await app.status(broken.id, 'Faulted', ago(0));
    const blocked: TestPrincipal = { accountId: 'x', tenant: 'demo', role: 'driver' };
    const reasons = [
      await start(anna, { connectorId: connectorOf(offline) }),
      await start(anna, { connectorId: connectorOf(busy) }),
      await start(anna, { connectorId: connectorOf(broken) }),
      await start(anna, { connectorId: 'nonsense' }),
      await start(stranger, { connectorId: connectorOf(busy) }),
      await start(blocked, { connectorId: connectorOf(busy, 2), tokenId: 'token-1' }),
    ].map((answer) => answer.reason ?? answer.__typename);
    expect(reasons).toEqual([
      'STATION_OFFLINE',
      'CONNECTOR_BUSY',
      'CONNECTOR_FAULTED',
      'NOT_FOUND',
      'NOT_FOUND',
      'FORBIDDEN',
    ]);
    expect(app.peers.commands).toEqual([]);
  });

  it('is refused to an account that is switched off', async () => {
    const station = await app.anOnlineStation();
    app.peers.accountIsOff = true;
    expect(await start(anna, { connectorId: connectorOf(station) })).toEqual({
      __typename: 'StartRefused',
      reason: 'TOKEN_REFUSED',
    });
    expect(app.peers.commands).toEqual([]);
  });

  it('tells auth who somebody is whom another identity provider vouches for, and nothing about our own', async () => {
    const station = await app.anOnlineStation();
    const bearer = await fleetLogin.sign({
      iss: FLEET_LOGIN,
      sub: 'auth0|carla',
      email: 'carla@fleet.example',
    });
    const answer = await start({ bearer }, { connectorId: connectorOf(station) });
    expect(answer.__typename).toBe('SessionRequested');
    await start(anna, { connectorId: connectorOf(station, 2) });
    expect(app.peers.appTokens).toMatchObject([
      {
        accountId: externalAccountId(FLEET_LOGIN, 'auth0|carla'),
        external: {
          issuer: FLEET_LOGIN,
          subject: 'auth0|carla',
          email: 'carla@fleet.example',
          name: '',
          role: 'driver',
        },
      },
      { accountId: 'anna', external: undefined },
    ]);
  });

  it('lets an operator start for the holder of a token', async () => {
    const station = await app.anOnlineStation();
    await app.rig.publish(
      events.tokenChanged,
      { aggregateId: 'token-9', version: 1 },
      {
        tokenId: 'token-9',
        accountId: 'bob',
        masked: '',
        type: '',
        status: '',
        expiresAt: undefined,
        groupId: '',
      },
    );
    const input = { connectorId: connectorOf(station), tokenId: 'token-9' };
    await waitFor('the token to be known', async () => {
      return (await start(operator, input)).__typename === 'SessionRequested';
    });
    expect(app.peers.commands.at(-1)?.requestStart?.idToken?.value).toBe('app-bob');
  });
});
