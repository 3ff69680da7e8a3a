// Real: Postgres, NATS, GraphQL, gRPC, PDF and XML as a driver gets them. Sessions and metering are played.
import { randomUUID } from 'node:crypto';
import { billing, metering } from '@kilowatch/contracts';
import { tenantId } from '@kilowatch/kernel';
import { XMLParser } from 'fast-xml-parser';
import { extractText, getDocumentProxy } from 'unpdf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aCharge, aDriver, anOperator, BillingRig, OPERATOR, type Charge } from './billing-rig.js';

let fleet: BillingRig;
beforeAll(async () => {
  fleet = await BillingRig.start({ KW_SELLER_COUNTRY: 'NL', KW_SELLER_VAT_ID: 'NL001234567B01' });
  await fleet.applyTariff('STD', { idleGraceMinutes: 10 });
});
afterAll(() => fleet.close());

interface File {
  readonly name: string;
  readonly mediaType: string;
  readonly content: string;
}

async function invoiceId(charge: Charge): Promise<string> {
  const seen = await fleet.see<{ invoice: { id: string } }>(charge, 'invoice { id }');
  return seen!.invoice.id;
}

async function documents(id: string, asker = OPERATOR, locale?: string) {
  const { data, codes } = await fleet.rig.graphql<{ invoice: { pdf: File; ubl: File } }>(
    asker,
    `query($id: ID!, $locale: String) { invoice(id: $id) {
      pdf(locale: $locale) { name mediaType content } ubl { name mediaType content } } }`,
    { id, locale },
  );
  return { ...data?.invoice, codes };
}

async function textOf({ content }: File): Promise<{ text: string; pages: number }> {
  const pdf = await getDocumentProxy(new Uint8Array(Buffer.from(content, 'base64')));
  const { text, totalPages } = await extractText(pdf, { mergePages: true });
  return { text: text.replace(/\s+/g, ' '), pages: totalPages };
}

const forMail = (
  invoiceId: string,
  accountId: string,
  over: Partial<billing.GetInvoiceDocumentsRequest & { tenant: string }> = {},
) =>
  fleet.rig
    .grpc(billing.BillingServiceClient)
    .getInvoiceDocuments(
      { invoiceId, accountId, locale: 'en', maxBytes: 3_000_000, ...over },
      { tenant: tenantId(over.tenant ?? 'demo') },
    );
const base64 = (file: billing.InvoiceDocument | undefined) => file?.content.toString('base64');

describe('an invoice', () => {
  it('is had on paper by its driver: parties, lines, VAT, the meter and the session, in three languages', async () => {
    const charge = aCharge();
    await fleet.named(charge.driver, 'Łukasz Müller-Ñandú');
    await fleet.started(charge, {
      locationName: 'Harbour Garage',
      stationIdentity: 'CP-7',
      tokenMasked: '04…9F',
    });
    await fleet.ended(charge, {
      locationName: 'Harbour Garage',
      stationIdentity: 'CP-7',
      tokenMasked: '04…9F',
    });
    await fleet.metered(charge, {
      beginRegisterMwh: 120_500_000,
      endRegisterMwh: 130_500_000,
      signedVerdict: metering.SignedVerdict.SIGNED_VERDICT_VERIFIED,
    });
    await fleet.billed(charge);
    const id = await invoiceId(charge);
    const { pdf } = await documents(id, charge.driver);
    expect(pdf!.name).toMatch(/^KW-\d{4}-\d{6}\.pdf$/);
    expect(Buffer.from(pdf!.content, 'base64').subarray(0, 5).toString()).toBe('%PDF-');
    const { text, pages } = await textOf(pdf!);
    expect(pages).toBe(1);
    for (const part of [
      `Invoice ${pdf!.name.replace('.pdf', '')}`,
      'Seller Ltd',
      'VAT ID NL001234567B01',
      'Łukasz Müller-Ñandú',
      '10 kWh',
      '0.4 EUR / kWh',
      'VAT 21 % of 5.00 EUR',
      '6.05 EUR',
      'Harbour Garage, CP-7',
      '04…9F',
      '120.500 kWh – 130.500 kWh',
      'yes, verified',
    ])
      expect(text).toContain(part);
    expect((await textOf((await documents(id, charge.driver, 'nl')).pdf!)).text).toContain(
      'Totaal inclusief btw 6,05 EUR',
    );
    expect((await textOf((await documents(id, charge.driver, 'de-AT')).pdf!)).text).toContain(
      'Gesamtbetrag 6,05 EUR',
    );
  });

  it('is the same bytes whenever it is made', async () => {
    const charge = aCharge();
    await fleet.whole(charge);
    const id = await invoiceId(charge);
    const [first, second] = [await documents(id), await documents(id)];
    expect(second.pdf).toEqual(first.pdf);
    expect(second.ubl).toEqual(first.ubl);
  });

  it('is had as EN 16931 in UBL, with the same total', async () => {
    const charge = aCharge();
    await fleet.whole(charge);
    const { ubl } = await documents(await invoiceId(charge), charge.driver);
    expect(ubl).toMatchObject({ mediaType: 'application/xml' });
    const xml = new XMLParser({ removeNSPrefix: true, parseTagValue: false }).parse(
      Buffer.from(ubl!.content, 'base64').toString('utf8'),
    ) as { Invoice: { ID: string; LegalMonetaryTotal: { PayableAmount: string } } };
    expect(xml.Invoice.LegalMonetaryTotal.PayableAmount).toBe('6.05');
    expect(`${xml.Invoice.ID}.xml`).toBe(ubl!.name);
  });

  it('is shown to its driver and operators of the tenant alone', async () => {
    const charge = aCharge();
    await fleet.whole(charge);
    const id = await invoiceId(charge);
    expect((await documents(id, aDriver())).codes).toEqual(['NOT_FOUND']);
    expect((await documents(id, anOperator('other'))).codes).toEqual(['NOT_FOUND']);
    expect((await documents(id)).codes).toEqual([]);
  });
});

