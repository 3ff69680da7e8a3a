// Real: every service as a process, Postgres, NATS, WebSockets. Drivers whose money comes to an end, at stations of each version.
import { aVehicle, VirtualCharger, waitFor } from '@kilowatch/testing';
import type { JsonObject, OcppVersion } from '@kilowatch/ocpp';
import type { GraphqlClient } from '@kilowatch/tools/client/graphql-client';
import { ScriptedStation } from '@kilowatch/tools/conformance/scripted-station';
import { DEMO_STATION_PASSWORD, DEMO_TOKENS } from '@kilowatch/tools/seed/demo-data';
import { importStations, importTokens } from '@kilowatch/tools/seed/seed-demo';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SystemUnderTest } from './support/system-under-test.js';

/** A car of 11 kW uses 0.31 EUR a second: money that is used while a test waits. */
const TARIFF = {
  id: 'DEAR',
  name: 'Dear',
  currency: 'EUR',
  definition: {
    elements: [{ price_components: [{ type: 'ENERGY', price: '100', vat: '0', step_size: 1 }] }],
  },
};
const CARDS = { first: DEMO_TOKENS[0].value, other: '04C0FFEE000001', second: DEMO_TOKENS[1].value };
const SCRIPTED = ['1.6', '2.0.1', '2.1'] as const satisfies readonly OcppVersion[];

let sut: SystemUnderTest;
let chargers: VirtualCharger[];

interface Seen {
  id: string;
  state: string;
  station: { identity: string };
  fund: { state: string; usedUp: boolean; limit: { amount: string } | null } | null;
  cost: { totalInclVat: { amount: string } } | null;
  invoice: { status: string; totalInclVat: { amount: string } } | null;
  alerts: { kind: string }[] | null;
}

beforeAll(async () => {
  sut = await SystemUnderTest.start({}, TARIFF);
  const { operator } = sut.people;
  const station = (identity: string) => ({
    identity,
    location: 'Harbour Garage',
    connectors: [{ evseNumber: 1, number: 1, maxCurrentA: 16 }],
  });
  await importStations(operator, [...SCRIPTED, ...SCRIPTED.map((v) => `x${v}`)].map(name).map(station));
  await importTokens(operator, [
    { value: CARDS.other, type: 'ISO14443', accountEmail: DEMO_TOKENS[0].accountEmail },
  ]);
  chargers = (['1.6', '2.0.1'] as const).map(
    (version) =>
      new VirtualCharger({
        url: sut.system.ocppUrl,
        identity: name(`x${version}`),
        password: DEMO_STATION_PASSWORD,
        version,
        meterIntervalMs: 500,
        registerMwh: 1_000_000,
      }),
  );
  for (const charger of chargers) {
    await charger.start();
    charger.plugIn(1, aVehicle({ maxPowerW: 11_000 }));
  }
});
afterAll(async () => {
  for (const charger of chargers ?? []) await charger.shutdown();
  await sut?.stop();
});

const name = (version: string) => `PREPAID-${version.replaceAll('.', '')}`;

async function accountOf(driver: GraphqlClient): Promise<{ accountId: string; balance: number }> {
  const { wallet } = await driver.request<{ wallet: { accountId: string; balance: { amount: string } } }>(
    '{ wallet { accountId balance { amount } } }',
  );
  return { accountId: wallet.accountId, balance: Number(wallet.balance.amount) };
}

/** From now on the driver may use so much of the wallet. */
async function leave(driver: GraphqlClient, amount: number, over: JsonObject = {}): Promise<void> {
  const { accountId, balance } = await accountOf(driver);
  const input = {
    accountId,
    kind: 'PREPAID',
    currency: 'EUR',
    floor: (balance - amount).toFixed(2),
    minimumToStart: '1.00',
    daysToPay: 14,
    blocked: false,
    reason: 'test',
    ...over,
  };
  await sut.people.operator.request(
    'mutation($input: SetPaymentTermsInput!) { setPaymentTerms(input: $input) { terms { kind } } }',
    { input },
  );
}

