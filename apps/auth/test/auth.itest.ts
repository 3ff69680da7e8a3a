// Real: Postgres (own role, row-level security), NATS JetStream, HTTP, gRPC, argon2, JWT. The peers are played by the rig.
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { auth, events, type sessions } from '@kilowatch/contracts';
import { tenantId } from '@kilowatch/kernel';
import { ServiceRig, waitFor, type TestPrincipal } from '@kilowatch/testing';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authService } from '../src/auth.module.js';
import { configShape } from '../src/config.js';

const PASSWORD = 'correct horse battery';
const DEMO = { tenant: tenantId('demo') };
const admin: TestPrincipal = { accountId: randomUUID(), tenant: 'demo', role: 'admin' };
const operator: TestPrincipal = { accountId: randomUUID(), tenant: 'demo', role: 'operator' };
const foreignOperator: TestPrincipal = { accountId: randomUUID(), tenant: 'other', role: 'operator' };

let rig: ServiceRig;
let service: ReturnType<typeof client>;
const client = () => rig.grpc(auth.AuthServiceClient);

beforeAll(async () => {
  rig = await ServiceRig.start({
    service: authService,
    shape: configShape,
    env: {
      KW_AUTH_SIGNING_KEY: generateKeyPairSync('ec', { namedCurve: 'P-256' })
        .privateKey.export({ type: 'pkcs8', format: 'pem' })
        .toString(),
      KW_TOKEN_KEY: Buffer.alloc(32, 7).toString('base64'),
      KW_BOOTSTRAP_ADMIN_EMAIL: 'root@example.org',
      KW_BOOTSTRAP_ADMIN_PASSWORD: PASSWORD,
    },
  });
  service = client();
});
afterAll(async () => {
  await rig.close();
});

const SIGN_IN = `mutation($input: SignInInput!) { signIn(input: $input) {
  __typename ... on SignedIn { accessToken refreshToken account { id role email } } ... on SignInRefused { reason message } } }`;
const REFRESH = `mutation($input: RefreshSessionInput!) { refreshSession(input: $input) {
  __typename ... on SignedIn { refreshToken } ... on SignInRefused { reason } } }`;

interface SignInData {
  signIn: {
    __typename: string;
    accessToken: string;
    refreshToken: string;
    reason?: string;
    account: { id: string };
  };
}
const signIn = async (email: string, password: string) =>
  (await rig.graphql<SignInData>(null, SIGN_IN, { input: { email, password } })).data!.signIn;

async function createDriver(email: string): Promise<TestPrincipal> {
  const { data } = await rig.graphql<{ createAccount: { account: { id: string } } }>(
    admin,
    'mutation($input: CreateAccountInput!) { createAccount(input: $input) { account { id } } }',
    { input: { email, password: PASSWORD, displayName: 'Dora', role: 'DRIVER' } },
  );
  return { accountId: data!.createAccount.account.id, tenant: 'demo', role: 'driver' };
}

async function importTokens(tokens: Record<string, unknown>[]) {
  const { data } = await rig.graphql<{
    importTokens: {
      created: number;
      updated: number;
      unchanged: number;
      problems: { index: number; code: string }[];
    };
  }>(
    operator,
    `mutation($input: ImportTokensInput!) { importTokens(input: $input) { created updated unchanged problems { index code } } }`,
    { input: { tokens } },
  );
  return data!.importTokens;
}

const decideRequest = (value: string, over: Partial<auth.DecideRequest> = {}): auth.DecideRequest =>
  auth.DecideRequest.fromPartial({
    stationId: randomUUID(),
    evseNumber: 1,
    idToken: { value, type: 'ISO14443' },
    purpose: auth.DecisionPurpose.DECISION_PURPOSE_AUTHORIZE,
    occurredAt: new Date(),
    ...over,
  });

