// Real: Postgres (own role, row-level security), NATS JetStream, GraphQL, PDF and XML as a driver gets them. Sessions and metering are played.
import { randomUUID } from 'node:crypto';
import { events, metering } from '@kilowatch/contracts';
import { tenantId } from '@kilowatch/kernel';
import { Database, tenantScope } from '@kilowatch/platform';
import { waitFor, type TestPrincipal } from '@kilowatch/testing';
import { XMLParser } from 'fast-xml-parser';
import { extractText, getDocumentProxy } from 'unpdf';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { TakeEnergy } from '../src/usecases/take-energy.js';
import { auditBooks } from './book-audit.js';
import { CardRig } from './card-rig.js';
import {
  aCharge,
  aDriver,
  anOperator,
  BillingRig,
  energyOf,
  minute,
  OPERATOR,
  type Charge,
} from './billing-rig.js';

let fleet: BillingRig;
const priceFrom = (from: number, to: number, price: string) => ({
  price_components: [{ type: 'ENERGY', price, vat: '21', step_size: 1 }],
  restrictions: { start_date_time: minute(from).toISOString(), end_date_time: minute(to).toISOString() },
});
/** A market: -0.20 in the first half of the usual hour, 0.05 in its second, 0.10 in the hour after that. */
const definition = {
  elements: [
    priceFrom(-120, 30, '-0.20'),
    priceFrom(30, 60, '0.05'),
    priceFrom(60, 120, '0.10'),
    { price_components: [{ type: 'ENERGY', price: '0.40', vat: '21', step_size: 1 }] },
  ],
};

beforeAll(async () => {
  fleet = await BillingRig.start({ KW_SELLER_COUNTRY: 'NL', KW_SELLER_VAT_ID: 'NL001234567B01' });
  const { codes } = await fleet.applyTariff('SPOT', { definition: { ...definition, negative_total: true } });
  expect(codes).toEqual([]);
});
afterAll(() => fleet.close());
afterEach(async () => {
  expect(await auditBooks(fleet, 'demo')).toEqual([]);
});

interface Paper {
  id: string;
  number: string;
  kind: string;
  credits: string | null;
  status: string;
  paymentMethod: string | null;
  dueAt: string | null;
  overdue: boolean;
  totalInclVat: { amount: string };
  owedInclVat: { amount: string };
}
const PAPER =
  'id number kind credits status paymentMethod dueAt overdue totalInclVat { amount } owedInclVat { amount }';

interface RevenueRow {
  net: { amount: string };
  tax: { amount: string };
  creditedNet: { amount: string };
  creditNotes: number;
  sessions: number;
}

async function papersOf(driver: TestPrincipal): Promise<Paper[]> {
  const { data } = await fleet.rig.graphql<{ invoices: { edges: { node: Paper }[] } }>(
    driver,
    `{ invoices(first: 20) { edges { node { ${PAPER} } } } }`,
  );
  return data!.invoices.edges.map(({ node }) => node).reverse();
}
const shortly = (papers: readonly Paper[]) =>
  papers.map(({ kind, status, totalInclVat }) => `${kind} ${status} ${totalInclVat.amount}`);

/** Ten kWh when the market has risen: 1.00 and 21 %. In the hour after: hours before may be of the month before. */
async function after(driver: TestPrincipal): Promise<Charge> {
  const charge = aCharge(driver);
  await fleet.started(charge, { startedAt: minute(60) });
  await fleet.ended(charge, { startedAt: minute(60), endedAt: minute(110), statePeriods: [] });
  await fleet.metered(charge, {
    intervals: [{ from: minute(60), to: minute(110), energyMwh: 10_000_000 }],
  });
  await fleet.billed(charge);
  return charge;
}

async function correct(charge: Charge, energyWh: number) {
  const { data, errors } = await fleet.rig.graphql<{ correctBill: { creditNote: Paper } }>(
    OPERATOR,
    `mutation($input: CorrectBillInput!) { correctBill(input: $input) { creditNote { ${PAPER} } } }`,
    {
      input: {
        ...{ sessionId: charge.sessionId, correction: 'ENERGY', energyWh, reason: 'The meter was replaced.' },
        idempotencyKey: randomUUID(),
      },
    },
  );
  if (!data) throw new Error(JSON.stringify(errors));
  return data.correctBill.creditNote;
}

const ledgerOf = (accountId: string) =>
  fleet.rig.sql<{ reason: string; account: string; amount: string }>(
    `select p.reason, split_part(e.account, ':', 1) as account, e.amount::numeric(20, 2)::text as amount
      from posting p join ledger_entry e on e.posting_id = p.id
      where exists (select 1 from ledger_entry o where o.posting_id = p.id and o.account like '%' || $1) order by p.id, e.line`,
    [accountId],
  );