async function topUp(driver: GraphqlClient, amount: string): Promise<void> {
  const { accountId } = await accountOf(driver);
  const input = { accountId, amount, currency: 'EUR', reference: 'cash', idempotencyKey: `top-up-${amount}` };
  await sut.people.operator.request(
    'mutation($input: TopUpWalletInput!) { topUpWallet(input: $input) { wallet { accountId } } }',
    { input },
  );
}

async function sessionsOf(driver: GraphqlClient, identities: readonly string[]): Promise<Seen[]> {
  const { sessions } = await driver.request<{ sessions: { edges: { node: Seen }[] } }>(
    `{ sessions(first: 10) { edges { node { id state station { identity } fund { state usedUp limit { amount } }
      cost { totalInclVat { amount } } invoice { status totalInclVat { amount } } alerts { kind } } } } }`,
  );
  return sessions.edges
    .map(({ node }) => node)
    .filter(({ station }) => identities.includes(station.identity));
}

const patient = { timeoutMs: 60_000 };

function connect(version: OcppVersion): Promise<ScriptedStation> {
  const door = { ocppUrl: sut.system.ocppUrl, identity: name(version), version };
  return ScriptedStation.connect({ ...door, password: DEMO_STATION_PASSWORD });
}

async function statusOf(station: ScriptedStation, card: string): Promise<unknown> {
  const request: JsonObject =
    station.version === '1.6' ? { idTag: card } : { idToken: { idToken: card, type: 'ISO14443' } };
  const answer = await station.call('Authorize', request);
  return ((answer['idTagInfo'] ?? answer['idTokenInfo']) as JsonObject)['status'];
}