describe('signing in', () => {
  it('gives the bootstrapped administrator a token that the published key verifies', async () => {
    const signedIn = await signIn('ROOT@example.org', PASSWORD);
    expect(signedIn.__typename).toBe('SignedIn');
    const keys = createRemoteJWKSet(
      new URL(`http://127.0.0.1:${rig.running.httpPort}/.well-known/jwks.json`),
    );
    const { payload, protectedHeader } = await jwtVerify(signedIn.accessToken, keys, {
      audience: 'kilowatch',
    });
    expect(payload).toMatchObject({ sub: signedIn.account.id, tenant: 'demo', role: 'admin' });
    expect(protectedHeader).toMatchObject({ alg: 'ES256', typ: 'at+jwt' });
  });

  it('says the same of a wrong password and of an unknown address, and limits guessing', async () => {
    await createDriver('guess@example.org');
    const wrong = await signIn('guess@example.org', 'not the password');
    expect(await signIn('nobody@example.org', 'not the password')).toEqual(wrong);
    for (let i = 0; i < 10; i += 1) await signIn('guess@example.org', `guess number ${i}`);
    expect(await signIn('guess@example.org', PASSWORD)).toMatchObject({ reason: 'RATE_LIMITED' });
  });

  it('rotates refresh tokens and ends the family when one is used twice', async () => {
    await createDriver('refresh@example.org');
    const first = (await signIn('refresh@example.org', PASSWORD)).refreshToken;
    const refresh = async (refreshToken: string) =>
      (
        await rig.graphql<{ refreshSession: { refreshToken?: string; reason?: string } }>(null, REFRESH, {
          input: { refreshToken },
        })
      ).data!.refreshSession;
    const second = (await refresh(first)).refreshToken!;
    expect(second).not.toBe(first);
    expect(await refresh(first)).toMatchObject({ reason: 'REFRESH_TOKEN_INVALID' });
    expect(await refresh(second)).toMatchObject({ reason: 'REFRESH_TOKEN_INVALID' });
  });

  it('refuses a second account with the same address, and an account without a right', async () => {
    const driver = await createDriver('taken@example.org');
    const create = (principal: TestPrincipal | null) =>
      rig.graphql(
        principal,
        'mutation($input: CreateAccountInput!) { createAccount(input: $input) { account { id } } }',
        {
          input: { email: 'taken@example.org', password: PASSWORD, displayName: 'X', role: 'ADMIN' },
        },
      );
    expect((await create(admin)).codes).toEqual(['CONFLICT']);
    expect((await create(driver)).codes).toEqual(['FORBIDDEN']);
    expect((await create(null)).codes).toEqual(['UNAUTHENTICATED']);
  });
});