describe('a collective invoice', () => {
  it('has a section for each session, over as many pages as it takes, and each line in UBL', async () => {
    const driver = aDriver();
    await fleet.monthly(driver);
    const charges = Array.from({ length: 24 }, () => aCharge(driver));
    for (const [i, charge] of charges.entries()) {
      await fleet.whole(charge, { locationName: `Garage ${i + 1}`, stationIdentity: `CP-${i + 1}` });
    }
    await fleet.monthOver(driver);
    const id = await invoiceId(charges[0]!);
    const { pdf, ubl } = await documents(id, driver);
    const { text, pages } = await textOf(pdf!);
    expect(pages).toBeGreaterThan(3);
    for (const i of charges.keys()) expect(text).toContain(`Garage ${i + 1}, CP-${i + 1}, EVSE 1`);
    // 24 sessions of 6.05; the head of the table is on each of its pages.
    expect(text).toContain('Total including VAT 145.20 EUR');
    expect(text.split('Unit price').length - 1).toBeGreaterThanOrEqual(2);
    expect((await textOf((await documents(id, driver, 'nl')).pdf!)).text).toContain(
      'Totaal inclusief btw 145,20 EUR',
    );
    const xml = new XMLParser({ removeNSPrefix: true, parseTagValue: false }).parse(
      Buffer.from(ubl!.content, 'base64').toString('utf8'),
    ) as { Invoice: { InvoiceLine: unknown[]; LegalMonetaryTotal: { PayableAmount: string } } };
    expect(xml.Invoice.LegalMonetaryTotal.PayableAmount).toBe('145.20');
    expect(xml.Invoice.InvoiceLine).toHaveLength(48);
    const { documents: mailed } = await forMail(id, driver.accountId);
    expect(mailed.map(base64)).toEqual([pdf!.content, ubl!.content]);
  });
});

