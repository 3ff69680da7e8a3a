// Real: Postgres (own role, row-level security), NATS JetStream, gRPC. Sessions, metering and the charger are played.
import { randomUUID } from 'node:crypto';
import { billing, metering, ocppGateway } from '@kilowatch/contracts';
import { tenantId } from '@kilowatch/kernel';
import { waitFor } from '@kilowatch/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { TellCosts } from '../src/usecases/tell-costs.js';
import { aCharge, BillingRig, minute, type Charge } from './billing-rig.js';
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

const SHOWS = { costDisplay: { currency: 'EUR' }, protocol: 'ocpp2.0.1' };

/** What the station of the charge was told, in order. */
const told = ({ stationId }: Charge) =>
  commands.sent
    .filter((request) => request.stationId === stationId)
    .map(({ raw }) => ({ action: raw?.action, ...(JSON.parse(raw?.payloadJson ?? '{}') as object) }));

const row = async ({ sessionId }: Charge) =>
  (
    await fleet.rig.sql<{ told: string; silent: boolean }>(
      'select told, silent from cost_display where session_id = $1',
      [sessionId],
    )
  )[0];

/** As if the time between two costs were over. */
async function due(charge: Charge): Promise<void> {
  await fleet.rig.sql('update cost_display set due_at = to_timestamp(0) where session_id = $1', [
    charge.sessionId,
  ]);
  await fleet.rig.running.background.jobs.get('tell-costs')!.runDue();
  await fleet.rig.running.get(TellCosts).beforeApplicationShutdown();
}

async function running(): Promise<Charge> {
  const charge = aCharge();
  await fleet.started(charge, SHOWS);
  await waitFor('the first cost to be told', async () => (await row(charge))?.told === '0.00');
  return charge;
}

const endNow = (charge: Charge, over = {}) =>
  fleet.ended(charge, { ...SHOWS, endedAt: new Date(), statePeriods: [], ...over });

const finalCost = (charge: Charge, waitMs = 0, currency = 'EUR') =>
  fleet.rig
    .grpc(billing.BillingServiceClient)
    .awaitFinalCost({ sessionId: charge.sessionId, currency, waitMs }, { tenant: tenantId('demo') });

describe('the running cost', () => {
  it('is told to a station that shows costs, with taxes, as the engine prices it', async () => {
    const charge = await running();
    expect(told(charge)).toEqual([{ action: 'CostUpdated', totalCost: 0, transactionId: charge.ref }]);
    fleet.reading(charge, minute(0), 0);
    fleet.reading(charge, minute(30), 5_000_000);
    await due(charge);
    expect(told(charge).at(-1)).toEqual({
      action: 'CostUpdated',
      totalCost: 2.42,
      transactionId: charge.ref,
    });
  });

  it('is told later when metering is away, and the final cost all the same', async () => {
    const charge = await running();
    fleet.reading(charge, minute(0), 0);
    fleet.reading(charge, minute(30), 5_000_000);
    fleet.metering.isAway = true;
    await due(charge);
    expect(told(charge)).toHaveLength(1);
    fleet.metering.isAway = false;
    await due(charge);
    expect(told(charge).at(-1)).toMatchObject({ totalCost: 2.42 });
    fleet.metering.isAway = true;
    await endNow(charge);
    await fleet.metered(charge);
    await fleet.billed(charge);
    await due(charge);
    fleet.metering.isAway = false;
    expect(told(charge).at(-1)).toMatchObject({ totalCost: 4.84 });
  });

  it('is told once while it stays, however often it is looked at', async () => {
    const charge = await running();
    await due(charge);
    await due(charge);
    expect(told(charge)).toHaveLength(1);
  });

  it('is dropped while the station is away, and told as it is then', async () => {
    commands.outcome = CommandOutcome.COMMAND_OUTCOME_OFFLINE;
    const charge = aCharge();
    await fleet.started(charge, SHOWS);
    await waitFor('a try', async () => told(charge).length === 1);
    commands.outcome = CommandOutcome.COMMAND_OUTCOME_ACCEPTED;
    await waitFor('the outcome', async () => {
      await due(charge);
      return (await row(charge))?.told === '0.00';
    });
  });

  it('is not told again to a station that has no such message', async () => {
    commands.outcome = CommandOutcome.COMMAND_OUTCOME_CHARGER_ERROR;
    commands.errorCode = 'NotImplemented';
    const charge = aCharge();
    await fleet.started(charge, SHOWS);
    await waitFor('its word', async () => (await row(charge))?.silent === true);
    await due(charge);
    expect(told(charge)).toHaveLength(1);
  });

  it('is never told to a station that shows none, and costs it no row', async () => {
    const charge = aCharge();
    await fleet.started(charge);
    await fleet.caughtUp();
    expect(await row(charge)).toBeUndefined();
    expect(told(charge)).toEqual([]);
  });

  it('is not told in a currency that the station does not show', async () => {
    const charge = aCharge();
    await fleet.started(charge, { ...SHOWS, costDisplay: { currency: 'DKK' } });
    await waitFor('the row', () => row(charge));
    await due(charge);
    expect(told(charge)).toEqual([]);
  });

  it('is told once when the start comes twice', async () => {
    const charge = aCharge();
    const eventId = randomUUID();
    await fleet.started(charge, SHOWS, { eventId });
    await fleet.started(charge, SHOWS, { eventId });
    await fleet.started(charge, SHOWS);
    await fleet.caughtUp();
    await waitFor('the first cost to be told', async () => (await row(charge))?.told === '0.00');
    await due(charge);
    await due(charge);
    expect(told(charge)).toHaveLength(1);
  });
});