describe('deciding about tokens', () => {
  it('imports once, then finds nothing to change, and names what is wrong with an entry', async () => {
    const tokens = [
      { value: '04:AA:BB:01' },
      { value: '' },
      { value: '04AABB02', accountEmail: 'ghost@example.org' },
    ];
    expect(await importTokens(tokens)).toMatchObject({
      created: 1,
      problems: [
        { index: 1, code: 'AUTH_TOKEN_VALUE' },
        { index: 2, code: 'AUTH_ACCOUNT' },
      ],
    });
    expect(await importTokens([{ value: '04aabb01' }])).toMatchObject({
      created: 0,
      updated: 0,
      unchanged: 1,
    });
    expect(await importTokens([{ value: '04AABB01', groupId: 'fleet' }])).toMatchObject({ updated: 1 });
  });

  it('accepts, blocks and records every decision', async () => {
    await importTokens([{ value: '04CC0001' }, { value: '04CC0002', status: 'BLOCKED' }]);
    const accepted = await service.decide(decideRequest('04cc0001'), DEMO);
    const blocked = await service.decide(decideRequest('04CC0002'), DEMO);
    const unknown = await service.decide(decideRequest('0BADF00D'), DEMO);
    expect([accepted.status, blocked.status, unknown.status]).toEqual([
      auth.DecisionStatus.DECISION_STATUS_ACCEPTED,
      auth.DecisionStatus.DECISION_STATUS_BLOCKED,
      auth.DecisionStatus.DECISION_STATUS_UNKNOWN,
    ]);
    expect(accepted.tokenMasked).toBe('****0001');
    const decided = await rig.published(events.authorizationDecided);
    const ids = decided.map((event) => event.decisionId);
    for (const decision of [accepted, blocked, unknown]) expect(ids).toContain(decision.decisionId);
  });

  it('gives the stored decision for the same key, even after the token was blocked', async () => {
    await importTokens([{ value: '04CC0003' }]);
    const request = decideRequest('04CC0003', {
      decisionKey: 'start-1',
      purpose: auth.DecisionPurpose.DECISION_PURPOSE_START,
    });
    const first = await service.decide(request, DEMO);
    await importTokens([{ value: '04CC0003', status: 'BLOCKED' }]);
    expect(await service.decide(request, DEMO)).toEqual(first);
  });

  it('knows of a session open elsewhere from events, once, in any order', async () => {
    await importTokens([{ value: '04CC0004' }]);
    const { tokenId } = await service.decide(decideRequest('04CC0004'), DEMO);
    const session = sessionOf(tokenId);
    const about = { aggregateId: session.sessionId, version: 1 };
    const eventId = await rig.publish(events.sessionStarted, about, { session });
    await rig.publish(events.sessionStarted, { ...about, eventId }, { session });
    const status = async () => (await service.decide(decideRequest('04CC0004'), DEMO)).status;
    await waitFor(
      'the open session to count',
      async () => (await status()) === auth.DecisionStatus.DECISION_STATUS_CONCURRENT_TX,
    );
    await rig.publish(
      events.sessionEnded,
      { ...about, version: 3 },
      { session: { ...session, status: 'ENDED' } },
    );
    await waitFor(
      'the ended session to count no more',
      async () => (await status()) === auth.DecisionStatus.DECISION_STATUS_ACCEPTED,
    );
    // An older event that comes late does not open it again.
    await rig.publish(
      events.sessionChargingStateChanged,
      { ...about, version: 2 },
      { session, previousState: '' },
    );
    await rig.publish(
      events.sessionStarted,
      { aggregateId: randomUUID(), version: 1 },
      { session: sessionOf('') },
    );
    expect(await status()).toBe(auth.DecisionStatus.DECISION_STATUS_ACCEPTED);
  });

  it('keeps tenants apart', async () => {
    await importTokens([{ value: '04CC0005' }]);
    const elsewhere = await service.decide(decideRequest('04CC0005'), { tenant: tenantId('other') });
    expect(elsewhere.status).toBe(auth.DecisionStatus.DECISION_STATUS_UNKNOWN);
    expect(await rig.sql('select * from token', [], 'other')).toEqual([]);
  });
});

