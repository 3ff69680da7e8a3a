// Real: every service as a process, Postgres, NATS, WebSockets, SMTP. The chargers are virtual and keep their own books.
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  MockEmsp,
  ocpiDeviations,
  ocpiSchemasPresent,
  waitFor,
  type EmittedOcpiBody,
} from '@kilowatch/testing';
import { GraphqlError, type GraphqlClient } from '@kilowatch/tools/client/graphql-client';
import { chargeOnce, type DemoVerdict } from '@kilowatch/tools/demo/charge-once';
import { demoTariff } from '@kilowatch/tools/demo/price-judge';
import { Timeline } from '@kilowatch/tools/demo/timeline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FEDERATED_SESSION } from './support/federated-session.js';
import { SystemUnderTest } from './support/system-under-test.js';

let sut: SystemUnderTest;
let byCard: DemoVerdict;
let byApp: DemoVerdict;
let invitation: { versionsUrl: string; tokenA: string };
const traceFile = join(mkdtempSync(join(tmpdir(), 'kilowatch-trace-')), 'spans.jsonl');

beforeAll(async () => {
  sut = await SystemUnderTest.start(
    { traceExport: `file:${traceFile}` },
    demoTariff(new Date(), 'Europe/Amsterdam'),
  );
  // What a partner is told of sessions begins with its invitation.
  ({ inviteOcpiPartner: invitation } = await sut.people.operator.request<{
    inviteOcpiPartner: { versionsUrl: string; tokenA: string };
  }>(
    'mutation($input: InviteOcpiPartnerInput!) { inviteOcpiPartner(input: $input) { versionsUrl tokenA } }',
    {
      input: { name: 'Own app', seesOwnFleet: true },
    },
  ));
  const common = {
    ocppUrl: sut.system.ocppUrl,
    timeline: new Timeline(() => undefined, false),
    speed: 720,
  };
  [byCard, byApp] = await Promise.all([
    chargeOnce({
      ...common,
      version: '1.6',
      identity: 'KW-DEMO-16',
      driver: sut.people.driver,
      card: '04A1B2C3D4E5F6',
    }),
    chargeOnce({
      ...common,
      version: '2.0.1',
      identity: 'KW-DEMO-201',
      driver: sut.people.secondDriver,
      card: undefined,
    }),
  ]);
});
afterAll(async () => {
  await sut?.stop();
});

const codeOf = async (client: GraphqlClient, id: string): Promise<string> =>
  client.request(FEDERATED_SESSION, { id }).then(
    () => 'visible',
    (error: unknown) => (error instanceof GraphqlError ? error.code : String(error)),
  );

describe('one session from plug to paid invoice', () => {
  it('is billed by what the charger counted and the tariff says, over OCPP 1.6 and 2.0.1', () => {
    expect([byCard.problems, byApp.problems]).toEqual([[], []]);
    expect([byCard.receipt.startMethod, byApp.receipt.startMethod]).toEqual(['RFID', 'COMMAND']);
  });

  it('shows in one federated query what every service knows of it', async () => {
    const { session } = await sut.people.driver.request<{ session: Record<string, unknown> }>(
      FEDERATED_SESSION,
      {
        id: byCard.receipt.id,
      },
    );
    expect(session).toMatchObject({
      state: 'ENDED',
      station: {
        identity: 'KW-DEMO-16',
        location: { name: 'Harbour Garage', city: 'Amsterdam' },
        ratingSummary: { average: 5, count: 1 },
      },
      driver: { displayName: 'Dora Driver' },
      token: { masked: '****E5F6' },
      livePowerW: null,
      cost: { final: true },
      invoice: { status: 'PAID' },
      energyWh: (byCard.ledger.energyMwh ?? 0) / 1000,
      quote: { tariffName: 'Day and night' },
      rating: { score: 5 },
    });
    const { cost, invoice, anomalies } = session as unknown as {
      cost: { lines: { dimension: string }[]; totalInclVat: { amount: string } };
      invoice: { lines: { dimension: string }[]; totalInclVat: { amount: string } };
      anomalies: { resolvedAt: string | null }[];
    };
    const billed = invoice.lines
      .map((line) => line.dimension)
      .filter((dimension) => dimension !== 'ROUNDING');
    expect(cost.lines.map((line) => line.dimension)).toEqual(billed);
    expect(cost.totalInclVat.amount).toBe(invoice.totalInclVat.amount);
    // 720 times faster than life, news of a limit may come a minute of the charger's after its readings: explained, then.
    expect(anomalies.filter((anomaly) => anomaly.resolvedAt === null)).toEqual([]);
    expect((session['powerCurve'] as unknown[]).length).toBeGreaterThan(10);
    const kinds = (session['alerts'] as { kind: string }[]).map((alert) => alert.kind);
    expect(kinds).toEqual(expect.arrayContaining(['CHARGING_STARTED', 'FULLY_CHARGED', 'INVOICE_READY']));
  });

  it('does not exist for another driver, nor for an operator of another tenant', async () => {
    const { id } = byCard.receipt;
    expect(await codeOf(sut.people.secondDriver, id)).toBe('NOT_FOUND');
    expect(await codeOf(sut.people.operator, id)).toBe('visible');
    const accountId = '019aa000-0000-7000-8000-000000000001';
    const foreign = await sut.clientAs({ accountId, tenant: 'other', role: 'operator' });
    expect(await codeOf(foreign, id)).toBe('NOT_FOUND');
    expect(await codeOf(foreign, '019aa000-0000-7000-8000-00000000dead')).toBe('NOT_FOUND');
  });

  it('wrote the driver a mail with the number of the invoice', async () => {
    const mails = () => sut.system.mail.received.filter((mail) => mail.includes('driver@kilowatch.local'));
    await waitFor('the mails', () => mails().length >= 2, { timeoutMs: 15_000 });
    const { number } = byCard.receipt.invoice!;
    await waitFor('the invoice mail', () => mails().some((mail) => mail.includes(number)), {
      timeoutMs: 15_000,
    });
  });

  it('can be followed as one trace from the socket to the invoice', async () => {
    const spans = () =>
      existsSync(traceFile)
        ? readFileSync(traceFile, 'utf8')
            .split('\n')
            .filter((line) => line !== '')
            .map((line) => JSON.parse(line) as { traceId: string; service: string; name: string })
        : [];
    const services = await waitFor(
      'a trace through gateway, sessions, metering and billing',
      () => {
        const byTrace = new Map<string, Set<string>>();
        for (const span of spans()) {
          byTrace.set(span.traceId, (byTrace.get(span.traceId) ?? new Set()).add(span.service));
        }
        return [...byTrace.values()].find((names) =>
          ['ocpp-gateway', 'sessions', 'metering', 'billing', 'notifications'].every((name) =>
            names.has(name),
          ),
        );
      },
      { timeoutMs: 20_000 },
    );
    expect(services.size).toBeGreaterThanOrEqual(5);
  });
});

