// Real: Postgres, NATS, gRPC, GraphQL. Played: sessions and billing by their events, the gateway by its calls.
import { randomUUID } from 'node:crypto';
import { auth as contract, billing, events, sessions } from '@kilowatch/contracts';
import { waitFor } from '@kilowatch/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { admin, AuthRig, foreignOperator, operator } from './auth-rig.js';

const { DecisionStatus: Status, DecisionPurpose: Purpose } = contract;
const START = { purpose: Purpose.DECISION_PURPOSE_START };
const SET_POLICY = `mutation($input: SetAuthorizationPolicyInput!) { setAuthorizationPolicy(input: $input) {
  policy { locationId chosen { freeVend cacheHours } effective { freeVend startButton cacheHours } } } }`;

describe('what operators decide about authorisation', () => {
  let auth: AuthRig;
  let locationId: string;
  let stationId: string;
  beforeAll(async () => {
    auth = await AuthRig.start();
  });
  afterAll(() => auth.close());

  /** Billing says what an account may spend, and it is known. */
  async function fundsTold(
    accountId: string,
    version: number,
    over: Partial<billing.AccountFundsChanged>,
  ): Promise<void> {
    const money = (amount: string) => ({ amount, currency: 'EUR' });
    const payload = { accountId, kind: 'PREPAID', currency: 'EUR', minimumToStart: money('5.00'), ...over };
    await auth.rig.publish(
      events.accountFundsChanged,
      { aggregateId: accountId || 'all', version },
      billing.AccountFundsChanged.fromPartial(payload),
    );
    await waitFor('the word to be known', async () => {
      const known = 'select 1 from account_funds where account_id = $1 and version >= $2';
      return (await auth.rig.sql(known, [accountId, version])).length > 0;
    });
  }

  beforeEach(async () => {
    locationId = randomUUID();
    stationId = randomUUID();
    await placeStation();
  });

  async function placeStation(): Promise<void> {
    const evse = (number: number, powerType: string) => ({ number, connectors: [{ powerType }] });
    const station = { stationId, identity: 'CP', locationId, evses: [evse(1, 'AC_3_PHASE'), evse(2, 'DC')] };
    const location = { locationId, name: 'Harbour', timeZone: 'Europe/Berlin', stations: [station] };
    await auth.rig.publish(
      events.locationChanged,
      { aggregateId: locationId, version: 1 },
      sessions.LocationChanged.fromPartial({ location }),
    );
    await waitFor('the station is known', () =>
      auth.rig.sql('select 1 from known_station where station_id = $1', [stationId]).then((rows) => rows[0]),
    );
  }

  async function setPolicy(input: Record<string, unknown>, asker = admin) {
    const { data, errors } = await auth.rig.graphql<{ setAuthorizationPolicy: { policy: unknown } }>(
      asker,
      SET_POLICY,
      { input },
    );
    return data?.setAuthorizationPolicy?.policy ?? errors?.[0]?.extensions?.['code'];
  }

  const button = () =>
    auth.decide('', { stationId, idToken: { value: '', type: 'NoAuthorization' } }).then((one) => one.status);

  it('counts for the location, else for the company, and can be taken back', async () => {
    expect(await button()).toBe(Status.DECISION_STATUS_INVALID);
    await setPolicy({ startButton: true });
    expect(await button()).toBe(Status.DECISION_STATUS_ACCEPTED);
    await setPolicy({ locationId, startButton: false });
    expect(await button()).toBe(Status.DECISION_STATUS_INVALID);
    await setPolicy({ locationId, startButton: null });
    expect(await button()).toBe(Status.DECISION_STATUS_ACCEPTED);
    await setPolicy({ startButton: null });
    expect(await button()).toBe(Status.DECISION_STATUS_INVALID);
  });

  it('takes a start button for one whatever value and spelling it comes with, and records each start (C02, T8)', async () => {
    await auth.importTokens([{ value: 'BUTTON01', status: 'BLOCKED' }, { value: 'BUTTON02' }]);
    const press = (value: string, type: string) =>
      auth.decide('', { ...START, stationId, idToken: { value, type }, decisionKey: randomUUID() });
    for (const value of ['', 'BUTTON01', 'BUTTON02'])
      expect(await press(value, 'noauthorization')).toMatchObject({
        status: Status.DECISION_STATUS_INVALID,
        reason: 'start_button_is_off',
        tokenId: '',
        groupId: '',
      });
    await setPolicy({ locationId, freeVend: true });
    expect(await press('BUTTON01', 'NoAuthorization')).toMatchObject({
      status: Status.DECISION_STATUS_ACCEPTED,
      reason: 'free_vend',
      tokenId: '',
      accountId: '',
      tokenMasked: '****',
    });
    const rows = await auth.rig.sql<{ token_type: string; purpose: string }>(
      'select token_type, purpose from authorization_decision where station_id = $1',
      [stationId],
    );
    expect(rows).toEqual(
      Array.from({ length: 4 }, () => ({ token_type: 'NoAuthorization', purpose: 'START' })),
    );
  });

  it('goes by what a vehicle was enrolled as, whatever the station says it is (T13)', async () => {
    await auth.importTokens([{ value: '0011223344FF', type: 'MacAddress' }]);
    const ask = (type: string) => auth.decide('', { stationId, idToken: { value: '0011223344ff', type } });
    for (const type of ['Unknown', 'ISO14443', 'Central', 'KeyCode', 'macaddress'])
      expect(await ask(type)).toMatchObject({
        status: Status.DECISION_STATUS_INVALID,
        reason: 'autocharge_is_off',
      });
    await setPolicy({ locationId, autocharge: true });
    for (const type of ['Unknown', 'macaddress']) {
      const decision = await ask(type);
      expect(decision).toMatchObject({ status: Status.DECISION_STATUS_ACCEPTED, weak: true });
      expect(decision.cacheExpiry!.getTime()).toBeLessThanOrEqual(Date.now());
    }
  });

  it('holds a token as long as those of 2.1 (T2)', async () => {
    const value = 'L'.repeat(255);
    expect(await auth.importTokens([{ value }, { value: `${value}L` }])).toMatchObject({
      created: 1,
      problems: [{ index: 1, code: 'AUTH_TOKEN_VALUE' }],
    });
    expect((await auth.decide(value, { stationId })).status).toBe(Status.DECISION_STATUS_ACCEPTED);
  });

  it('is in the audit, stays within the company, and names only places of it', async () => {
    await setPolicy({ locationId, cacheHours: 2 });
    const entries = await auth.rig.sql<{ action: string }>(
      `select action from audit_entry where target_id = $1`,
      [locationId],
    );
    expect(entries).toEqual([{ action: 'authorization_policy.changed' }]);
    expect(await setPolicy({ locationId, cacheHours: 2 }, foreignOperator)).toBe('NOT_FOUND');
    expect(await setPolicy({ locationId: randomUUID(), cacheHours: 2 })).toBe('NOT_FOUND');
    expect(await setPolicy({ locationId, cacheHours: -1 })).toBe('BAD_USER_INPUT');
  });

  it('limits a token to places and kinds of EVSEs, and tells the station which', async () => {
    await auth.importTokens([
      { value: 'LIMITED01', limits: { locationIds: [locationId], powerTypes: ['DC'] } },
      { value: 'ELSEWHERE1', limits: { locationIds: [randomUUID()] } },
    ]);
    const asked = await auth.decide('LIMITED01', { stationId, evseNumber: 0 });
    expect(asked).toMatchObject({ status: Status.DECISION_STATUS_ACCEPTED, evseNumbers: [2] });
    expect(await auth.decide('LIMITED01', { ...START, stationId, evseNumber: 1 })).toMatchObject({
      status: Status.DECISION_STATUS_NOT_ALLOWED_TYPE_EVSE,
    });
    expect(await auth.decide('ELSEWHERE1', { stationId })).toMatchObject({
      status: Status.DECISION_STATUS_NOT_AT_THIS_LOCATION,
    });
  });

  it('keeps a code of a keypad as a keyed hash only, and finds it again over 1.6 too (C04)', async () => {
    await auth.importTokens([{ value: '4711', type: 'KeyCode' }]);
    const rows = await auth.rig.sql<{ value: string; value_key: string }>(
      `select value, value_key from token where type = 'KeyCode'`,
    );
    expect(rows).toEqual([{ value: '', value_key: expect.stringMatching(/^code:/) as string }]);
    const ask = (type: string, value = '4711') => auth.decide('', { stationId, idToken: { value, type } });
    expect(await ask('KeyCode')).toMatchObject({
      status: Status.DECISION_STATUS_ACCEPTED,
      tokenMasked: '****',
    });
    expect((await ask('Unknown')).status).toBe(Status.DECISION_STATUS_ACCEPTED);
    expect((await ask('KeyCode', '4712')).status).toBe(Status.DECISION_STATUS_UNKNOWN);
    expect((await ask('ISO14443')).status).toBe(Status.DECISION_STATUS_UNKNOWN);
  });

  it('finds a contract with and without its check character and hyphens (ISO 15118-2 Annex H)', async () => {
    await setPolicy({ contractWithoutCertificate: 'BY_TOKEN' });
    await auth.importTokens([{ value: 'NN-123-ABCDEFGHI-T', type: 'eMAID' }]);
    for (const [value, type] of [
      ['nn123abcdefghi', 'eMAID'],
      ['NN123ABCDEFGHIT', 'eMAID'],
      ['NN123ABCDEFGHI', 'Unknown'],
    ] as const) {
      const decision = await auth.decide('', { stationId, idToken: { value, type } });
      expect(decision.status).toBe(Status.DECISION_STATUS_ACCEPTED);
    }
    await setPolicy({ contractWithoutCertificate: null });
    const bare = await auth.decide('', { stationId, idToken: { value: 'NN123ABCDEFGHIT', type: 'eMAID' } });
    expect(bare).toMatchObject({
      status: Status.DECISION_STATUS_INVALID,
      certificateStatus: 'NoCertificateAvailable',
    });
  });

  it('lets a prepaid token charge from its credit only, and says how much once (C17)', async () => {
    const { accountId } = await auth.createPerson('prepaid@example.org');
    await auth.importTokens([{ value: 'PREPAID1', accountEmail: 'prepaid@example.org', prepaid: true }]);
    expect((await auth.decide('PREPAID1', { stationId })).status).toBe(Status.DECISION_STATUS_NO_CREDIT);
    const told = async (amount: string, version: number) => {
      const balance = { amount, currency: 'EUR' };
      await auth.rig.publish(
        events.walletChanged,
        { aggregateId: accountId, version },
        billing.WalletChanged.fromPartial({ accountId, balance }),
      );
    };
    await told('12.50', 2);
    await waitFor('the credit is known', () =>
      auth.rig.sql('select 1 from account_credit where account_id = $1', [accountId]).then((rows) => rows[0]),
    );
    await told('99.00', 1);
    const asked = await auth.decide('PREPAID1', { stationId });
    expect(asked.status).toBe(Status.DECISION_STATUS_ACCEPTED);
    expect(asked.credit).toBeUndefined();
    expect(asked.cacheExpiry!.getTime()).toBeLessThanOrEqual(Date.now());
    const started = await auth.decide('PREPAID1', { ...START, stationId, decisionKey: 'start-1' });
    expect(started.credit).toEqual({ amount: '12.50', currency: 'EUR' });
  });

  it('refuses whom billing says has too little to start, without asking it, and counts the newest word', async () => {
    const { accountId } = await auth.createPerson('funds@example.org');
    await auth.importTokens([{ value: 'FUNDED1', accountEmail: 'funds@example.org' }]);
    const told = (version: number, over: Partial<billing.AccountFundsChanged>) =>
      fundsTold(accountId, version, over);
    const status = async () => (await auth.decide('FUNDED1', { stationId })).status;
    expect(await status()).toBe(Status.DECISION_STATUS_ACCEPTED);
    await told(2, { available: { amount: '5.00', currency: 'EUR' } });
    const asked = await auth.decide('FUNDED1', { stationId });
    expect(asked.status).toBe(Status.DECISION_STATUS_ACCEPTED);
    expect(asked.cacheExpiry!.getTime()).toBeLessThanOrEqual(Date.now());
    const started = await auth.decide('FUNDED1', { ...START, stationId, decisionKey: 'funded-1' });
    expect(started.credit).toEqual({ amount: '5.00', currency: 'EUR' });
    await told(3, { available: { amount: '4.99', currency: 'EUR' } });
    await told(2, { available: { amount: '50.00', currency: 'EUR' } });
    expect(await status()).toBe(Status.DECISION_STATUS_NO_CREDIT);
    await told(4, { blocked: true });
    expect(await status()).toBe(Status.DECISION_STATUS_NO_CREDIT);
    await told(5, {});
    expect(await status()).toBe(Status.DECISION_STATUS_ACCEPTED);
    expect(
      (await auth.decide('FUNDED1', { ...START, stationId, decisionKey: 'funded-2' })).credit,
    ).toBeUndefined();
  });

  it('goes by what is said for all where nothing is known of an account, and of no card that is nobody’s', async () => {
    await auth.createPerson('unheard@example.org');
    await auth.importTokens([
      { value: 'UNHEARD1', accountEmail: 'unheard@example.org' },
      { value: 'NOBODYS1' },
    ]);
    const status = async (value: string) => (await auth.decide(value, { stationId })).status;
    await fundsTold('', 1, { available: { amount: '0.00', currency: 'EUR' } });
    expect(await status('UNHEARD1')).toBe(Status.DECISION_STATUS_NO_CREDIT);
    expect(await status('NOBODYS1')).toBe(Status.DECISION_STATUS_ACCEPTED);
    await fundsTold('', 2, {});
    expect(await status('UNHEARD1')).toBe(Status.DECISION_STATUS_ACCEPTED);
  });

  it('explains a decision without making one', async () => {
    await auth.importTokens([{ value: 'EXPLAINED', limits: { locationIds: [randomUUID()] } }]);
    const { data } = await auth.rig.graphql<{ explainAuthorization: Record<string, unknown> }>(
      operator,
      `query($input: ExplainAuthorizationInput!) { explainAuthorization(input: $input) {
        status reason steps { rule status text } } }`,
      { input: { token: 'EXPLAINED', stationId } },
    );
    const { status, reason, steps } = data!.explainAuthorization as Record<string, never> & {
      steps: { rule: string; status: string | null; text: string }[];
    };
    expect([status, reason]).toEqual(['NOT_AT_THIS_LOCATION', 'location_not_allowed']);
    expect(steps.at(-1)).toEqual({
      rule: 'location',
      status: 'NOT_AT_THIS_LOCATION',
      text: 'The token is limited to other locations.',
    });
    expect(steps[0]).toMatchObject({ rule: 'start_button', status: null });
    const decided = await auth.rig.sql('select 1 from authorization_decision where station_id = $1', [
      stationId,
    ]);
    expect(decided).toEqual([]);
  });

  it('C01.FR.24: a second token waits while a session goes on with a refused one, and explain says so', async () => {
    const [refused, second] = ['04DEAD000001', '04DEAD000002'];
    await auth.importTokens([
      { value: refused, status: 'BLOCKED' },
      { value: second, groupId: 'G-WAIT' },
    ]);
    const { tokenId } = await auth.decide(refused, { stationId });
    const tell = (sessionId: string, version: number, over: Partial<sessions.SessionSnapshot>) => {
      const session = sessions.SessionSnapshot.fromPartial({
        sessionId,
        stationId,
        status: 'ACTIVE',
        evseNumber: 1,
        tokenId,
        tokenRefused: true,
        startedAt: new Date(),
        ...over,
      });
      return auth.rig.publish(events.sessionStarted, { aggregateId: sessionId, version }, { session });
    };
    const waiting = async (count: number) =>
      waitFor(`${count} that wait`, async () => {
        const sql = 'select 1 from refused_session where station_id = $1 and waits';
        return (await auth.rig.sql(sql, [stationId])).length === count;
      });
    const shown = async (value = second) => (await auth.decide(value, { stationId, evseNumber: 0 })).status;
    const [atOne, atTwo] = [randomUUID(), randomUUID()];
    await tell(atOne, 1, {});
    await waiting(1);
    expect(await shown()).toBe(Status.DECISION_STATUS_ACCEPTED);
    // The other one is of a token that nobody has.
    await tell(atTwo, 1, { evseNumber: 2, tokenId: '' });
    await waiting(2);
    expect(await shown()).toBe(Status.DECISION_STATUS_NOT_AT_THIS_TIME);
    expect(await shown(refused)).toBe(Status.DECISION_STATUS_BLOCKED);
    expect((await auth.decide(second, { stationId, ...START })).status).toBe(Status.DECISION_STATUS_ACCEPTED);
    const { data } = await auth.rig.graphql<{
      explainAuthorization: { status: string; reason: string; steps: { rule: string; text: string }[] };
    }>(
      operator,
      `query($input: ExplainAuthorizationInput!) { explainAuthorization(input: $input) { status reason steps { rule text } } }`,
      { input: { stationId, token: second } },
    );
    expect(data?.explainAuthorization).toMatchObject({
      status: 'NOT_AT_THIS_TIME',
      reason: 'waiting_for_other_token',
    });
    expect(data?.explainAuthorization.steps.at(-1)).toMatchObject({
      rule: 'waiting',
      text: expect.stringContaining('has to end first') as string,
    });
    // A second token was accepted after all within the one, and the other ended; what comes late changes nothing.
    await tell(atOne, 3, { tokenRefused: false });
    await waiting(1);
    await tell(atOne, 2, {});
    expect(await shown()).toBe(Status.DECISION_STATUS_ACCEPTED);
    await tell(atTwo, 2, { evseNumber: 2, tokenId: '', status: 'ENDED' });
    await waiting(0);
    expect(
      await auth.rig.sql('select 1 from refused_session where station_id = $1', [stationId]),
    ).toHaveLength(2);
  });

  it('C01.FR.24: a session whose end was told first makes nobody wait, however late its beginning is told', async () => {
    await auth.importTokens([{ value: '04DEAD000011', status: 'BLOCKED' }, { value: '04DEAD000012' }]);
    const { tokenId } = await auth.decide('04DEAD000011', { stationId });
    const tell = (sessionId: string, version: number, over: Partial<sessions.SessionSnapshot>) => {
      const session = sessions.SessionSnapshot.fromPartial({
        sessionId,
        stationId,
        status: 'ACTIVE',
        evseNumber: 1,
        tokenId,
        tokenRefused: true,
        startedAt: new Date(),
        ...over,
      });
      return auth.rig.publish(events.sessionStarted, { aggregateId: sessionId, version }, { session });
    };
    const [ended, unknown, allowed] = [randomUUID(), randomUUID(), randomUUID()];
    await tell(ended, 3, { status: 'ENDED' });
    await tell(unknown, 3, { status: 'ENDED', tokenId: '' });
    await tell(allowed, 3, { status: 'ENDED', tokenRefused: false });
    for (const [sessionId, over] of [
      [ended, {}],
      [unknown, { tokenId: '' }],
      [allowed, {}],
    ] as const)
      await tell(sessionId, 1, over);
    // Events of a stream come in their order: what is told after them is known when they are.
    const last = randomUUID();
    await tell(last, 1, { evseNumber: 2 });
    await waitFor('the last of them', async () => {
      const sql = 'select 1 from refused_session where session_id = $1 and waits';
      return (await auth.rig.sql(sql, [last])).length === 1;
    });
    const waiting = await auth.rig.sql(
      'select session_id from refused_session where station_id = $1 and waits',
      [stationId],
    );
    expect(waiting).toEqual([{ session_id: last }]);
    const { status } = await auth.decide('04DEAD000012', { stationId, evseNumber: 1 });
    expect(status).toBe(Status.DECISION_STATUS_ACCEPTED);
  });

  it('T6: a session whose token is refused keeps nobody from charging elsewhere, one that was accepted after all does', async () => {
    const value = '04DEAD000021';
    await auth.importTokens([{ value }]);
    const { tokenId } = await auth.decide(value, { stationId });
    const sessionId = randomUUID();
    const tell = async (version: number, tokenRefused: boolean) => {
      const session = sessions.SessionSnapshot.fromPartial({
        ...{ sessionId, stationId, tokenId, tokenRefused },
        status: 'ACTIVE',
        evseNumber: 1,
        startedAt: new Date(),
      });
      await auth.rig.publish(events.sessionStarted, { aggregateId: sessionId, version }, { session });
      await waitFor('the session', async () => {
        const sql = 'select 1 from open_session where session_id = $1 and version = $2';
        return (await auth.rig.sql(sql, [sessionId, version])).length > 0;
      });
    };
    await tell(1, true);
    expect((await auth.decide(value)).status).toBe(Status.DECISION_STATUS_ACCEPTED);
    expect((await auth.decide(value, START)).status).toBe(Status.DECISION_STATUS_ACCEPTED);
    await tell(2, false);
    expect((await auth.decide(value)).status).toBe(Status.DECISION_STATUS_CONCURRENT_TX);
  });

  it('T2: a card is found by its UID from the other end where the operator says so, and an exact match comes first', async () => {
    await auth.importTokens([
      { value: '04A1B2C3D4E5F6', groupId: 'STRAIGHT' },
      { value: '11223344', status: 'BLOCKED' },
      { value: '44332211', groupId: 'OTHER' },
    ]);
    const shown = async (value: string, type = 'ISO14443', over = {}) => {
      const { status, groupId, tokenId } = await auth.decide(value, {
        stationId,
        idToken: { value, type },
        ...over,
      });
      return { status, groupId, tokenId };
    };
    const straight = await shown('04A1B2C3D4E5F6');
    expect(straight).toMatchObject({ status: Status.DECISION_STATUS_ACCEPTED, groupId: 'STRAIGHT' });
    expect((await shown('F6E5D4C3B2A104')).status).toBe(Status.DECISION_STATUS_UNKNOWN);
    await setPolicy({ locationId, reversedUids: true });
    for (const spelling of ['F6E5D4C3B2A104', 'f6:e5:d4:c3:b2:a1:04'])
      expect(await shown(spelling)).toEqual(straight);
    expect(await shown('F6E5D4C3B2A104', 'ISO14443', START)).toEqual(straight);
    expect((await shown('F6E5D4C3B2A104', 'MacAddress')).status).not.toBe(Status.DECISION_STATUS_ACCEPTED);
    // Both are somebody's: each is itself.
    expect(await shown('11223344')).toMatchObject({ status: Status.DECISION_STATUS_BLOCKED });
    expect(await shown('44332211')).toMatchObject({
      status: Status.DECISION_STATUS_ACCEPTED,
      groupId: 'OTHER',
    });
    await setPolicy({ locationId, reversedUids: null });
    expect((await shown('F6E5D4C3B2A104')).status).toBe(Status.DECISION_STATUS_UNKNOWN);
  });

  it('of sessions that were never refused nothing is kept for it', async () => {
    const sessionId = randomUUID();
    const { tokenId } = await auth.decide('04DEAD000002', { stationId });
    const session = sessions.SessionSnapshot.fromPartial({
      sessionId,
      stationId,
      status: 'ACTIVE',
      evseNumber: 1,
      tokenId,
      startedAt: new Date(),
    });
    await auth.rig.publish(events.sessionStarted, { aggregateId: sessionId, version: 1 }, { session });
    await waitFor(
      'the session',
      async () =>
        (await auth.rig.sql('select 1 from open_session where session_id = $1', [sessionId])).length,
    );
    expect(await auth.rig.sql('select 1 from refused_session where session_id = $1', [sessionId])).toEqual(
      [],
    );
  });
});