describe('a driver whose wallet comes to an end', () => {
  it('with two sessions at once, over 1.6 and 2.0.1, has both stopped before they used more than there was', async () => {
    const { driver } = sut.people;
    await leave(driver, 12);
    const identities = chargers.map(({ identity }) => identity);
    chargers[0]!.begin(CARDS.first, 1);
    chargers[1]!.begin(CARDS.other, 1);
    await waitFor(
      'both to be stopped',
      () => chargers.every(({ ledger }) => ledger.length === 1 && ledger[0]!.endedAt !== undefined),
      patient,
    );
    expect(chargers.map(({ commands }) => commands.some(({ action }) => /Stop/.test(action)))).toEqual([
      true,
      true,
    ]);
    const bills = await waitFor(
      'both bills',
      async () => {
        const seen = await sessionsOf(driver, identities);
        return seen.length === 2 && seen.every(({ invoice }) => invoice) ? seen : undefined;
      },
      patient,
    );
    const total = bills.reduce((sum, { invoice }) => sum + Number(invoice!.totalInclVat.amount), 0);
    expect(total).toBeGreaterThan(2);
    expect(total).toBeLessThanOrEqual(12);
    expect(bills.map(({ invoice }) => invoice!.status)).toEqual(['PAID', 'PAID']);
    expect(bills.map(({ fund }) => fund!.usedUp)).toEqual([true, true]);
    const told = async () => (await sessionsOf(driver, identities)).map(({ alerts }) => alerts ?? []);
    await waitFor('the driver to be told', async () =>
      (await told()).every((alerts) => alerts.some(({ kind }) => kind === 'MONEY_USED_UP')),
    );
  });

  it('and who has it topped up in time goes on beyond what there was', async () => {
    const { secondDriver } = sut.people;
    const [charger] = chargers as [VirtualCharger];
    await leave(secondDriver, 6);
    charger.unplug(1);
    charger.plugIn(1, aVehicle({ maxPowerW: 11_000 }));
    const before = charger.commands.length;
    charger.begin(CARDS.second, 1);
    const current = async () => (await sessionsOf(secondDriver, [charger.identity]))[0];
    await waitFor('its limit', async () => (await current())?.fund?.limit?.amount === '6.00', patient);
    await topUp(secondDriver, '30.00');
    await waitFor(
      'more than there was',
      async () => Number((await current())?.cost?.totalInclVat.amount ?? 0) > 7,
      patient,
    );
    expect(charger.commands.slice(before).filter(({ action }) => /Stop/.test(action))).toEqual([]);
    expect((await current())!.fund).toMatchObject({ state: 'OPEN', limit: { amount: '36.00' } });
    charger.end(1);
    await waitFor('the bill', async () => (await current())?.invoice?.status === 'PAID', patient);
  });

  it('is told its limit and stopped over 2.1, and starts nothing over any version until there is more', async () => {
    const { secondDriver } = sut.people;
    const stations = await Promise.all(SCRIPTED.map((version) => connect(version)));
    const [v16, v201, v21] = stations as [ScriptedStation, ScriptedStation, ScriptedStation];
    await leave(secondDriver, 5, { blocked: true });
    await waitFor('the block', async () => (await statusOf(v21, CARDS.second)) === 'NoCredit');
    expect(await statusOf(v16, CARDS.second)).toBe('Blocked');
    await leave(secondDriver, 5);
    await waitFor('its end', async () => (await statusOf(v21, CARDS.second)) === 'Accepted');
    const event = (
      eventType: string,
      seqNo: number,
      wattHours: number,
      over: JsonObject = {},
    ): JsonObject => ({
      eventType,
      timestamp: new Date().toISOString(),
      triggerReason: eventType === 'Started' ? 'Authorized' : 'MeterValuePeriodic',
      seqNo,
      transactionInfo: { transactionId: 'prepaid-21', chargingState: 'Charging' },
      evse: { id: 1, connectorId: 1 },
      meterValue: [{ timestamp: new Date().toISOString(), sampledValue: [{ value: wattHours }] }],
      ...over,
    });
    const idToken = { idToken: CARDS.second, type: 'ISO14443' };
    const started = await v21.call('TransactionEvent', event('Started', 0, 0, { idToken }));
    expect(started).toMatchObject({ idTokenInfo: { status: 'Accepted' }, transactionLimit: { maxCost: 5 } });
    await v21.call('TransactionEvent', event('Updated', 1, 60));
    const stop = await waitFor(
      'the stop',
      () => v21.commands.find(({ action }) => action === 'RequestStopTransaction'),
      patient,
    );
    expect(stop.payload).toEqual({ transactionId: 'prepaid-21' });
    await v21.call(
      'TransactionEvent',
      event('Ended', 2, 60, {
        triggerReason: 'RemoteStop',
        transactionInfo: { transactionId: 'prepaid-21', stoppedReason: 'Remote' },
      }),
    );
    const bill = async () => (await sessionsOf(secondDriver, [name('2.1')]))[0]?.invoice;
    await waitFor('the bill', async () => (await bill())?.totalInclVat.amount === '6.00', patient);
    // The wallet has it: the floor is what was agreed for the next start, not for a bill.
    expect((await bill())!.status).toBe('PAID');
    for (const [station, status] of [
      [v16, 'Blocked'],
      [v201, 'NoCredit'],
      [v21, 'NoCredit'],
    ] as const) {
      await waitFor(
        `the refusal over ${station.version}`,
        async () => (await statusOf(station, CARDS.second)) === status,
      );
    }
    const refused = await v16.call('StartTransaction', {
      connectorId: 1,
      idTag: CARDS.second,
      meterStart: 0,
      timestamp: new Date().toISOString(),
    });
    expect((refused['idTagInfo'] as JsonObject)['status']).toBe('Blocked');
    // Its transaction would keep the card busy elsewhere.
    await v16.call('StopTransaction', {
      transactionId: refused['transactionId']!,
      meterStop: 0,
      timestamp: new Date().toISOString(),
      reason: 'DeAuthorized',
    });
    await topUp(secondDriver, '10.00');
    await waitFor('the money', async () => (await statusOf(v201, CARDS.second)) === 'Accepted');
    for (const station of stations) {
      expect(station.problems).toEqual([]);
      await station.close();
    }
  });
});
