// Real: Postgres (own role, row-level security), NATS, gRPC, HTTP. Played: auth and the gateway, behind real gRPC.
import { auth, events, sessions } from '@kilowatch/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ago, operator, SessionsRig } from './sessions-rig.js';

const { TransactionEventKind: Kind } = sessions;
const UPDATED = Kind.TRANSACTION_EVENT_KIND_UPDATED;
const ENDED = Kind.TRANSACTION_EVENT_KIND_ENDED;
const { DECISION_STATUS_ACCEPTED: ACCEPTED, DECISION_STATUS_BLOCKED: BLOCKED } = auth.DecisionStatus;

let app: SessionsRig;
beforeAll(async () => {
  app = await SessionsRig.start();
});
afterAll(() => app.close());
beforeEach(() => app.peers.reset());

const SESSION = `query($id: ID!) { session(id: $id) { state chargingState stopReason startMethod transactionId
  startedAt endedAt driver { id } token { id } statePeriods { state from to } connector { id status } } }`;

interface SessionData {
  state: string;
  chargingState: string;
  stopReason: string | null;
  startMethod: string;
  transactionId: string;
  startedAt: string;
  endedAt: string | null;
  driver: { id: string } | null;
  token: { id: string } | null;
  statePeriods: { state: string; from: string; to: string | null }[];
  connector: { id: string; status: string } | null;
}

async function session(id: string): Promise<SessionData> {
  const { data, errors } = await app.rig.graphql<{ session: SessionData }>(operator, SESSION, { id });
  expect(errors).toEqual([]);
  return data!.session;
}

async function publishedOf(sessionId: string) {
  const all = await Promise.all([
    app.rig.published(events.sessionStarted),
    app.rig.published(events.sessionChargingStateChanged),
    app.rig.published(events.sessionEnded),
  ]);
  const [started, changed, ended] = all.map((list) => list.filter((e) => e.session?.sessionId === sessionId));
  return { started: started!, changed: changed!, ended: ended! };
}

