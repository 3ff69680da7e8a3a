// Real: Postgres (own role, row-level security), NATS JetStream, gRPC Decide, GraphQL. Played: sessions, metering and ocpp-gateway by
// their events.
import { randomUUID } from 'node:crypto';
import { auth as contract, events, metering, ocppGateway, sessions } from '@kilowatch/contracts';
import { aSessionSnapshot, waitFor, type TestPrincipal } from '@kilowatch/testing';
import { newKey, testPki } from '@kilowatch/testing/pki';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CloseQuietIncidents } from '../src/usecases/close-quiet-incidents.js';
import { admin, AuthRig, DEMO, foreignOperator, operator } from './auth-rig.js';

const { DecisionPurpose: Purpose, DecisionStatus: Status } = contract;
const driver: TestPrincipal = { accountId: randomUUID(), tenant: 'demo', role: 'driver' };
const FIELDS = `id rule severity status count tokenMasked identity address watchesToken closeReason closeNote closesAt
  suggestedAction station { id } token { id masked watchedSince } closedBy { email }
  evidence { id at times tokenMasked detail station { id } identity }`;

interface IncidentData {
  readonly id: string;
  readonly rule: string;
  readonly severity: string;
  readonly status: string;
  readonly count: number;
  readonly tokenMasked: string | null;
  readonly identity: string | null;
  readonly watchesToken: boolean;
  readonly closeReason: string | null;
  readonly closesAt: string | null;
  readonly suggestedAction: string;
  readonly station: { id: string } | null;
  readonly token: { id: string; masked: string; watchedSince: string | null } | null;
  readonly evidence: readonly { tokenMasked: string | null; detail: string | null }[];
}

let app: AuthRig;
let nats: NatsConnection;
beforeAll(async () => {
  app = await AuthRig.start();
  nats = await connect({ servers: app.rig.natsUrl });
});
afterAll(async () => {
  await nats.close();
  await app.close();
});

async function incidents(filter: Record<string, unknown> = {}, asker = operator): Promise<IncidentData[]> {
  const { data, errors } = await app.rig.graphql<{ incidents: { edges: { node: IncidentData }[] } }>(
    asker,
    `query($filter: IncidentFilter) { incidents(first: 100, filter: $filter) { openCount edges { node { ${FIELDS} } } } }`,
    { filter },
  );
  expect(errors).toEqual([]);
  return data!.incidents.edges.map(({ node }) => node);
}

const incidentOf = (rule: string, wanted: (incident: IncidentData) => boolean = () => true) =>
  waitFor(`an incident ${rule}`, async () => (await incidents({ rules: [rule] })).find(wanted));

async function place(latitude: number, longitude: number): Promise<string> {
  const [locationId, stationId] = [randomUUID(), randomUUID()];
  const location = { locationId, name: 'A', timeZone: 'Europe/Amsterdam', latitude, longitude };
  const stations = [{ stationId, identity: stationId, locationId }];
  await app.rig.publish(
    events.locationChanged,
    { aggregateId: locationId, version: 1 },
    sessions.LocationChanged.fromPartial({ location: { ...location, stations } }),
  );
  const known = () => app.rig.sql('select 1 from known_station where station_id = $1', [stationId]);
  await waitFor('the place is known', async () => (await known()).length > 0);
  return stationId;
}

/** So many decisions were taken in: the next look sees all that will come of them. */
const settled = async () => {
  const pending = async () => {
    const recorded = await app.rig.published(events.decisionsRecorded);
    return app.rig.sql(
      `select 1 from unnest($1::uuid[]) as o (event_id) where not exists (select 1 from inbox i where i.event_id = o.event_id)`,
      [recorded.map(({ meta }) => meta!.eventId)],
    );
  };
  await waitFor('the monitor has seen every decision', async () => (await pending()).length === 0);
};