describe('the papers for the mail about an invoice', () => {
  it('are those that its driver downloads, in the language that is asked for', async () => {
    const charge = aCharge();
    await fleet.whole(charge);
    const id = await invoiceId(charge);
    const shown = await documents(id, charge.driver, 'nl');
    const { documents: files, tooLarge } = await forMail(id, charge.driver.accountId, { locale: 'nl-BE' });
    expect(tooLarge).toEqual([]);
    expect(files.map(({ name, mediaType }) => ({ name, mediaType }))).toEqual([
      { name: shown.pdf!.name, mediaType: 'application/pdf' },
      { name: shown.ubl!.name, mediaType: 'application/xml' },
    ]);
    expect(files.map(base64)).toEqual([shown.pdf!.content, shown.ubl!.content]);
    expect(files[0]!.content.subarray(0, 4).toString()).toBe('%PDF');
  });

  it('are had of a credit note, too', async () => {
    const charge = aCharge();
    await fleet.whole(charge);
    const { data } = await fleet.rig.graphql<{ correctBill: { creditNote: { id: string; number: string } } }>(
      OPERATOR,
      'mutation($i: CorrectBillInput!) { correctBill(input: $i) { creditNote { id number } } }',
      {
        i: {
          sessionId: charge.sessionId,
          correction: 'WAIVE',
          reason: 'wrong',
          idempotencyKey: randomUUID(),
        },
      },
    );
    const { id, number } = data!.correctBill.creditNote;
    const { documents: files } = await forMail(id, charge.driver.accountId);
    expect(files.map(({ name }) => name)).toEqual([`${number}.pdf`, `${number}.xml`]);
    expect(files[1]!.content.toString('utf8')).toContain('<CreditNote');
  });

  it('are left out by name where there is no room for them', async () => {
    const charge = aCharge();
    await fleet.whole(charge);
    const id = await invoiceId(charge);
    const { accountId } = charge.driver;
    const [paper, xml] = (await forMail(id, accountId)).documents;
    const [pdfSize, xmlSize] = [paper!.content.length, xml!.content.length];
    expect(xmlSize).toBeLessThan(pdfSize);
    const within = async (maxBytes: number) => {
      const answer = await forMail(id, accountId, { maxBytes });
      return [answer.documents.map(({ name }) => name), answer.tooLarge];
    };
    expect(await within(pdfSize + xmlSize)).toEqual([[paper!.name, xml!.name], []]);
    expect(await within(pdfSize + xmlSize - 1)).toEqual([[paper!.name], [xml!.name]]);
    expect(await within(pdfSize - 1)).toEqual([[xml!.name], [paper!.name]]);
    expect(await within(0)).toEqual([[], [paper!.name, xml!.name]]);
  });

  it('have no UBL in a currency that EN 16931 cannot say', async () => {
    await fleet.applyTariff('KWD', { currency: 'KWD' }, anOperator('kuwait'));
    const charge = aCharge(aDriver('kuwait'));
    await fleet.whole(charge);
    const { documents: files, tooLarge } = await forMail(await invoiceId(charge), charge.driver.accountId, {
      tenant: 'kuwait',
    });
    expect([files.map(({ mediaType }) => mediaType), tooLarge]).toEqual([['application/pdf'], []]);
  });

  it('are given for the account that the invoice is of, in its tenant, and nobody else', async () => {
    const charge = aCharge();
    await fleet.whole(charge);
    const id = await invoiceId(charge);
    const { accountId } = charge.driver;
    const others = [
      { account: aDriver().accountId },
      { account: '' },
      { tenant: 'other' },
      { invoice: 'nonsense' },
    ];
    for (const { account = accountId, invoice = id, tenant = 'demo' } of others)
      await expect(forMail(invoice, account, { tenant })).rejects.toMatchObject({
        kind: 'NOT_FOUND',
        code: 'BILLING_INVOICE',
      });
  });
});

describe('an invoice with several taxes', () => {
  it('tells each by its name: in the ledger, on paper, in UBL and to programs', async () => {
    const operator = anOperator('quebec');
    const taxes = [
      { name: 'GST', percentage: '5' },
      { name: 'QST', percentage: '9.975' },
    ];
    const definition = {
      elements: [{ price_components: [{ type: 'ENERGY', price: '0.40', step_size: 1, taxes }] }],
    };
    await fleet.applyTariff('QC', { currency: 'CAD', definition }, operator);
    const charge = aCharge(aDriver('quebec'));
    await fleet.whole(charge);
    const seen = await fleet.see<{ invoice: { id: string; number: string; taxes: unknown[] } }>(
      charge,
      'invoice { id number totalVat { amount } taxes { name percent base { amount } amount { amount currency } } }',
    );
    // 10 kWh x 0.40 = 4.00: 0.20 GST and 0.399 QST.
    expect(seen!.invoice).toMatchObject({
      totalVat: { amount: '0.60' },
      taxes: [
        { name: 'GST', percent: '5', base: { amount: '4.00' }, amount: { amount: '0.20', currency: 'CAD' } },
        { name: 'QST', percent: '9.975', base: { amount: '4.00' }, amount: { amount: '0.40' } },
      ],
    });
    const booked = await fleet.rig.sql<{ account: string; amount: string }>(
      "select account, amount::float8::text as amount from ledger_entry where account like 'tax:%' order by account",
      [],
      'quebec',
    );
    expect(booked).toEqual([
      { account: 'tax:GST:5', amount: '-0.2' },
      { account: 'tax:QST:9.975', amount: '-0.4' },
    ]);
    const { pdf, ubl } = await documents(seen!.invoice.id, charge.driver);
    const { text } = await textOf(pdf!);
    expect(text).toContain('GST 5 % of 4.00 CAD');
    expect(text).toContain('QST 9.975 % of 4.00 CAD');
    expect(Buffer.from(ubl!.content, 'base64').toString('utf8')).toContain('<cbc:Name>QST</cbc:Name>');
  });
});