// 6 kWh at -0.20 and 4 kWh at 0.05: -1.00, with 21 % -1.21.
describe('a session at hours below zero', () => {
  it('goes from the live cost to CDR, credit note, ledger and wallet, each with the same figure', async () => {
    const charge = aCharge();
    const { accountId } = charge.driver;
    await fleet.started(charge);
    fleet.reading(charge, minute(0), 0);
    fleet.reading(charge, minute(30), 6_000_000);
    fleet.reading(charge, minute(60), 10_000_000);
    const cost = 'cost { final totalExclVat { amount } totalVat { amount } totalInclVat { amount } }';
    const figures = {
      totalExclVat: { amount: '-1.00' },
      totalVat: { amount: '-0.21' },
      totalInclVat: { amount: '-1.21' },
    };
    await waitFor('the live cost', async () => {
      const seen = await fleet.see<{ cost: { totalInclVat: { amount: string } } | null }>(charge, cost);
      return seen?.cost?.totalInclVat.amount === '-1.21';
    });
    expect(await fleet.see(charge, cost)).toEqual({ cost: { final: false, ...figures } });
    await fleet.ended(charge);
    await fleet.metered(charge);
    await fleet.billed(charge);
    expect(await fleet.see(charge, cost)).toEqual({ cost: { final: true, ...figures } });
    // What roaming partners are told.
    expect(await fleet.cdrs(charge)).toMatchObject([{ totalExclVat: '-1.00', totalInclVat: '-1.21' }]);
    const [paper] = await papersOf(charge.driver);
    expect(paper).toMatchObject({
      ...{ kind: 'CREDIT_NOTE', credits: null, status: 'PAID', paymentMethod: 'WALLET' },
      ...{ dueAt: null, overdue: false, totalInclVat: { amount: '-1.21' }, owedInclVat: { amount: '0.00' } },
    });
    expect(await ledgerOf(accountId)).toEqual([
      { reason: 'INVOICE', account: 'receivable', amount: '-1.21' },
      { reason: 'INVOICE', account: 'revenue', amount: '1.00' },
      { reason: 'INVOICE', account: 'vat', amount: '0.21' },
      { reason: 'WALLET_REFUND', account: 'receivable', amount: '1.21' },
      { reason: 'WALLET_REFUND', account: 'wallet', amount: '-1.21' },
    ]);
    expect(await fleet.balance(charge.driver)).toBe('1.21');
    const told = (await fleet.rig.published(events.invoiceIssued)).filter(
      (one) => one.accountId === accountId,
    );
    expect(told).toMatchObject([{ number: paper!.number, total: { amount: '-1.21' } }]);
    const { data } = await fleet.rig.graphql(charge.driver, '{ accountDebt { total { amount } } }');
    expect(data).toEqual({ accountDebt: { total: { amount: '0.00' } } });
  });

  it('is a credit note of type 381 with amounts above zero that takes nothing back, and says in words whose it is', async () => {
    const charge = aCharge();
    await fleet.whole(charge);
    const [paper] = await papersOf(charge.driver);
    const { data } = await fleet.rig.graphql<{
      invoice: { pdf: { content: string }; ubl: { content: string } };
    }>(
      charge.driver,
      'query($id: ID!) { invoice(id: $id) { pdf(locale: "en") { content } ubl { content } } }',
      {
        id: paper!.id,
      },
    );
    const bytes = (content: string) => Buffer.from(content, 'base64');
    const pdf = await getDocumentProxy(new Uint8Array(bytes(data!.invoice.pdf.content)));
    const text = (await extractText(pdf, { mergePages: true })).text.replace(/\s+/g, ' ');
    expect(text).toContain(`Credit note ${paper!.number}`);
    expect(text).toContain('In your favour: 1.21 EUR was paid into your wallet. Nothing is to be paid.');
    const xml = new XMLParser({ removeNSPrefix: true, parseTagValue: false }).parse(
      bytes(data!.invoice.ubl.content).toString('utf8'),
    ) as Record<string, Record<string, unknown>>;
    expect(xml['CreditNote']).toMatchObject({
      CreditNoteTypeCode: '381',
      TaxTotal: { TaxAmount: '0.21' },
      LegalMonetaryTotal: { LineExtensionAmount: '1.00', TaxInclusiveAmount: '1.21', PayableAmount: '1.21' },
      // What the driver owes of it lessens what is given: a negative quantity, as prices are not negative (BR-27).
      CreditNoteLine: [
        { CreditedQuantity: '6', LineExtensionAmount: '1.20', Price: { PriceAmount: '0.2' } },
        { CreditedQuantity: '-4', LineExtensionAmount: '-0.20', Price: { PriceAmount: '0.05' } },
      ],
    });
    expect(xml['CreditNote']).not.toHaveProperty('BillingReference');
    expect(xml['CreditNote']).not.toHaveProperty('DueDate');
  });

  it('pays with what it brings the invoice that was open', async () => {
    const driver = aDriver();
    await after(driver);
    expect(shortly(await papersOf(driver))).toEqual(['INVOICE OPEN 1.21']);
    await fleet.whole(aCharge(driver));
    expect(shortly(await papersOf(driver))).toEqual(['INVOICE PAID 1.21', 'CREDIT_NOTE PAID -1.21']);
    expect(await fleet.balance(driver)).toBe('0.00');
  });

  it.each(['owed first', 'in favour first'])('pays with what it brings the bill that comes in the same transaction, %s', async (order) => {
    const driver = aDriver();
    const [owed, favour] = [aCharge(driver), aCharge(driver)];
    const later = { startedAt: minute(60), endedAt: minute(110), statePeriods: [] };
    await fleet.started(owed, later);
    await fleet.ended(owed, later);
    await fleet.started(favour);
    await fleet.ended(favour);
    await fleet.caughtUp();
    const intervals = [{ from: minute(60), to: minute(110), energyMwh: 10_000_000 }];
    const due = [{ ...energyOf(owed), intervals }, energyOf(favour)];
    if (order === 'in favour first') due.reverse();
    const { running } = fleet.rig;
    const tenant = tenantId('demo');
    await running.get(Database).transaction(tenantScope(tenant), async (tx) => {
      for (const energy of due) {
        const of = { eventId: randomUUID(), tenant, aggregateId: energy.sessionId };
        const meta = { ...of, aggregateVersion: 1, occurredAt: new Date(), producer: 'metering' };
        await running.get(TakeEnergy).run(tx, metering.SessionMetered.fromPartial(energy), meta);
      }
    });
    expect(shortly(await papersOf(driver)).sort()).toEqual(['CREDIT_NOTE PAID -1.21', 'INVOICE PAID 1.21']);
    expect(await fleet.balance(driver)).toBe('0.00');
  }); // prettier-ignore

  it('asks no transfer for it', async () => {
    const charge = aCharge();
    await fleet.whole(charge);
    const [paper] = await papersOf(charge.driver);
    const { codes } = await fleet.rig.graphql(
      OPERATOR,
      'mutation($input: RecordTransferInput!) { recordTransfer(input: $input) { invoice { id } } }',
      { input: { invoiceId: paper!.id, reference: 'bank-1', idempotencyKey: randomUUID() } },
    );
    expect(codes).toEqual(['FAILED_PRECONDITION']);
  });
});