describe('an eMSP', () => {
  it('registers over OCPI 2.2.1 and pulls the location, the tariff, the session and its CDR', async () => {
    const emitted: EmittedOcpiBody[] = [];
    const emsp = await MockEmsp.start();
    try {
      const seen = (schema: string) => (answer: { body: unknown }) =>
        void emitted.push({ schema, body: answer.body });
      await emsp.register(invitation.versionsUrl, invitation.tokenA, (schema, answer) =>
        seen(schema)(answer),
      );
      const pull = async (module: string, schema: string, query = '') =>
        (await emsp.pull(`${emsp.endpoint(module)}?limit=2${query}`, seen(schema))).objects;
      const since = new Date(Date.now() - 6 * 3_600_000).toISOString();
      const [locations, tariffs, cdrs] = await Promise.all([
        pull('locations', 'LocationListResponse'),
        pull('tariffs', 'TariffListResponse'),
        pull('cdrs', 'CDRListResponse'),
      ]);
      const sessions = await pull('sessions', 'SessionListResponse', `&date_from=${since}`);
      expect(locations.map((location) => location['name'])).toContain('Harbour Garage');
      expect(tariffs.length).toBeGreaterThan(0);
      const { receipt } = byCard;
      expect(sessions.find((session) => session['id'] === receipt.id)).toMatchObject({ status: 'COMPLETED' });
      const cdr = cdrs.find((candidate) => candidate['session_id'] === receipt.id)!;
      expect(cdr['invoice_reference_id']).toBe(receipt.invoice?.number);
      expect(cdr['total_energy']).toBe((receipt.energyWh ?? 0) / 1000);
      expect((cdr['total_cost'] as { incl_vat: number }).incl_vat.toFixed(2)).toBe(
        receipt.invoice?.totalInclVat.amount,
      );
      if (ocpiSchemasPresent()) expect([...new Set(ocpiDeviations(emitted))]).toEqual([]);
    } finally {
      await emsp.close();
    }
  });
});

describe('what the API refuses', () => {
  it('an expired token, for the whole request', async () => {
    const expired = await sut.clientAs({
      accountId: '019aa000-0000-7000-8000-000000000001',
      tenant: 'demo',
      role: 'operator',
      expiresIn: '-5m',
    });
    await expect(expired.request('{ me { id } }')).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('negative amounts and unknown ids, with a clear code', async () => {
    const { operator, driver } = sut.people;
    const { me } = await driver.request<{ me: { id: string } }>('{ me { id } }');
    const topUp = operator.request(
      'mutation($input: TopUpWalletInput!) { topUpWallet(input: $input) { wallet { accountId } } }',
      {
        input: {
          accountId: me.id,
          amount: '-5.00',
          currency: 'EUR',
          reference: 'x',
          idempotencyKey: 'negative',
        },
      },
    );
    await expect(topUp).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    const tariff = demoTariff(new Date(), 'Europe/Amsterdam') as { definition: { elements: unknown[] } };
    const negative = JSON.parse(JSON.stringify(tariff).replace('"0.42"', '"-0.42"')) as Record<
      string,
      unknown
    >;
    await expect(
      operator.request('mutation($input: ApplyTariffInput!) { applyTariff(input: $input) { changed } }', {
        input: negative,
      }),
    ).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    await expect(driver.request('{ session(id: "no-uuid") { id } }')).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});