describe('the attempt monitor', () => {
  it('opens one incident of five unknown cards at a station, tells it live and as an event, and masks the cards', async () => {
    const stationId = randomUUID();
    const live: { id: string }[] = [];
    const subscription = nats.subscribe('live.incident.demo.operators', {
      callback: (_error, message) => void live.push(message.json<{ id: string }>()),
    });
    await nats.flush();
    const cards = ['04D1A0B1', '04D2C7B2', '04D3E2B3', '04D4F9B4', '04D5A1B5'];
    for (const card of cards.slice(0, 4)) await app.decide(card, { stationId });
    await settled();
    expect(await incidents({ stationId })).toEqual([]);
    await app.decide(cards[4]!, { stationId });
    const incident = await incidentOf('TOKEN_GUESSING', ({ station }) => station?.id === stationId);
    expect(incident).toMatchObject({
      severity: 'MEDIUM',
      status: 'OPEN',
      count: 5,
      token: null,
      identity: null,
    });
    expect(incident.evidence.map(({ tokenMasked }) => tokenMasked)).toEqual(
      cards.map((card) => `****${card.slice(-4)}`),
    );
    expect(incident.suggestedAction).toContain('Somebody tries cards');
    await app.decide(cards[0]!, { stationId });
    const grown = await incidentOf('TOKEN_GUESSING', ({ id, count }) => id === incident.id && count === 6);
    expect(grown.status).toBe('OPEN');
    // Changes that follow each other closely are told once: the latest counts.
    await waitFor('the change live', () => live.some((message) => message.id === incident.id));
    subscription.unsubscribe();
    const told = (await app.rig.published(events.attemptIncidentChanged)).filter(
      ({ incidentId }) => incidentId === incident.id,
    );
    // Growth of one in five is no news.
    expect(told.map(({ rule, status, stationId: at }) => [rule, status, at])).toEqual([
      ['TOKEN_GUESSING', 'OPEN', stationId],
    ]);
    const everything = JSON.stringify([told, await app.rig.sql('select * from attempt_history'), incident]);
    for (const card of cards) expect(everything).not.toContain(card);
  });

  it('sees that card numbers are counted through, and not that a phone makes them up', async () => {
    const [emulator, phone] = [randomUUID(), randomUUID()];
    for (const card of ['04AA00FD', '04AA00FE', '04AA00FF', '04AA0100'])
      await app.decide(card, { stationId: emulator });
    for (let i = 0; i < 8; i++) await app.decide(`08AA00F${i}`, { stationId: phone });
    const incident = await incidentOf('SEQUENTIAL_UIDS', ({ station }) => station?.id === emulator);
    expect(incident).toMatchObject({ severity: 'HIGH', count: 4 });
    await settled();
    expect(await incidents({ stationId: phone })).toEqual([]);
  });

  it('sees a copied card, watches it and, where the company wants it, blocks it, with an audit entry', async () => {
    const [amsterdam, utrecht] = [await place(52.3791, 4.9003), await place(52.0894, 5.1101)];
    await app.importTokens([
      { value: '04C10001' },
      { value: '04C10002' },
      { value: '04C10003', allowConcurrent: true },
    ]);
    const shown = async (card: string) => {
      const { tokenId } = await app.decide(card, { stationId: amsterdam });
      await app.decide(card, { stationId: utrecht });
      return tokenId;
    };
    const first = await shown('04C10001');
    const incident = await incidentOf('IMPOSSIBLE_TRAVEL', ({ token }) => token?.id === first);
    expect(incident).toMatchObject({
      severity: 'HIGH',
      count: 2,
      watchesToken: true,
      token: { masked: '****0001' },
    });
    expect(incident.token!.watchedSince).not.toBeNull();
    expect((await app.decide('04C10001', { stationId: utrecht })).status).toBe(
      Status.DECISION_STATUS_ACCEPTED,
    );
    expect(await setRules({ blockClones: true, reason: 'copies in Utrecht' })).toEqual([]);
    const second = await shown('04C10002');
    await incidentOf('IMPOSSIBLE_TRAVEL', ({ token }) => token?.id === second);
    await waitFor('the copy is blocked', async () => {
      const { status } = await app.decide('04C10002', { stationId: utrecht });
      return status === Status.DECISION_STATUS_BLOCKED;
    });
    const audit = await app.rig.sql(`select 1 from audit_entry where action = 'token.status_set' and target_id = $1 and actor_kind = 'SYSTEM'`, [second]); // prettier-ignore
    expect(audit).toHaveLength(1);
    const shared = await shown('04C10003');
    await settled();
    expect(
      (await incidents({ rules: ['IMPOSSIBLE_TRAVEL'] })).filter(({ token }) => token?.id === shared),
    ).toEqual([]);
    await setRules({ blockClones: false, reason: 'over' });
  });

  it('sees a card that charges at another site', async () => {
    const [here, there] = [await place(52.1, 4.3), await place(52.2, 4.4)];
    await app.importTokens([{ value: '04C20001' }]);
    const { tokenId } = await app.decide('04C20001', { stationId: here });
    const session = aSessionSnapshot({ tokenId, stationId: here });
    await app.rig.publish(events.sessionStarted, { aggregateId: session.sessionId, version: 1 }, { session });
    await waitFor('the refusal', async () => {
      const { status } = await app.decide('04C20001', { stationId: there });
      return status === Status.DECISION_STATUS_CONCURRENT_TX;
    });
    const incident = await incidentOf('CONCURRENT_USE', ({ token }) => token?.id === tokenId);
    expect(incident.station).toEqual({ id: there });
  });

  it('sees energy that went to a refused card while its station was offline, whichever half comes first', async () => {
    const told = async (
      order: readonly ('ended' | 'metered')[],
      over: Partial<sessions.SessionSnapshot> = {},
    ) => {
      const session = aSessionSnapshot({
        status: 'ENDED',
        offline: true,
        tokenRefused: true,
        tokenId: '',
        ...over,
      });
      const about = { aggregateId: session.sessionId, version: 2 };
      for (const half of order) {
        if (half === 'ended') await app.rig.publish(events.sessionEnded, about, { session });
        else
          await app.rig.publish(
            events.sessionMetered,
            about,
            metering.SessionMetered.fromPartial({ sessionId: session.sessionId, energyMwh: 7_250_400 }),
          );
      }
      return session.stationId;
    };
    const first = await told(['ended', 'metered']);
    const second = await told(['metered', 'ended']);
    const allowed = await told(['ended', 'metered'], { tokenRefused: false });
    const online = await told(['ended', 'metered'], { offline: false });
    for (const stationId of [first, second]) {
      const incident = await incidentOf('OFFLINE_ENERGY', ({ station }) => station?.id === stationId);
      expect(incident.evidence[0]!.detail).toMatch(/^7\.250 kWh in session /);
    }
    expect([
      ...(await incidents({ stationId: allowed })),
      ...(await incidents({ stationId: online })),
    ]).toEqual([]);
  });

  it('goes on to read decisions of releases that told of each by itself', async () => {
    const stationId = randomUUID();
    for (let i = 0; i < 5; i += 1) {
      const decisionId = randomUUID();
      await app.rig.publish(
        events.authorizationDecided,
        { aggregateId: decisionId, version: 1 },
        contract.AuthorizationDecided.fromPartial({
          decisionId,
          stationId,
          tokenMasked: `****000${i}`,
          tokenHash: Buffer.from([1, 2, 3, i]),
          tokenType: 'ISO14443',
          purpose: contract.DecisionPurpose.DECISION_PURPOSE_AUTHORIZE,
          status: contract.DecisionStatus.DECISION_STATUS_UNKNOWN,
          reason: 'token_unknown',
          presentedAt: new Date(),
        }),
      );
    }
    const incident = await incidentOf('TOKEN_GUESSING', ({ station }) => station?.id === stationId);
    expect(incident.count).toBe(5);
  });

  it('hears of refused connections and of stations that move, from tenants that have stations', async () => {
    const stationId = randomUUID();
    const credential = { stationId, identity: 'CP-77', securityProfile: 1, password: 'station-password-1' };
    await app.service.setStationCredential({ ...credential, allowMissingSubprotocol: false }, DEMO);
    const refused = (tenant: string, times: number) =>
      app.rig.publish(
        events.connectionsRefused,
        { tenant, aggregateId: randomUUID(), version: 1 },
        {
          refused: [
            ocppGateway.RefusedConnection.fromPartial({
              attemptId: randomUUID(),
              at: new Date(),
              times,
              identity: 'cp-77',
              reason: 'bad_credentials',
              remoteIp: '203.0.113.9',
            }),
          ],
        },
      );
    await refused('nobodys', 50);
    await refused('demo', 5);
    const incident = await incidentOf('STATION_CREDENTIAL', ({ identity }) => identity === 'cp-77');
    expect(incident).toMatchObject({ station: { id: stationId }, count: 5, address: '203.0.113.9' });
    expect(await app.rig.sql('select * from attempt_history', [], 'nobodys')).toEqual([]);
    const connected = (generation: number, remoteIp: string) =>
      app.rig.publish(
        events.stationConnected,
        { aggregateId: stationId, version: generation },
        ocppGateway.StationConnected.fromPartial({ stationId, generation, remoteIp }),
      );
    await connected(1, '203.0.113.5');
    await connected(2, '198.51.100.7');
    await incidentOf('NEW_NETWORK', ({ station }) => station?.id === stationId);
  });

  it('opens one incident with both addresses when connections of a station replace each other again and again', async () => {
    const stationId = randomUUID();
    const addresses = ['203.0.113.5', '203.0.113.6'];
    for (let generation = 2; generation < 12; generation++) {
      await app.rig.publish(
        events.stationConnected,
        { aggregateId: stationId, version: generation },
        ocppGateway.StationConnected.fromPartial({
          stationId,
          generation,
          remoteIp: addresses[generation % 2]!,
          replacedRemoteIp: addresses[(generation + 1) % 2]!,
        }),
      );
    }
    const isOfStation = ({ station }: { station?: { id: string } | null }) => station?.id === stationId;
    await incidentOf('CONNECTION_FLAPPING', (one) => isOfStation(one) && one.count === 10);
    const told = await waitFor('the incident to be told', async () => {
      const all = await app.rig.published(events.attemptIncidentChanged);
      const own = all.filter((one) => one.rule === 'CONNECTION_FLAPPING' && one.stationId === stationId);
      return own.length > 0 ? own : undefined;
    });
    expect(new Set(told.map(({ incidentId }) => incidentId)).size).toBe(1);
    expect(addresses).toContain(told[0]!.address);
    expect(addresses).toContain(told[0]!.replacedAddress);
    expect(told[0]).toMatchObject({ severity: 'MEDIUM', status: 'OPEN' });
  });

  it('sees a start of a card that its station never asked about and cannot know, once', async () => {
    const group = `fleet-${randomUUID()}`;
    await app.importTokens([
      { value: '04D70001' },
      { value: '04D70002', groupId: group },
      { value: '04D70003', groupId: group },
      { value: '04D70004' },
      { value: '04D70005' },
      { value: '04D70006', type: 'Central' },
    ]);
    const from = (stationId: string) => ({
      ask: (value: string) => app.decide(value, { stationId, ocppMessageId: randomUUID() }),
      start: (value: string, over: Partial<contract.DecideRequest> = {}) =>
        app.decide(value, {
          stationId,
          purpose: Purpose.DECISION_PURPOSE_START,
          decisionKey: randomUUID(),
          ...over,
        }),
    });
    const [silent, careful, careless] = [randomUUID(), randomUUID(), randomUUID()];
    // Starts without asking, always: it has no other way.
    await from(silent).start('04D70001');
    // Asks, or was asked, or has it in its cache or list, or its fellow.
    const { ask, start } = from(careful);
    await ask('04D70001');
    await start('04D70001');
    await ask('04D70002');
    await start('04D70003');
    await start('04D70004', { remoteStart: true });
    await start('04D70006');
    await start('04D70005', { offline: true, occurredAt: new Date(Date.now() - 3_600_000) });
    const { tokenId } = await app.decide('04D70004', { stationId: randomUUID() });
    const [listed, card] = [randomUUID(), tokenId];
    await app.rig.sql(
      `insert into local_list_entry (tenant, station_id, token_id, told_id, told_type, maybe, changed_at)
        values ('demo', $1, $2, 'x', 'ISO14443', false, now())`,
      [listed, card],
    );
    await from(listed).ask('04D70001');
    await from(listed).start('04D70004');
    // Asks for others.
    await from(careless).ask('04D70001');
    expect((await from(careless).start('04D70005')).status).toBe(Status.DECISION_STATUS_ACCEPTED);
    await from(careless).start('04D70005');
    const incident = await incidentOf('UNAUTHORISED_START', ({ station }) => station?.id === careless);
    await settled();
    expect(incident).toMatchObject({ severity: 'LOW', count: 1 });
    expect(incident.evidence).toMatchObject([{ tokenMasked: '****0005', detail: 'never_authorised_here' }]);
    for (const stationId of [silent, careful, listed]) expect(await incidents({ stationId })).toEqual([]);
    expect(await incidents({ stationId: careless })).toMatchObject([{ count: 1 }]);
  });

  it('M7: keeps what a forger showed, bounded and for a time, and says who looked', async () => {
    const pki = testPki();
    const [stationId, other] = [randomUUID(), randomUUID()];
    await app.rig.graphql(
      admin,
      'mutation($input: ImportTrustAnchorsInput!) { importTrustAnchors(input: $input) { added } }',
      { input: { purpose: 'CONTRACT', pem: pki.moRoot.pem + pki.v2gRoot.pem } },
    );
    const forged = [pki.contract.signedBy(newKey('P-256')), ...pki.contract.chain.slice(1)];
    const shown = forged.map(({ pem }) => pem).join('');
    const show = (value: string, at: string, certificatePem = shown) =>
      app.decide('', {
        stationId: at,
        idToken: { value, type: 'eMAID' },
        contract: { certificatePem, hashes: [] },
      });
    expect((await show('NN123ZZZZZZZZZ', stationId)).reason).toBe('chain_signature_bad');
    await show('NN123ZZZZZZZZZ', stationId);
    await show('NN123ZZZZZZZZZ', other);
    const incident = await incidentOf('FORGED_CHAIN', ({ count }) => count === 3);
    const look = async (asker: TestPrincipal, incidentId = incident.id) => {
      const { data, codes } = await app.rig.graphql<{ forgedChains: Record<string, unknown>[] }>(
        asker,
        `query($id: ID!) { forgedChains(incidentId: $id) {
          reason pem serial times station { id } tokenMasked hashData { serialNumber } firstSeen keptUntil } }`,
        { id: incidentId },
      );
      return data?.forgedChains ?? codes;
    };
    const kept = await look(operator);
    expect(kept).toMatchObject([
      { station: { id: other }, times: 1, pem: shown, reason: 'chain_signature_bad', hashData: [] },
      { station: { id: stationId }, times: 2, pem: shown, serial: expect.stringMatching(/^[0-9a-f]+$/i) },
    ]);
    const { firstSeen, keptUntil } = kept[1] as { firstSeen: string; keptUntil: string };
    expect(Date.parse(keptUntil) - Date.parse(firstSeen)).toBeGreaterThanOrEqual(90 * 24 * 3_600_000);
    expect(await look({ ...operator, role: 'support' })).toEqual(['FORBIDDEN']);
    expect(await look(driver)).toEqual(['FORBIDDEN']);
    expect(await look(foreignOperator)).toEqual(['NOT_FOUND']);
    expect(await look(operator, randomUUID())).toEqual(['NOT_FOUND']);
    const looked = await app.rig.sql<{ actor_id: string }>(
      `select actor_id from audit_entry where action = 'forged_chains.read' and target_id = $1`,
      [incident.id],
    );
    expect(looked).toEqual([{ actor_id: operator.accountId }]);
    // Whoever makes up many of them fills no table.
    const texts = Array.from({ length: 25 }, (_, index) => `${shown}\n${' '.repeat(index + 1)}`);
    for (const text of texts) await show('NN123ZZZZZZZZZ', stationId, text);
    const count = () =>
      app.rig.sql<{ n: number }>('select count(*)::int as n from forged_chain where station_id = $1', [
        stationId,
      ]);
    expect(await count()).toEqual([{ n: 20 }]);
    await app.rig.sql(
      `update forged_chain set kept_until = now() - interval '1 hour' where station_id = $1`,
      [stationId],
    );
    await app.rig.running.background.jobs.get('forget-attempts')!.runDue();
    expect(await count()).toEqual([{ n: 0 }]);
  });

  it('sees a station that starts for a card nobody knows', async () => {
    const stationId = randomUUID();
    await app.decide('04C30001', {
      stationId,
      purpose: Purpose.DECISION_PURPOSE_START,
      decisionKey: randomUUID(),
    });
    await incidentOf('UNAUTHORISED_START', ({ station }) => station?.id === stationId);
  });

  it('P14: sees a station that starts for a contract whose certificate was not shown there lately', async () => {
    const [shown, elsewhere, longAgo] = [randomUUID(), randomUUID(), randomUUID()];
    await app.importTokens([{ value: 'NN123PFOURTEENA', type: 'eMAID', allowConcurrent: true }]);
    const verified = (stationId: string, minutesAgo: number) =>
      app.rig.sql(
        `insert into verified_contract (tenant, station_id, emaid_key, verified_at)
           values ('demo', $1, 'NN123PFOURTEEN', now() - $2 * interval '1 minute')`,
        [stationId, minutesAgo],
      );
    await verified(shown, 5);
    await verified(longAgo, 16);
    for (const stationId of [shown, elsewhere, longAgo])
      await app.decide('NN123PFOURTEENA', {
        stationId,
        purpose: Purpose.DECISION_PURPOSE_START,
        decisionKey: randomUUID(),
        idToken: { value: 'NN123PFOURTEENA', type: 'eMAID' },
      });
    for (const stationId of [elsewhere, longAgo]) {
      const incident = await incidentOf('UNAUTHORISED_START', ({ station }) => station?.id === stationId);
      expect(incident.evidence).toMatchObject([{ detail: 'contract_unverified' }]);
    }
    expect(await incidents({ stationId: shown, rules: ['UNAUTHORISED_START'] })).toEqual([]);
  });
});