describe('a bill in the favour of its driver that is corrected', () => {
  it('is taken back by an invoice, which the wallet pays, and replaced', async () => {
    const charge = aCharge();
    await fleet.whole(charge);
    const [first] = await papersOf(charge.driver);
    // Half the energy, spread like the whole: 3 kWh at -0.20 and 2 kWh at 0.05.
    expect(await correct(charge, 5000)).toMatchObject({
      ...{ kind: 'INVOICE', credits: first!.number, status: 'PAID', totalInclVat: { amount: '1.21' } },
    });
    expect(shortly(await papersOf(charge.driver))).toEqual([
      'CREDIT_NOTE CREDITED -1.21',
      'INVOICE PAID 1.21',
      'CREDIT_NOTE PAID -0.61',
    ]);
    expect(await fleet.balance(charge.driver)).toBe('0.61');
    expect(await fleet.cdrs(charge)).toMatchObject([
      { totalInclVat: '-1.21' },
      { totalInclVat: '1.21', creditOf: expect.stringMatching(/.+/) },
      { totalInclVat: '-0.61' },
    ]);
  });

  it('is owed again when the wallet has spent it, until the wallet is filled', async () => {
    const driver = aDriver();
    const charge = aCharge(driver);
    await fleet.whole(charge);
    await after(driver);
    expect(await fleet.balance(driver)).toBe('0.00');
    const again = await correct(charge, 5000);
    expect(again).toMatchObject({ kind: 'INVOICE', status: 'OPEN', owedInclVat: { amount: '1.21' } });
    expect(again.dueAt).not.toBeNull();
    expect(await fleet.balance(driver)).toBe('0.61');
    await fleet.topUp(driver, '0.60');
    expect(shortly(await papersOf(driver))).toContain('INVOICE PAID 1.21');
    expect(await fleet.balance(driver)).toBe('0.00');
  });
});

