// Real: Postgres (own role, row-level security), NATS JetStream, gRPC, GraphQL. Sessions, metering and the charger are played.
import { randomUUID } from 'node:crypto';
import { events, ocppGateway, sessions } from '@kilowatch/contracts';
import { decimal, tenantId } from '@kilowatch/kernel';
import { Database, tenantScope } from '@kilowatch/platform';
import { waitFor, type TestPrincipal } from '@kilowatch/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CardFunds } from '../src/usecases/card-funds.js';
import { StopUnfunded } from '../src/usecases/stop-unfunded.js';
import { auditBooks } from './book-audit.js';
import { aCharge, aDriver, anOperator, BillingRig, elements, OPERATOR, type Charge } from './billing-rig.js';
import { PlayedCommands } from './played-commands.js';

const { CommandOutcome } = ocppGateway;
let commands: PlayedCommands;
let fleet: BillingRig;

beforeAll(async () => {
  commands = await PlayedCommands.start();
  fleet = await BillingRig.start(commands.env);
  await fleet.applyTariff('STD', { isDefault: true });
});
afterAll(async () => {
  await fleet?.close();
  await commands?.close();
});
afterEach(() => commands.reset());

interface Fund {
  kind: string;
  state: string;
  limit: { amount: string } | null;
  available: { amount: string } | null;
  usedUp: boolean;
  usedUpAt: string | null;
}

const ago = (seconds: number) => new Date(Date.now() - seconds * 1_000);
const job = (name: string) => fleet.rig.running.background.jobs.get(name)!.runDue();

async function terms(over: Record<string, unknown>, by: TestPrincipal = OPERATOR): Promise<void> {
  const input = {
    kind: 'PREPAID',
    currency: 'EUR',
    floor: '0',
    minimumToStart: '0',
    daysToPay: 14,
    blocked: false,
    reason: 'test',
    ...over,
  };
  const { codes } = await fleet.rig.graphql(
    by,
    'mutation($input: SetPaymentTermsInput!) { setPaymentTerms(input: $input) { terms { kind } } }',
    { input },
  );
  expect(codes).toEqual([]);
}

async function aPrepaid(balance: string, over: Record<string, unknown> = {}): Promise<TestPrincipal> {
  const driver = aDriver();
  if (balance !== '0') await fleet.topUp(driver, balance);
  await terms({ accountId: driver.accountId, ...over });
  return driver;
}

/** As if the time of the next look had come. */
async function look(driver: TestPrincipal): Promise<void> {
  await fleet.rig.sql('update account_funds set look_at = to_timestamp(0) where account_id = $1', [
    driver.accountId,
  ]);
  await job('look-at-funds');
  // The service looks by itself, too: whoever took the account is waited for.
  const untouched = 'select 1 from account_funds where account_id = $1 and look_at = to_timestamp(0)';
  await waitFor('the look', async () => (await fleet.rig.sql(untouched, [driver.accountId])).length === 0, {
    timeoutMs: 30_000,
  });
  await job('stop-unfunded');
  await fleet.rig.running.get(StopUnfunded).beforeApplicationShutdown();
}

async function fundOf(charge: Charge): Promise<Fund | undefined> {
  const fields = 'fund { kind state limit { amount } available { amount } usedUp usedUpAt }';
  return (await fleet.see<{ fund: Fund | null }>(charge, fields))?.fund ?? undefined;
}

/** A session that began ten minutes ago and takes a kWh in so many seconds; one has 0.484 with VAT. */
async function running(driver: TestPrincipal, kwh: number, over: Partial<sessions.SessionSnapshot> = {}) {
  const charge = aCharge(driver);
  const options = { tenant: driver.tenant };
  await fleet.started(charge, { startedAt: ago(600), chargingState: 'CHARGING', ...over }, options);
  fleet.reading(charge, ago(600), 0);
  await reads(charge, kwh);
  return charge;
}

async function reads(charge: Charge, kwh: number): Promise<void> {
  fleet.reading(charge, ago(0), kwh * 1_000_000);
  await waitFor('a fund', () => fundOf(charge));
  await look(charge.driver);
}

const stops = ({ stationId }: Charge) =>
  commands.sent.filter((request) => request.stationId === stationId && request.requestStop);

async function told<T extends { accountId: string }>(
  type: Parameters<typeof fleet.rig.published<T>>[0],
  { accountId }: TestPrincipal,
): Promise<T[]> {
  return (await fleet.rig.published(type)).filter((event) => event.accountId === accountId);
}
const fundsOf = async (driver: TestPrincipal) => (await told(events.accountFundsChanged, driver)).at(-1);