describe('stations', () => {
  const attempt = (identity: string, password: string, over: Partial<auth.VerifyStationRequest> = {}) =>
    service.verifyStation(
      auth.VerifyStationRequest.fromPartial({
        identity,
        securityProfile: 1,
        username: Buffer.from(identity),
        password: Buffer.from(password),
        remoteIp: '10.0.0.1',
        ...over,
      }),
      DEMO,
    );
  const STATION_PASSWORD = 'station-password-1';

  it('are accepted with their password in any spelling of their identity, and not below their profile', async () => {
    const stationId = randomUUID();
    const credential = {
      stationId,
      identity: 'CP-1',
      securityProfile: 1,
      password: STATION_PASSWORD,
      allowMissingSubprotocol: false,
    };
    await service.setStationCredential(credential, DEMO);
    await service.setStationCredential({ ...credential, password: '' }, DEMO);
    expect(await attempt('cp-1', STATION_PASSWORD)).toMatchObject({
      verdict: auth.StationVerdict.STATION_VERDICT_ACCEPTED,
      stationId,
      identity: 'CP-1',
    });
    expect((await attempt('CP-1', 'wrong-password-123')).verdict).toBe(
      auth.StationVerdict.STATION_VERDICT_BAD_CREDENTIALS,
    );
    expect((await attempt('CP-1', '', { securityProfile: 0, username: Buffer.alloc(0) })).verdict).toBe(
      auth.StationVerdict.STATION_VERDICT_PROFILE_MISMATCH,
    );
    expect((await attempt('CP-9', STATION_PASSWORD)).verdict).toBe(
      auth.StationVerdict.STATION_VERDICT_UNKNOWN_STATION,
    );
  });

  it('are limited when they guess, while the right password still works from its own address', async () => {
    const credential = {
      stationId: randomUUID(),
      identity: 'CP-2',
      securityProfile: 1,
      password: STATION_PASSWORD,
      allowMissingSubprotocol: false,
    };
    await service.setStationCredential(credential, DEMO);
    for (let i = 0; i < 10; i += 1) await attempt('CP-2', `wrong-password-${i}`, { remoteIp: '10.0.0.66' });
    const limited = await attempt('CP-2', 'another-wrong-one', { remoteIp: '10.0.0.66' });
    expect(limited.verdict).toBe(auth.StationVerdict.STATION_VERDICT_RATE_LIMITED);
    expect(limited.retryAfterSeconds).toBeGreaterThan(0);
    expect((await attempt('CP-2', STATION_PASSWORD)).verdict).toBe(
      auth.StationVerdict.STATION_VERDICT_ACCEPTED,
    );
  });

  it('cannot share an identity', async () => {
    const credential = {
      stationId: randomUUID(),
      identity: 'CP-3',
      securityProfile: 0,
      password: '',
      allowMissingSubprotocol: false,
    };
    await service.setStationCredential(credential, DEMO);
    await expect(
      service.setStationCredential({ ...credential, stationId: randomUUID(), identity: 'cp-3' }, DEMO),
    ).rejects.toMatchObject({ kind: 'CONFLICT', code: 'AUTH_STATION_IDENTITY_TAKEN' });
  });
});

describe('who may see whom', () => {
  it('shows drivers themselves and their own tokens, operators their tenant, others nothing', async () => {
    const dora = await createDriver('dora@example.org');
    const dan = await createDriver('dan@example.org');
    await importTokens([{ value: '04DD0001', accountEmail: 'dora@example.org' }]);
    const { tokenId } = await service.decide(decideRequest('04DD0001'), DEMO);
    const token = (principal: TestPrincipal | null) => rig.entity(principal, 'Token', tokenId, 'masked');
    const account = (principal: TestPrincipal | null) =>
      rig.entity(principal, 'Account', dora.accountId, 'email');
    expect((await token(dora)).entity).toEqual({ masked: '****0001' });
    expect((await token(operator)).entity).toEqual({ masked: '****0001' });
    for (const stranger of [dan, foreignOperator]) {
      expect((await token(stranger)).entity).toBeNull();
      expect((await account(stranger)).entity).toBeNull();
    }
    expect((await token(null)).codes).toEqual(['UNAUTHENTICATED']);
    const mine = await rig.graphql<{ tokens: { totalCount: number } }>(
      dan,
      '{ tokens(first: 10) { totalCount } }',
    );
    expect(mine.data?.tokens.totalCount).toBe(0);
    expect((await rig.graphql(dora, '{ accounts(first: 1) { totalCount } }')).codes).toEqual(['FORBIDDEN']);
  });
});

function sessionOf(tokenId: string): sessions.SessionSnapshot {
  return {
    sessionId: randomUUID(),
    status: 'ACTIVE',
    chargingState: 'CHARGING',
    stationId: randomUUID(),
    stationIdentity: 'CP-X',
    locationId: randomUUID(),
    locationName: 'Garage',
    timeZone: 'Europe/Amsterdam',
    evseId: randomUUID(),
    evseNumber: 1,
    connectorId: randomUUID(),
    connectorNumber: 1,
    protocol: 'ocpp1.6',
    transactionRef: '1',
    tokenId,
    tokenMasked: '',
    tokenType: '',
    accountId: '',
    quoteId: '',
    startedAt: new Date(),
    endedAt: undefined,
    stopReason: '',
    offline: false,
    statePeriods: [],
    maxCurrentA: 32,
    phases: 3,
    startMethod: 'RFID',
    powerType: 'AC_3_PHASE',
    maxVoltageV: 230,
    clockOffsetSeconds: 0,
  };
}