describe('a month with sessions below zero', () => {
  it('is one paper: a credit note where it comes to less than nothing, and its parts are taken back one by one', async () => {
    const driver = aDriver();
    await fleet.monthly(driver);
    const [low, lower, high] = [aCharge(driver), aCharge(driver), await after(driver)];
    await fleet.whole(low);
    await fleet.whole(lower);
    await fleet.monthOver(driver);
    expect(shortly(await papersOf(driver))).toEqual(['CREDIT_NOTE PAID -1.21']);
    expect(await fleet.balance(driver)).toBe('1.21');
    // What was owed in it comes back; what was given is asked for.
    await correct(high, 5000);
    expect(await fleet.balance(driver)).toBe('2.42');
    await correct(low, 5000);
    expect(await fleet.balance(driver)).toBe('1.21');
  });

  it('that cancels itself out is settled, and moves nothing', async () => {
    const driver = aDriver();
    await fleet.monthly(driver);
    await after(driver);
    await fleet.whole(aCharge(driver));
    await fleet.monthOver(driver);
    expect(shortly(await papersOf(driver))).toEqual(['INVOICE PAID 0.00']);
    expect(await fleet.balance(driver)).toBe('0.00');
  });

  it('that is still owed is owed more when what was given in it is taken back', async () => {
    const driver = aDriver();
    await fleet.monthly(driver);
    const charge = aCharge(driver);
    await after(driver);
    await after(driver);
    await fleet.whole(charge);
    await fleet.monthOver(driver);
    expect(shortly(await papersOf(driver))).toEqual(['INVOICE OPEN 1.21']);
    const again = await correct(charge, 5000);
    expect(again).toMatchObject({ kind: 'INVOICE', status: 'PAID', paymentMethod: 'OFFSET' });
    const [month] = await papersOf(driver);
    expect(month).toMatchObject({ status: 'OPEN', owedInclVat: { amount: '2.42' } });
  });
});

describe('a driver who pays by card', () => {
  it('is asked for nothing by a bill in their favour: what was reserved is let go', async () => {
    const rig = await CardRig.start();
    try {
      await rig.fleet.applyTariff('SPOT', { definition: { ...definition, negative_total: true } });
      const driver = await rig.payer();
      const charge = await rig.session(driver);
      await rig.states(charge, 'CANCELLED');
      expect(await rig.invoice(charge)).toMatchObject({
        ...{ status: 'PAID', paymentMethod: 'WALLET', total: '-1.21', cardPaid: '0.00' },
      });
      expect(await rig.fleet.balance(driver)).toBe('1.21');
      expect(await rig.judge()).toEqual([]);
      expect(await auditBooks(rig.fleet, 'demo')).toEqual([]);
    } finally {
      await rig.close();
    }
  });
});

describe('revenue', () => {
  it('is less by what bills below zero gave away, and none of it is called credited', async () => {
    const tenant = `neg-${randomUUID().slice(0, 8)}`;
    const operator = anOperator(tenant);
    await fleet.applyTariff('SPOT', { definition: { ...definition, negative_total: true } }, operator);
    await fleet.whole(aCharge(aDriver(tenant)));
    const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
    const { data } = await fleet.rig.graphql<{ revenue: { edges: { node: RevenueRow }[] } }>(
      operator,
      `query($input: RevenueInput!) { revenue(input: $input, first: 10) {
        edges { node { net { amount } tax { amount } creditedNet { amount } creditNotes sessions } } } }`,
      { input: { from: day(-3), to: day(3), by: 'TENANT', period: 'YEAR' } },
    );
    // One row, of whichever year it is.
    expect(data!.revenue.edges.map(({ node }) => node)).toEqual([
      {
        ...{ net: { amount: '-1.00' }, tax: { amount: '-0.21' }, creditedNet: { amount: '0.00' } },
        ...{ creditNotes: 0, sessions: 1 },
      },
    ]);
    expect(await auditBooks(fleet, tenant)).toEqual([]);
  });
});

describe('a tariff with prices below zero', () => {
  it('is refused unless its owner says that sessions may come to less than nothing, or at least what they cost', async () => {
    const refused = await fleet.applyTariff('REFUSED', { definition });
    expect(refused.codes).toEqual(['BAD_USER_INPUT']);
    const floored = { ...definition, min_price: { excl_vat: '0', incl_vat: '0' } };
    expect((await fleet.applyTariff('FLOORED', { definition: floored })).codes).toEqual([]);
    const both = { ...floored, negative_total: true };
    const { data } = await fleet.applyTariff('BOTH', { definition: both });
    expect(data?.applyTariff.tariff.summary.join(' ')).toContain('may come to less than nothing');
  });
});