describe('whoever guesses', () => {
  it('C04: a keypad is refused without a look-up after five wrong codes, even when the next one is right', async () => {
    const [stationId, other] = [randomUUID(), randomUUID()];
    await app.importTokens([{ value: '73519', type: 'KeyCode' }]);
    const typed = (value: string, at = stationId) =>
      app.decide(value, { stationId: at, idToken: { value, type: 'KeyCode' } });
    for (const code of ['11111', '22222', '33333', '44444', '55555']) await typed(code);
    const right = await typed('73519');
    expect([right.status, right.reason, right.tokenId]).toEqual([
      Status.DECISION_STATUS_INVALID,
      'key_code_back_off',
      '',
    ]);
    expect((await typed('73519', other)).status).toBe(Status.DECISION_STATUS_ACCEPTED);
    const incident = await incidentOf('KEY_CODE_GUESSING', ({ station }) => station?.id === stationId);
    expect(incident.evidence.every(({ tokenMasked }) => tokenMasked === '****')).toBe(true);
  });

  it('C04: over 1.6 too, where nothing says that it is a code; cards go on to be looked at', async () => {
    const [stationId, other] = [randomUUID(), randomUUID()];
    await app.importTokens([{ value: '8351972064', type: 'KeyCode' }, { value: 'CLUB-CARD-1' }]);
    const typed = (value: string, at = stationId, evseNumber = 0) =>
      app.decide(value, { stationId: at, evseNumber, idToken: { value, type: 'Unknown' } });
    const right = await typed('8351972064', other);
    expect([right.status, right.tokenMasked]).toEqual([Status.DECISION_STATUS_ACCEPTED, '****']);
    for (const [index, code] of ['11111', '22222', '33333', '44444', '8351972065'].entries())
      expect((await typed(code, stationId, index % 3)).tokenMasked).toBe('****');
    const late = await typed('8351972064');
    expect([late.status, late.reason, late.tokenId, late.tokenMasked]).toEqual([
      Status.DECISION_STATUS_INVALID,
      'key_code_back_off',
      '',
      '****',
    ]);
    expect((await typed('CLUB-CARD-1')).status).toBe(Status.DECISION_STATUS_ACCEPTED);
    for (const code of ['55555', '66666', '77777', '8351972064'])
      expect((await typed(code)).reason).toBe('key_code_back_off');
    expect((await typed('8351972064', other)).status).toBe(Status.DECISION_STATUS_ACCEPTED);
    const incident = await incidentOf('KEY_CODE_GUESSING', ({ station }) => station?.id === stationId);
    expect(incident.evidence.every(({ tokenMasked }) => tokenMasked === '****')).toBe(true);
  });

  it('C04: a keypad is one, whichever EVSE its codes are said to be for', async () => {
    const stationId = randomUUID();
    await app.importTokens([{ value: '640281', type: 'KeyCode' }]);
    const typed = (value: string, evseNumber: number) =>
      app.decide(value, { stationId, evseNumber, idToken: { value, type: 'keycode' } });
    for (let evse = 1; evse <= 5; evse++) await typed(`9999${evse}`, evse);
    expect((await typed('640281', 6)).reason).toBe('key_code_back_off');
  });

  it('waits for refusals at that station when the company wants it, and nobody waits for an acceptance', async () => {
    const [stationId, other] = [randomUUID(), randomUUID()];
    await app.importTokens([{ value: '04C40009' }]);
    for (let i = 0; i < 5; i++) await app.decide(`04C4${i}${i}0${i}`, { stationId });
    await incidentOf('TOKEN_GUESSING', ({ station }) => station?.id === stationId);
    expect(await setRules({ refusalDelayMs: 2_000, reason: 'guessing' })).toEqual([]);
    const took = async (card: string, at: string) => {
      const before = performance.now();
      await app.decide(card, { stationId: at });
      return performance.now() - before;
    };
    await waitFor('a refusal that takes long', async () => (await took('04C4FFFF', stationId)) >= 1_990, {
      timeoutMs: 20_000,
    });
    expect(await took('04C40009', stationId)).toBeLessThan(1_900);
    expect(await took('04C4FFFF', other)).toBeLessThan(1_900);
    await setRules({ refusalDelayMs: 0, reason: 'over' });
  });
});