describe('OCPP 1.6', () => {
  it('starts with an unguessable id, follows the statuses and ends once', async () => {
    const station = await app.aStation();
    await app.status(station.id, 'Preparing', ago(31));
    const start = await app.start16(station.id, 'card-anna', ago(30));
    expect(start).toMatchObject({ tokenStatus: ACCEPTED, groupId: 'fleet', duplicate: false, orphan: false });
    expect(Number(start.transactionRef)).toBeGreaterThan(0);
    await app.status(station.id, 'Charging', ago(30));
    await app.status(station.id, 'SuspendedEV', ago(10));
    const stop = await app.stop16(station.id, start.transactionRef, ago(1), 'card-anna');
    expect(stop).toMatchObject({ sessionId: start.sessionId, tokenStatus: ACCEPTED });
    const found = await session(start.sessionId);
    expect(found).toMatchObject({ state: 'ENDED', stopReason: 'EVDisconnected', driver: { id: 'anna' } });
    expect(found.statePeriods.map((period) => period.state)).toEqual(['CHARGING', 'SUSPENDED_EV']);
    const { started, changed, ended } = await publishedOf(start.sessionId);
    expect([started.length, changed.length, ended.length]).toEqual([1, 2, 1]);
    const versions = [...started, ...changed, ...ended].map((event) => event.meta!.aggregateVersion);
    expect(versions).toEqual([1, 2, 3, 4]);
    expect(ended[0]!.session).toMatchObject({ accountId: 'anna', maxCurrentA: 32, phases: 3, evseNumber: 1 });
  });

  it('processed late takes the id that its charger was given, and the stop that waited under it', async () => {
    const station = await app.aStation();
    const stop = await app.stop16(station.id, '424242', ago(1), 'card-anna');
    expect(stop).toMatchObject({ orphan: true, sessionId: '' });
    const start = await app.start16(station.id, 'card-anna', ago(30), { assignedTransactionRef: '424242' });
    expect(start).toMatchObject({ transactionRef: '424242', duplicate: false });
    expect(await session(start.sessionId)).toMatchObject({ state: 'ENDED', transactionId: '424242' });
    const other = await app.start16(station.id, 'card-anna', ago(60), { assignedTransactionRef: '424242' });
    expect(other.transactionRef).not.toBe('424242');
  });

  it('Q31: a stop without id that came first ends its start, and metering is told whose its readings are', async () => {
    const station = await app.aStation();
    const stoppedAt = ago(1);
    expect(await app.stop16(station.id, '-1', stoppedAt, 'card-anna')).toMatchObject({ orphan: true });
    const start = await app.start16(station.id, 'card-anna', ago(30));
    expect(await session(start.sessionId)).toMatchObject({ state: 'ENDED', stopReason: 'EVDisconnected' });
    const again = await app.stop16(station.id, '-1', stoppedAt, 'card-anna');
    expect(again).toMatchObject({ sessionId: start.sessionId, duplicate: true, orphan: false });
    const told = (await app.rig.published(events.orphanAttached)).filter(
      (e) => e.sessionId === start.sessionId,
    );
    expect(told).toMatchObject([
      { transactionRef: start.transactionRef, orphanTransactionRef: '-1', evseNumber: 1 },
    ]);
    const { started, ended } = await publishedOf(start.sessionId);
    expect([started.length, ended.length]).toEqual([1, 1]);
  });

  it('answers a repeated stop without id with the session that it ended', async () => {
    const station = await app.aStation();
    const start = await app.start16(station.id, 'card-anna', ago(30));
    const at = ago(1);
    const { sessionId, transactionRef } = await app.stop16(station.id, '', at, 'card-anna');
    expect({ sessionId, transactionRef }).toEqual({
      sessionId: start.sessionId,
      transactionRef: start.transactionRef,
    });
    const again = await app.stop16(station.id, '', at, 'card-anna');
    expect(again).toMatchObject({ sessionId, transactionRef, duplicate: true, orphan: false });
  });

  it('answers a repeated start with the first transaction id, and asks auth once', async () => {
    const station = await app.aStation();
    const at = ago(5);
    const first = await app.start16(station.id, 'card-anna', at);
    const again = await app.start16(station.id, 'CARD-anna', at, { ocppMessageId: 'another' });
    expect(again).toEqual({ ...first, duplicate: true });
    expect(app.peers.decisions).toHaveLength(1);
    expect((await publishedOf(first.sessionId)).started).toHaveLength(1);
  });

  it('Q18, Q28: a start without a time that comes again has the first id; after the stop it is a new charge', async () => {
    const station = await app.aStation();
    const timeless = (receivedAt: Date) =>
      app.start16(station.id, 'card-anna', receivedAt, { occurredAt: undefined, receivedAt });
    const first = await timeless(ago(30));
    expect(await timeless(ago(29))).toEqual({ ...first, duplicate: true });
    await app.boot(station.id);
    expect(await timeless(ago(28))).toEqual({ ...first, duplicate: true });
    expect(app.peers.decisions).toHaveLength(1);
    await app.stop16(station.id, first.transactionRef, ago(20));
    const second = await timeless(ago(10));
    expect(second).toMatchObject({ duplicate: false, orphan: false });
    expect(second.transactionRef).not.toBe(first.transactionRef);
    expect(await timeless(ago(9))).toEqual({ ...second, duplicate: true });
    expect(app.peers.decisions).toHaveLength(2);
    // The very same message again, long after its end: what was set aside and is processed a second time.
    expect(await timeless(ago(30))).toMatchObject({ sessionId: first.sessionId, duplicate: true });
    expect(await session(first.sessionId)).toMatchObject({ endedAt: ago(20).toISOString() });
  });

  it('Q18, Q36: of a meter that begins at 0 each time, a start without a time is the same one for an hour only', async () => {
    const station = await app.aStation();
    const timeless = (receivedAt: Date, registerMwh: number) =>
      app.start16(station.id, 'card-anna', receivedAt, { occurredAt: undefined, receivedAt, registerMwh });
    const first = await timeless(ago(600), 0);
    expect(await timeless(ago(550), 0)).toEqual({ ...first, duplicate: true });
    // Its stop was lost.
    const next = await timeless(ago(30), 0);
    expect(next).toMatchObject({ duplicate: false });
    expect(await session(first.sessionId)).toMatchObject({ state: 'ENDED' });
    // A register that counts on has the same value only when nothing was charged in between.
    const counting = await app.aStation();
    const begun = (receivedAt: Date) =>
      app.start16(counting.id, 'card-anna', receivedAt, {
        occurredAt: undefined,
        receivedAt,
        registerMwh: 7_000,
      });
    const lone = await begun(ago(600));
    expect(await begun(ago(30))).toEqual({ ...lone, duplicate: true });
  });

  it('gives twenty repetitions at once one session', async () => {
    const station = await app.aStation();
    const at = ago(5);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => app.start16(station.id, 'card-anna', at)),
    );
    expect(new Set(answers.map((answer) => answer.transactionRef)).size).toBe(1);
    expect(answers.filter((answer) => !answer.duplicate)).toHaveLength(1);
  });

  it('acknowledges a repeated stop and changes nothing', async () => {
    const station = await app.aStation();
    const { transactionRef, sessionId } = await app.start16(station.id, 'card-anna', ago(9));
    await app.stop16(station.id, transactionRef, ago(3));
    const again = await app.stop16(station.id, transactionRef, ago(2));
    expect(again).toMatchObject({ sessionId, duplicate: true, orphan: false });
    expect((await session(sessionId)).endedAt).toBe(ago(3).toISOString());
    expect((await publishedOf(sessionId)).ended).toHaveLength(1);
  });

  it('keeps a stop of an unknown transaction and of one of another station as orphans', async () => {
    const [one, two] = [await app.aStation(), await app.aStation()];
    const start = await app.start16(one.id, 'card-anna', ago(9));
    const foreign = await app.stop16(two.id, start.transactionRef, ago(1));
    const unknown = await app.stop16(one.id, '99', ago(1));
    const repeated = await app.stop16(one.id, '99', ago(1));
    expect([foreign, unknown, repeated].map((answer) => [answer.orphan, answer.duplicate])).toEqual([
      [true, false],
      [true, false],
      [true, true],
    ]);
    expect((await session(start.sessionId)).state).toBe('ACTIVE');
    const orphaned = await app.rig.published(events.transactionOrphaned);
    expect(orphaned.filter((event) => [one.id, two.id].includes(event.stationId))).toHaveLength(2);
  });

  it('records a refused token without making its holder pay', async () => {
    const station = await app.aStation();
    const start = await app.start16(station.id, 'blocked-bob', ago(2));
    expect(start.tokenStatus).toBe(BLOCKED);
    expect(await session(start.sessionId)).toMatchObject({
      driver: null,
      token: { id: 'token-blocked-bob' },
    });
    const [row] = await app.rig.sql('select authorised from session where id = $1', [start.sessionId]);
    expect(row).toEqual({ authorised: false });
  });

  it('closes a ghost when the next start comes, and believes its own stop if that comes later', async () => {
    const station = await app.aStation();
    const ghost = await app.start16(station.id, 'card-anna', ago(60));
    const next = await app.start16(station.id, 'card-bob', ago(20));
    expect(await session(ghost.sessionId)).toMatchObject({
      state: 'ENDED',
      stopReason: 'SupersededByNewTransaction',
      endedAt: ago(20).toISOString(),
    });
    expect((await session(next.sessionId)).state).toBe('ACTIVE');
    await app.stop16(station.id, ghost.transactionRef, ago(30));
    expect(await session(ghost.sessionId)).toMatchObject({
      stopReason: 'EVDisconnected',
      endedAt: ago(30).toISOString(),
    });
    const versions = (await publishedOf(ghost.sessionId)).ended.map((event) => event.meta!.aggregateVersion);
    expect(versions).toEqual([2, 3]);
  });

  it('leaves the connector to the session that runs there when the ghost’s stop comes', async () => {
    const station = await app.aStation();
    const ghost = await app.start16(station.id, 'card-anna', ago(60));
    await app.start16(station.id, 'card-bob', ago(20));
    await app.stop16(station.id, ghost.transactionRef, ago(10));
    expect(await app.connectorStatus(station)).toBe('CHARGING');
  });

  it('tells auth which sessions of the token are open elsewhere', async () => {
    const [one, two] = [await app.aStation(), await app.aStation()];
    const first = await app.start16(one.id, 'card-carl', ago(9));
    await app.start16(two.id, 'card-carl', ago(8));
    expect(app.peers.decisions.at(-1)?.openSessionIds).toEqual([first.sessionId]);
  });

  it('T6: a session whose token was refused is no use of it: whoever copied a card does not keep its holder out', async () => {
    const [one, two] = [await app.aStation(), await app.aStation()];
    expect((await app.start16(one.id, 'blocked-cleo', ago(9))).tokenStatus).toBe(BLOCKED);
    await app.start16(two.id, 'blocked-cleo', ago(8));
    expect(app.peers.decisions.at(-1)?.openSessionIds).toEqual([]);
  });

  it('T8: asks auth about a start without a card, and takes it for nobody’s remote start', async () => {
    const station = await app.anOnlineStation();
    const at = ago(9);
    const start = await app.start16(station.id, '', at);
    expect(start.tokenStatus).toBe(ACCEPTED);
    expect(await app.start16(station.id, ' ', at)).toEqual({ ...start, duplicate: true });
    expect(app.peers.decisions).toHaveLength(1);
    expect(app.peers.decisions[0]!.openSessionIds).toEqual([]);
    expect(app.peers.appTokens).toEqual([]);
  });

  it('L6: takes a start that it hears of late for one without us, by the clock that the charger has', async () => {
    const station = await app.aStation();
    const begun = async (at: Date, parts: Partial<sessions.RecordTransactionEventRequest> = {}) => {
      const { sessionId } = await app.start16(station.id, 'card-anna', at, parts);
      const { startMethod } = await session(sessionId);
      const snapshot = (await publishedOf(sessionId)).started[0]!.session!;
      return [startMethod, snapshot.offline, app.peers.decisions.at(-1)!.offline];
    };
    const offline = ['OFFLINE', true, true];
    const online = ['RFID', false, false];
    expect(await begun(ago(30))).toEqual(offline);
    expect(await begun(ago(2))).toEqual(offline);
    expect(await begun(ago(0.5))).toEqual(online);
    // An hour behind, and an hour ahead.
    expect(await begun(ago(60), { clockOffsetSeconds: -3_600 })).toEqual(online);
    expect(await begun(ago(90), { clockOffsetSeconds: -3_600 })).toEqual(offline);
    expect(await begun(ago(-55), { clockOffsetSeconds: 3_600 })).toEqual(offline);
    // A clock that was never set says nothing.
    expect(await begun(new Date(0))).toEqual(online);
  });

  it('stores a stop while auth is away, and no start', async () => {
    const station = await app.aStation();
    const start = await app.start16(station.id, 'card-anna', ago(9));
    app.peers.authIsAway = true;
    const stop = await app.stop16(station.id, start.transactionRef, ago(1), 'card-zoe');
    expect(stop.tokenStatus).toBeUndefined();
    expect((await session(start.sessionId)).state).toBe('ENDED');
    await expect(app.start16(station.id, 'card-anna', ago(0))).rejects.toMatchObject({ kind: 'UNAVAILABLE' });
  });
});