describe('the final cost', () => {
  it('is that of the CDR for whoever waits for it, and then needs no message', async () => {
    const charge = await running();
    const waiting = finalCost(charge, 10_000);
    await endNow(charge);
    await fleet.metered(charge);
    expect(await waiting).toEqual({ total: '4.84' });
    expect(await row(charge)).toBeUndefined();
    expect((await fleet.cdrs(charge))[0]?.totalInclVat).toMatch(/^4\.84/);
    expect(told(charge)).toHaveLength(1);
  });

  it('is answered at once when the end is told again', async () => {
    const charge = await running();
    await endNow(charge);
    await fleet.metered(charge);
    await fleet.billed(charge);
    expect(await finalCost(charge)).toEqual({ total: '4.84' });
    expect(await finalCost(charge)).toEqual({ total: '4.84' });
  });

  it('follows as a message when the CDR comes too late for the answer', async () => {
    const charge = await running();
    await endNow(charge);
    expect(await finalCost(charge, 150)).toEqual({ total: undefined });
    await fleet.metered(charge);
    await fleet.billed(charge);
    await due(charge);
    expect(told(charge).at(-1)).toEqual({
      action: 'CostUpdated',
      totalCost: 4.84,
      transactionId: charge.ref,
    });
    await due(charge);
    expect(await row(charge)).toBeUndefined();
    expect(told(charge)).toHaveLength(2);
  });

  it('is not told of a session that ended hours ago: nobody stands there', async () => {
    const charge = await running();
    await fleet.ended(charge, SHOWS);
    await fleet.metered(charge);
    await fleet.billed(charge);
    await due(charge);
    expect(told(charge)).toHaveLength(1);
    expect(await row(charge)).toBeUndefined();
  });

  it('is not given in another currency, nor to another tenant', async () => {
    const charge = await running();
    await endNow(charge);
    await fleet.metered(charge);
    await fleet.billed(charge);
    expect(await finalCost(charge, 0, 'DKK')).toEqual({ total: undefined });
    const foreign = fleet.rig
      .grpc(billing.BillingServiceClient)
      .awaitFinalCost(
        { sessionId: charge.sessionId, currency: 'EUR', waitMs: 0 },
        { tenant: tenantId('other') },
      );
    expect(await foreign).toEqual({ total: undefined });
  });

  it('is not waited for when the bill is held for review', async () => {
    const charge = await running();
    await endNow(charge);
    await fleet.metered(charge, {
      verdict: metering.EnergyVerdict.ENERGY_VERDICT_DISPUTED,
    });
    await waitFor('the hold', async () => {
      const seen = await fleet.see<{ billingHold: string | null }>(charge, 'billingHold');
      return seen?.billingHold;
    });
    const before = performance.now();
    expect(await finalCost(charge, 8_000)).toEqual({ total: undefined });
    expect(performance.now() - before).toBeLessThan(4_000);
  });

  it('of what is no session is nothing', async () => {
    expect(await finalCost({ ...aCharge(), sessionId: 'nonsense' })).toEqual({ total: undefined });
  });
});