async function setRules(input: Record<string, unknown>, asker = admin): Promise<string[]> {
  const { codes } = await app.rig.graphql(
    asker,
    'mutation($input: SetAttemptRulesInput!) { setAttemptRules(input: $input) { attemptRules { blockClones } } }',
    { input },
  );
  return codes;
}

async function close(incidentId: string, asker = operator, reason = 'a broken reader') {
  const { data, codes } = await app.rig.graphql<{ closeIncident: { incident: IncidentData } }>(
    asker,
    `mutation($input: CloseIncidentInput!) { closeIncident(input: $input) { incident { ${FIELDS} } } }`,
    { input: { incidentId, reason } },
  );
  return { incident: data?.closeIncident?.incident, codes };
}

describe('incidents', () => {
  it('are closed by a person with a reason, once; only what comes later makes another', async () => {
    const stationId = randomUUID();
    const guess = async (from: number, to: number) => {
      for (let i = from; i < to; i++) await app.decide(`04E${i}${i}${i}00${i}`, { stationId });
    };
    await guess(1, 6);
    const incident = await incidentOf('TOKEN_GUESSING', ({ station }) => station?.id === stationId);
    expect((await close(incident.id, operator, '  ')).codes).toEqual(['BAD_USER_INPUT']);
    expect((await close(incident.id)).incident).toMatchObject({
      status: 'CLOSED',
      closeReason: 'PERSON',
      closesAt: null,
    });
    expect((await close(incident.id, operator, 'again')).incident).toMatchObject({
      closeNote: 'a broken reader',
    });
    await guess(6, 8);
    await settled();
    expect(await incidents({ stationId, status: 'OPEN' })).toEqual([]);
    await guess(1, 4);
    const next = await waitFor(
      'another one',
      async () => (await incidents({ stationId, status: 'OPEN' }))[0],
    );
    expect(next).toMatchObject({ count: 5 });
    expect(next.id).not.toBe(incident.id);
    const told = (await app.rig.published(events.attemptIncidentChanged)).filter(
      ({ incidentId }) => incidentId === incident.id,
    );
    expect(told.at(-1)).toMatchObject({ status: 'CLOSED', closeReason: 'PERSON' });
    const [entry] = await app.rig.sql<{ reason: string; actor_id: string }>(
      `select reason, actor_id from audit_entry where action = 'incident.closed' and target_id = $1`,
      [incident.id],
    );
    expect(entry).toEqual({ reason: 'a broken reader', actor_id: operator.accountId });
  });

  it('close by themselves when they were quiet long enough', async () => {
    const stationId = randomUUID();
    await app.decide('04C50001', {
      stationId,
      purpose: Purpose.DECISION_PURPOSE_START,
      decisionKey: randomUUID(),
    });
    const incident = await incidentOf('UNAUTHORISED_START', ({ station }) => station?.id === stationId);
    const job = app.rig.running.background.jobs.get('close-quiet-incidents');
    await job?.runDue();
    expect((await incidents({ stationId }))[0]).toMatchObject({ status: 'OPEN' });
    await app.rig.sql(`update attempt_incident set due_at = now() - interval '1 second' where id = $1`, [
      incident.id,
    ]);
    await job?.runDue();
    expect((await incidents({ stationId }))[0]).toMatchObject({ status: 'CLOSED', closeReason: 'QUIET' });
    expect(app.rig.running.get(CloseQuietIncidents).name).toBe('close-quiet-incidents');
  });

  it('come page by page, filtered by what an operator looks for', async () => {
    const page = async (first: number, after?: string) => {
      const { data } = await app.rig.graphql<{
        incidents: {
          openCount: number;
          edges: { cursor: string; node: { id: string } }[];
          pageInfo: { hasNextPage: boolean };
        };
      }>(
        operator,
        `query($first: Int!, $after: String) { incidents(first: $first, after: $after) {
          openCount edges { cursor node { id } } pageInfo { hasNextPage } } }`,
        { first, after },
      );
      return data!.incidents;
    };
    const all = (await incidents()).map(({ id }) => id);
    const one = await page(2);
    const two = await page(100, one.edges[1]!.cursor);
    expect([...one.edges, ...two.edges].map(({ node }) => node.id)).toEqual(all);
    expect([one.pageInfo.hasNextPage, two.pageInfo.hasNextPage]).toEqual([true, false]);
    expect(one.openCount).toBe((await incidents({ status: 'OPEN' })).length);
    const severe = await incidents({ atLeast: 'HIGH' });
    expect(new Set(severe.map(({ severity }) => severity))).toEqual(new Set(['HIGH']));
    expect((await app.rig.graphql(operator, '{ incidents(first: 101) { openCount } }')).codes).toEqual([
      'BAD_USER_INPUT',
    ]);
  });

  it('are seen and changed by operators of the tenant only', async () => {
    const [incident] = await incidents({ status: 'OPEN' });
    const one = (asker: TestPrincipal | null) =>
      app.rig.graphql<{ incident: object | null }>(asker, 'query($id: ID!) { incident(id: $id) { id } }', {
        id: incident!.id,
      });
    expect((await one(operator)).data?.incident).toEqual({ id: incident!.id });
    expect((await one(foreignOperator)).data?.incident).toBeNull();
    expect((await one(driver)).codes).toEqual(['FORBIDDEN']);
    expect((await one(null)).codes).toEqual(['UNAUTHENTICATED']);
    expect(await incidents({}, foreignOperator)).toEqual([]);
    expect((await close(incident!.id, foreignOperator)).codes).toEqual(['NOT_FOUND']);
    expect((await close(incident!.id, driver)).codes).toEqual(['FORBIDDEN']);
    expect((await close('no-id')).codes).toEqual(['NOT_FOUND']);
    expect(await setRules({ blockClones: true, reason: 'x' }, driver)).toEqual(['FORBIDDEN']);
  });
});