describe('OCPP 2.0.1', () => {
  it('makes a session of its own of a start under the id of one that has ended, once however often it is told', async () => {
    const station = await app.aStation();
    const said = { transactionRef: '1', idToken: { value: 'card-anna', type: 'ISO14443' } };
    const bob = { ...said, idToken: { value: 'card-bob', type: 'ISO14443' } };
    const first = await app.event(station.id, { ...said, seqNo: 0, occurredAt: ago(90) });
    await app.event(station.id, { transactionRef: '1', kind: ENDED, seqNo: 1, occurredAt: ago(60) });
    const before = await publishedOf(first.sessionId);
    const start = { ...said, seqNo: 0, occurredAt: ago(30) };
    const second = await app.event(station.id, start);
    expect(second).toMatchObject({
      orphan: false,
      duplicate: false,
      tokenStatus: ACCEPTED,
      transactionRef: '1',
    });
    expect(second.sessionId).not.toBe(first.sessionId);
    expect(await app.event(station.id, start)).toMatchObject({
      sessionId: second.sessionId,
      duplicate: true,
    });
    const keys = app.peers.decisions.map(({ decisionKey }) => decisionKey);
    expect(new Set(keys).size).toBe(2);
    for (const [kind, seqNo, at] of [
      [UPDATED, 1, 29],
      [ENDED, 2, 1],
    ] as const)
      expect(await app.event(station.id, { ...bob, kind, seqNo, occurredAt: ago(at) })).toMatchObject({
        orphan: false,
        sessionId: second.sessionId,
      });
    expect(await session(first.sessionId)).toMatchObject({ driver: { id: 'anna' }, transactionId: '1' });
    expect(await publishedOf(first.sessionId)).toEqual(before);
    expect(await session(second.sessionId)).toMatchObject({
      state: 'ENDED',
      driver: { id: 'anna' },
      transactionId: '1',
      endedAt: ago(1).toISOString(),
    });
    const { started, ended } = await publishedOf(second.sessionId);
    expect(started.map((event) => event.session)).toMatchObject([
      { transactionRef: '1', ownTransactionRef: `1|${ago(30).toISOString()}` },
    ]);
    expect(ended).toHaveLength(1);
    expect(before.started[0]!.session).toMatchObject({ transactionRef: '1', ownTransactionRef: '' });
  });

  it('closes a session whose id begins anew, and asks the station to stop the new one by the id that it knows', async () => {
    const station = await app.aStation();
    const said = { transactionRef: 'again', idToken: { value: 'card-anna', type: 'ISO14443' } };
    const first = await app.event(station.id, { ...said, seqNo: 0, occurredAt: ago(30) });
    await app.event(station.id, { ...said, kind: UPDATED, seqNo: 1, occurredAt: ago(29) });
    const second = await app.event(station.id, { ...said, seqNo: 0, occurredAt: ago(10) });
    expect(second).toMatchObject({ tokenStatus: ACCEPTED });
    expect(await session(first.sessionId)).toMatchObject({
      state: 'ENDED',
      stopReason: 'SupersededByNewTransaction',
      endedAt: ago(10).toISOString(),
    });
    expect(await session(second.sessionId)).toMatchObject({ state: 'ACTIVE' });
    const { codes } = await app.rig.graphql(
      operator,
      'mutation($id: ID!) { stopSession(input: { sessionId: $id }) { __typename } }',
      { id: second.sessionId },
    );
    expect(codes).toEqual([]);
    expect(app.peers.commands.map((command) => command.requestStop)).toEqual([{ transactionRef: 'again' }]);
    await app.event(station.id, { ...said, kind: ENDED, seqNo: 5, occurredAt: ago(12) });
    expect(await session(first.sessionId)).toMatchObject({ endedAt: ago(12).toISOString() });
  });

  it('keeps what it cannot tell to be another charge under an id that has ended away from it, and says so', async () => {
    const station = await app.aStation();
    const said = { transactionRef: '1', idToken: { value: 'card-anna', type: 'ISO14443' } };
    const first = await app.event(station.id, { ...said, seqNo: 0, occurredAt: ago(90) });
    await app.event(station.id, { transactionRef: '1', kind: ENDED, seqNo: 1, occurredAt: ago(60) });
    const before = await publishedOf(first.sessionId);
    const again = await app.event(station.id, { ...said, seqNo: 0, occurredAt: undefined });
    expect(again).toMatchObject({ orphan: true, sessionId: '', tokenStatus: ACCEPTED });
    // Auth keeps its decision by key.
    expect(new Set(app.peers.decisions.map(({ decisionKey }) => decisionKey)).size).toBe(2);
    expect(await app.event(station.id, { ...said, kind: ENDED, seqNo: 7, occurredAt: ago(1) })).toMatchObject(
      { orphan: true },
    );
    expect(await publishedOf(first.sessionId)).toEqual(before);
    const told = (await app.rig.published(events.transactionOrphaned)).filter(
      ({ stationId }) => stationId === station.id,
    );
    expect(told.map(({ kind, reason }) => [kind, reason])).toEqual([
      ['STARTED', 'REUSED_TRANSACTION_ID'],
      ['ENDED', 'REUSED_TRANSACTION_ID'],
    ]);
    expect(told[0]).toMatchObject({ stationIdentity: station.identity, locationName: 'Depot' });
  });

  it('walks from cable to end, with the token after the start', async () => {
    const station = await app.aStation();
    const ref = 'c0ffee-1';
    await app.status(station.id, 'Occupied', ago(30), { protocol: 'ocpp2.0.1' });
    expect(await app.connectorStatus(station)).toBe('PREPARING');
    const start = await app.event(station.id, { transactionRef: ref, seqNo: 0, occurredAt: ago(30) });
    expect(start.tokenStatus).toBeUndefined();
    const idToken = { value: 'card-anna', type: 'ISO14443' };
    const authorised = await app.event(station.id, {
      kind: UPDATED,
      transactionRef: ref,
      seqNo: 1,
      idToken,
      trigger: 'Authorized',
      occurredAt: ago(29),
    });
    expect(authorised).toMatchObject({ sessionId: start.sessionId, tokenStatus: ACCEPTED });
    await app.event(station.id, {
      kind: UPDATED,
      transactionRef: ref,
      seqNo: 2,
      chargingState: 'Charging',
      evseNumber: 0,
      occurredAt: ago(28),
    });
    expect(await app.connectorStatus(station)).toBe('CHARGING');
    expect(await session(start.sessionId)).toMatchObject({
      chargingState: 'CHARGING',
      driver: { id: 'anna' },
    });
    await app.event(station.id, { kind: ENDED, transactionRef: ref, seqNo: 5, occurredAt: ago(2) });
    const twice = await app.event(station.id, {
      kind: ENDED,
      transactionRef: ref,
      seqNo: 6,
      occurredAt: ago(1),
    });
    expect(twice.sessionId).toBe(start.sessionId);
    expect(await session(start.sessionId)).toMatchObject({ state: 'ENDED', endedAt: ago(2).toISOString() });
    expect((await publishedOf(start.sessionId)).ended).toHaveLength(1);
    expect(await app.connectorStatus(station)).toBe('FINISHING');
    const [row] = await app.rig.sql('select seq_gaps from session where id = $1', [start.sessionId]);
    expect(row).toEqual({ seq_gaps: 2 });
  });

  it('C01: decides anew about a refused token that is shown once more in its transaction, and stays with yes', async () => {
    const station = await app.aStation();
    const shown = (seqNo: number, occurredAt: Date, parts = {}) =>
      app.event(station.id, {
        kind: UPDATED,
        transactionRef: 'again',
        trigger: 'Authorized',
        idToken: { value: 'blocked-dina', type: 'ISO14443' },
        ...{ seqNo, occurredAt },
        ...parts,
      });
    const start = await shown(0, ago(30), { kind: Kind.TRANSACTION_EVENT_KIND_STARTED });
    expect(start.tokenStatus).toBe(BLOCKED);
    app.peers.blockedAreWelcome = true;
    // The same message once more, and one that shows nothing anew.
    expect((await shown(0, ago(30), { kind: Kind.TRANSACTION_EVENT_KIND_STARTED })).tokenStatus).toBe(
      BLOCKED,
    );
    expect((await shown(1, ago(29), { trigger: 'MeterValuePeriodic' })).tokenStatus).toBe(BLOCKED);
    expect((await session(start.sessionId)).driver).toBeNull();
    expect((await shown(2, ago(20))).tokenStatus).toBe(ACCEPTED);
    expect((await session(start.sessionId)).driver).toEqual({ id: 'dina' });
    app.peers.blockedAreWelcome = false;
    for (const seqNo of [2, 3]) expect((await shown(seqNo, ago(22 - seqNo))).tokenStatus).toBe(ACCEPTED);
    expect(app.peers.decisions).toHaveLength(2);
  });

  it('C02: asks auth about the start button, whose value counts for nobody, and once', async () => {
    const [station, other] = [await app.aStation(), await app.aStation()];
    const button = (value: string) => ({ idToken: { value, type: 'NoAuthorization' } });
    const event = { transactionRef: 'button', seqNo: 0, occurredAt: ago(9), trigger: 'Authorized' };
    const start = await app.event(station.id, { ...event, ...button('') });
    expect(start.tokenStatus).toBe(ACCEPTED);
    expect(app.peers.decisions.at(-1)).toMatchObject({
      purpose: auth.DecisionPurpose.DECISION_PURPOSE_START,
      idToken: { value: '', type: 'NoAuthorization' },
      openSessionIds: [],
    });
    const more = { ...event, kind: UPDATED, seqNo: 1, occurredAt: ago(8) };
    expect((await app.event(station.id, { ...more, ...button('') })).tokenStatus).toBe(ACCEPTED);
    await app.event(other.id, { ...event, transactionRef: 'button-2', ...button('card-anna') });
    expect(app.peers.decisions).toHaveLength(2);
    expect(app.peers.decisions.at(-1)?.openSessionIds).toEqual([]);
    expect((await session(start.sessionId)).driver).toBeNull();
  });

  it('C02: a button pressed while somebody charges asks nobody and stops nobody', async () => {
    const station = await app.aStation();
    const event = { transactionRef: 'beside', seqNo: 0, occurredAt: ago(9), trigger: 'Authorized' };
    await app.event(station.id, { ...event, idToken: { value: 'card-anna', type: 'ISO14443' } });
    const pressed = await app.event(station.id, {
      ...event,
      kind: UPDATED,
      seqNo: 1,
      occurredAt: ago(8),
      idToken: { value: '', type: 'NoAuthorization' },
    });
    expect(pressed.tokenStatus).toBeUndefined();
    expect(app.peers.decisions).toHaveLength(1);
  });

  it('C17.FR.03: says what a session may cost with the message that names the token, and not with each', async () => {
    const station = await app.aStation();
    const event = {
      transactionRef: 'prepaid',
      occurredAt: ago(9),
      idToken: { value: 'prepaid-anna', type: 'ISO14443' },
    };
    const maxCost = { amount: '12.50', currency: 'EUR' };
    expect((await app.event(station.id, { ...event, seqNo: 0 })).maxCost).toEqual(maxCost);
    expect((await app.event(station.id, { ...event, seqNo: 0 })).maxCost).toEqual(maxCost);
    const more = await app.event(station.id, { ...event, kind: UPDATED, seqNo: 1, occurredAt: ago(8) });
    expect([more.tokenStatus, more.maxCost]).toEqual([ACCEPTED, undefined]);
    const end = await app.event(station.id, { ...event, kind: ENDED, seqNo: 2, occurredAt: ago(7) });
    expect([end.tokenStatus, end.maxCost]).toEqual([ACCEPTED, undefined]);
  });

  it('adopts what came before Started', async () => {
    const station = await app.aStation();
    const ref = 'early';
    const idToken = { value: 'card-anna', type: 'ISO14443' };
    const end = { kind: ENDED, transactionRef: ref, seqNo: 2, occurredAt: ago(5), stoppedReason: 'Local' };
    const update = {
      kind: UPDATED,
      transactionRef: ref,
      seqNo: 1,
      occurredAt: ago(20),
      chargingState: 'Charging',
      idToken,
    };
    expect(await app.event(station.id, end)).toMatchObject({ orphan: true, sessionId: '' });
    expect(await app.event(station.id, update)).toMatchObject({ orphan: true, tokenStatus: ACCEPTED });
    const start = await app.event(station.id, { transactionRef: ref, seqNo: 0, occurredAt: ago(21) });
    const found = await session(start.sessionId);
    expect(found).toMatchObject({ state: 'ENDED', stopReason: 'Local', driver: { id: 'anna' } });
    expect(found.statePeriods.map((period) => period.state)).toEqual(['EV_CONNECTED', 'CHARGING']);
    const left = await app.rig.sql(
      'select id from orphan_message where station_id = $1 and adopted_by is null',
      [station.id],
    );
    expect(left).toEqual([]);
    const { started, ended } = await publishedOf(start.sessionId);
    expect([...started, ...ended].map((event) => event.meta!.aggregateVersion)).toEqual([1, 2]);
  });

  it('never lets an offline queue touch what the connector shows now', async () => {
    const station = await app.aStation();
    await app.status(station.id, 'Available', ago(1), { protocol: 'ocpp2.0.1' });
    const offline = { transactionRef: 'queued', offline: true } as const;
    const start = await app.event(station.id, {
      ...offline,
      seqNo: 0,
      occurredAt: ago(90),
      chargingState: 'Charging',
      idToken: { value: 'card-anna', type: 'ISO14443' },
    });
    expect(await app.connectorStatus(station)).toBe('AVAILABLE');
    await app.event(station.id, { ...offline, kind: ENDED, seqNo: 1, occurredAt: ago(60) });
    expect(await session(start.sessionId)).toMatchObject({ state: 'ENDED', startMethod: 'OFFLINE' });
    expect(await app.connectorStatus(station)).toBe('AVAILABLE');
  });
});