describe('a prepaid session', () => {
  it('knows what it may cost and when that is used, and warns when most is', async () => {
    const driver = await aPrepaid('5.00', { floor: '1.00' });
    const charge = await running(driver, 4);
    expect(await fundOf(charge)).toMatchObject({
      kind: 'PREPAID',
      state: 'OPEN',
      limit: { amount: '4.00' },
      usedUp: false,
      usedUpAt: expect.any(String),
    });
    expect(await told(events.sessionMoneyLow, driver)).toEqual([]);
    await reads(charge, 7);
    await reads(charge, 7);
    expect(await told(events.sessionMoneyLow, driver)).toMatchObject([
      { sessionId: charge.sessionId, limit: { amount: '4.00', currency: 'EUR' } },
    ]);
    expect(stops(charge)).toEqual([]);
  });

  it('is stopped when the money is used, told once, and its bill leaves nothing below the floor', async () => {
    const driver = await aPrepaid('5.00');
    const charge = await running(driver, 10.33);
    expect(await fundOf(charge)).toMatchObject({
      state: 'STOPPING',
      usedUp: true,
      available: { amount: '0.00' },
    });
    await look(driver);
    expect(stops(charge)).toMatchObject([
      { requestStop: { transactionRef: charge.ref }, requestedBy: 'billing' },
    ]);
    expect(await told(events.sessionMoneyUsedUp, driver)).toMatchObject([
      { sessionId: charge.sessionId, kind: 'PREPAID', limit: { amount: '5.00' }, cost: { amount: '5.00' } },
    ]);
    await fleet.ended(charge, { startedAt: ago(600), endedAt: ago(0), statePeriods: [] });
    await fleet.metered(charge, { energyMwh: 10_330_000, intervals: [] });
    await fleet.billed(charge);
    expect(await fleet.balance(driver)).toBe('0.00');
    await waitFor('the fund to be closed', async () => (await fundOf(charge))?.state === 'CLOSED');
    expect((await fundOf(charge))!.usedUp).toBe(true);
    expect(await auditBooks(fleet, 'demo')).toEqual([]);
  });

  it('that took more than there was is an open invoice, and lets nothing else start', async () => {
    const driver = await aPrepaid('5.00');
    const charge = await running(driver, 10.5);
    await fleet.ended(charge, { startedAt: ago(600), endedAt: ago(0), statePeriods: [] });
    await fleet.metered(charge, { energyMwh: 10_500_000, intervals: [] });
    await fleet.billed(charge);
    expect(await fleet.see(charge, 'invoice { status totalInclVat { amount } }')).toMatchObject({
      invoice: { status: 'OPEN', totalInclVat: { amount: '5.08' } },
    });
    expect(await fleet.balance(driver)).toBe('5.00');
    await waitFor('the word of it', async () => (await fundsOf(driver))?.available?.amount === '-0.08');
    await fleet.topUp(driver, '1.00');
    await waitFor('it to be paid', async () => (await fundsOf(driver))?.available?.amount === '0.92');
  });

  it('goes on when money comes in time, also when its station was asked to stop it', async () => {
    const driver = await aPrepaid('5.00');
    commands.outcome = CommandOutcome.COMMAND_OUTCOME_OFFLINE;
    const charge = await running(driver, 10.33);
    expect((await fundOf(charge))!.state).toBe('STOPPING');
    await fleet.topUp(driver, '20.00');
    await waitFor('it to go on', async () => (await fundOf(charge))?.state === 'OPEN');
    expect(await fundOf(charge)).toMatchObject({ limit: { amount: '25.00' }, usedUp: false });
    const asked = stops(charge).length;
    await fleet.rig.publish(
      events.stationChanged,
      { aggregateId: charge.stationId, version: 9 },
      sessions.StationChanged.fromPartial({ station: { stationId: charge.stationId, online: true } }),
    );
    await fleet.caughtUp();
    await look(driver);
    expect(stops(charge)).toHaveLength(asked);
  });

  it('is stopped at once when its station comes back', async () => {
    const driver = await aPrepaid('5.00');
    commands.outcome = CommandOutcome.COMMAND_OUTCOME_OFFLINE;
    const charge = await running(driver, 10.33);
    const before = stops(charge).length;
    expect(before).toBeGreaterThan(0);
    commands.outcome = CommandOutcome.COMMAND_OUTCOME_ACCEPTED;
    await fleet.rig.publish(
      events.stationChanged,
      { aggregateId: charge.stationId, version: 9 },
      sessions.StationChanged.fromPartial({ station: { stationId: charge.stationId, online: true } }),
    );
    await waitFor('the stop', () => stops(charge).length > before);
    const keys = stops(charge).map(({ idempotencyKey }) => idempotencyKey);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('shares the wallet with the driver’s others: all are stopped together', async () => {
    const driver = await aPrepaid('10.00');
    const first = await running(driver, 5);
    const second = await running(driver, 6);
    const limit = Number((await fundOf(first))!.limit!.amount);
    expect([limit > 6, limit <= 7.1]).toEqual([true, true]);
    expect([stops(first), stops(second)]).toEqual([[], []]);
    await reads(first, 14.8);
    await waitFor('both to be stopped', () => stops(first).length > 0 && stops(second).length > 0);
  });

  it('of somebody on account has no limit, unless one was agreed', async () => {
    const free = aDriver();
    const one = await running(free, 100);
    expect(await fundOf(one)).toMatchObject({ kind: 'ACCOUNT', state: 'OPEN', limit: null, available: null });
    const limited = await aPrepaid('0', { kind: 'ACCOUNT', creditLimit: '20.00' });
    const other = await running(limited, 100);
    expect(await fundOf(other)).toMatchObject({
      kind: 'ACCOUNT',
      state: 'STOPPING',
      limit: { amount: '20.00' },
    });
  });

  it('is funded once though its start comes twice, and the look is asked for twice', async () => {
    const driver = await aPrepaid('50.00');
    const charge = aCharge(driver);
    const eventId = randomUUID();
    const start = { startedAt: ago(600), chargingState: 'CHARGING' };
    await fleet.started(charge, start, { eventId });
    await fleet.started(charge, start, { eventId });
    await fleet.started(charge, start);
    await waitFor('a fund', () => fundOf(charge));
    await Promise.all([look(driver), look(driver), look(driver)]);
    const words = await told(events.accountFundsChanged, driver);
    expect(new Set(words.map(({ meta }) => meta!.aggregateVersion)).size).toBe(words.length);
  });
});

describe('while metering is away', () => {
  it('nobody is stopped and nothing is told; it is looked at again when it is back', async () => {
    const driver = await aPrepaid('5.00');
    const charge = await running(driver, 2);
    fleet.metering.isAway = true;
    const words = (await told(events.accountFundsChanged, driver)).length;
    fleet.reading(charge, ago(0), 11_000_000);
    await look(driver);
    await look(driver);
    expect(stops(charge)).toEqual([]);
    expect(await told(events.accountFundsChanged, driver)).toHaveLength(words);
    fleet.metering.isAway = false;
    await fleet.rig.sql('update fund_nudge set at = to_timestamp(0) where account_id = $1', [
      driver.accountId,
    ]);
    await waitFor('the stop', () => stops(charge).length > 0);
  });
});

describe('a card', () => {
  const asked = (charge: Charge, amount: string) =>
    fleet.rig.running.get(Database).transaction(tenantScope(tenantId('demo')), (tx) =>
      fleet.rig.running.get(CardFunds).authorised(tx, tenantId('demo'), {
        sessionId: charge.sessionId,
        accountId: charge.driver.accountId,
        asked: { amount: decimal(amount), currency: 'EUR' },
      }),
    );

  it('that was asked before the session is known gives it its own money', async () => {
    const driver = await aPrepaid('0', { kind: 'CARD' });
    const charge = aCharge(driver);
    await asked(charge, '30.00');
    await fleet.started(charge, { startedAt: ago(600), chargingState: 'CHARGING' });
    fleet.reading(charge, ago(600), 0);
    await reads(charge, 10);
    expect(await fundOf(charge)).toMatchObject({ kind: 'CARD', state: 'OPEN', limit: { amount: '30.00' } });
    await asked(charge, '4.00');
    await look(driver);
    expect(await fundOf(charge)).toMatchObject({ kind: 'CARD', state: 'STOPPING' });
    await asked(charge, '40.00');
    await waitFor('it to go on', async () => (await fundOf(charge))?.state === 'OPEN');
  });

  it('that is declined stops the session', async () => {
    const driver = await aPrepaid('0', { kind: 'CARD' });
    const charge = await running(driver, 1);
    expect((await fundOf(charge))!.state).toBe('OPEN');
    await asked(charge, '0');
    await waitFor('the stop', async () => {
      await look(driver);
      return stops(charge).length > 0;
    });
  });
});

describe('what others are told of an account', () => {
  it('is what is left for another session, its minimum, and whether it is blocked', async () => {
    const driver = await aPrepaid('12.00', { floor: '2.00', minimumToStart: '3.00' });
    await waitFor('the word', async () => (await fundsOf(driver))?.available?.amount === '10.00');
    expect(await fundsOf(driver)).toMatchObject({
      kind: 'PREPAID',
      minimumToStart: { amount: '3.00', currency: 'EUR' },
      blocked: false,
    });
    const charge = await running(driver, 10);
    await waitFor('less', async () => Number((await fundsOf(driver))!.available!.amount) <= 5.16);
    await terms({ accountId: driver.accountId, blocked: true });
    await waitFor('the block', async () => (await fundsOf(driver))!.blocked);
    expect((await fundOf(charge))!.state).toBe('OPEN');
  });

  it('counts for all with whom nothing was agreed, and follows what is said for all', async () => {
    const [operator, driver] = [anOperator('prepaid'), aDriver('prepaid')];
    await fleet.applyTariff('P', { definition: { elements: elements() } }, operator);
    await fleet.topUp(driver, '7.00', {}, operator);
    const all = async () => fleet.rig.published(events.accountFundsChanged, 'prepaid');
    await waitFor('no limit', async () =>
      (await all()).some(({ accountId, kind }) => accountId === driver.accountId && kind === 'ACCOUNT'),
    );
    await terms({ minimumToStart: '5.00' }, operator);
    await waitFor('the word for all', async () =>
      (await all()).some(({ accountId, kind }) => accountId === '' && kind === 'PREPAID'),
    );
    await waitFor('the word for one', async () =>
      (await all()).some(
        ({ accountId, available }) => accountId === driver.accountId && available?.amount === '7.00',
      ),
    );
  });
});