describe('the rules of a tenant', () => {
  const RULES =
    '{ attemptRules { refusalDelayMs rules { rule enabled settings { name value default unit } } } }';

  it('are the defaults until they are changed, within bounds, each change in the audit log', async () => {
    const rules = async (asker: TestPrincipal) => {
      const { data } = await app.rig.graphql<{
        attemptRules: {
          rules: { rule: string; enabled: boolean; settings: { name: string; value: number }[] }[];
        };
      }>(asker, RULES);
      const { enabled, settings } = data!.attemptRules.rules.find(
        ({ rule }) => rule === 'TOKEN_AT_MANY_STATIONS',
      )!;
      return { enabled, stations: settings.find(({ name }) => name === 'stations')?.value };
    };
    expect(await rules(operator)).toEqual({ enabled: true, stations: 3 });
    const rule = 'TOKEN_AT_MANY_STATIONS';
    const wanted = { rule, enabled: false, settings: [{ name: 'stations', value: 7 }] };
    expect(await setRules({ rules: [wanted], reason: 'too many cards expire' })).toEqual([]);
    expect(await setRules({ rules: [wanted], reason: 'the same again' })).toEqual([]);
    expect(await rules(operator)).toEqual({ enabled: false, stations: 7 });
    expect(await rules(foreignOperator)).toEqual({ enabled: true, stations: 3 });
    for (const settings of [[{ name: 'stations', value: 1 }], [{ name: 'cards', value: 5 }]])
      expect(await setRules({ rules: [{ rule, settings }], reason: 'x' })).toEqual(['BAD_USER_INPUT']);
    expect(await setRules({ refusalDelayMs: 2_001, reason: 'x' })).toEqual(['BAD_USER_INPUT']);
    expect(await setRules({ refusalDelayMs: 1, reason: ' ' })).toEqual(['BAD_USER_INPUT']);
    const audit = await app.rig.sql(
      `select 1 from audit_entry where action = 'attempt_rules.changed' and reason like '%expire%'`,
    );
    expect(audit).toHaveLength(1);
  });
});