describe('bad input', () => {
  it('refuses an unknown station, another tenant and numbers out of range', async () => {
    const station = await app.aStation();
    const message = { transactionRef: 'x', seqNo: 0 };
    const refusals = [
      [() => app.event('no-uuid', message), 'NOT_FOUND'],
      [() => app.event('019b76da-a800-7000-8000-000000000000', message), 'NOT_FOUND'],
      [() => app.event(station.id, message, 'other'), 'NOT_FOUND'],
      [() => app.event(station.id, { ...message, evseNumber: -1 }), 'INVALID'],
      [() => app.event(station.id, { ...message, connectorNumber: -1 }), 'INVALID'],
      [() => app.event(station.id, { ...message, seqNo: -1 }), 'INVALID'],
      [() => app.event(station.id, { ...message, transactionRef: '' }), 'INVALID'],
      [() => app.event(station.id, { ...message, kind: 0 }), 'INVALID'],
      [() => app.status('no-uuid', 'Available', ago(0)), 'NOT_FOUND'],
      [() => app.status(station.id, 'Available', ago(0), { evseNumber: -3 }), 'INVALID'],
    ] as const;
    for (const [call, kind] of refusals) await expect(call()).rejects.toMatchObject({ kind });
    expect(await app.rig.sql('select id from session where station_id = $1', [station.id])).toEqual([]);
  });

  it('replaces times no clock can mean by the time of receipt', async () => {
    const station = await app.aStation();
    const receivedAt = ago(1);
    const start = await app.start16(station.id, 'card-anna', new Date('1970-01-01T00:00:07Z'), {
      receivedAt,
    });
    expect((await session(start.sessionId)).startedAt).toBe(receivedAt.toISOString());
  });
});
