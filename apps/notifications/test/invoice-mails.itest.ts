// Real: Postgres (own role, row-level security), NATS JetStream, SMTP, gRPC. Billing is played behind real gRPC.
import { randomBytes, randomUUID } from 'node:crypto';
import { billing, events } from '@kilowatch/contracts';
import { unavailable } from '@kilowatch/kernel';
import { ServiceRig, waitFor } from '@kilowatch/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configShape } from '../src/config.js';
import { notificationsService } from '../src/notifications.module.js';
import { attachmentsOf, MailServer, wordsOf } from './mail-server.js';
import { PlayedBilling } from './played-billing.js';

let peer: PlayedBilling;
let rig: ServiceRig;
let mails: MailServer;

beforeAll(async () => {
  peer = await PlayedBilling.start();
  mails = await MailServer.start();
  rig = await ServiceRig.start({
    service: notificationsService,
    shape: configShape,
    env: {
      KW_AUTH_GRPC_URL: '127.0.0.1:1',
      KW_BILLING_GRPC_URL: peer.url,
      KW_SMTP_URL: mails.url,
      KW_PORTAL_URL: 'https://kw.example/',
    },
  });
});
afterAll(async () => {
  await rig?.close();
  await mails?.close();
  await peer?.close();
});

interface Person {
  readonly accountId: string;
  readonly email: string;
}

async function aPerson(locale = 'en'): Promise<Person> {
  const accountId = randomUUID();
  const email = `${accountId}@example.org`;
  await rig.publish(
    events.accountChanged,
    { aggregateId: accountId, version: 1 },
    { accountId, email, displayName: 'Dora', role: 'driver', locale, active: true },
  );
  await waitFor(
    'the account',
    async () => (await rig.sql('select 1 from account where account_id = $1', [accountId])).length > 0,
  );
  return { accountId, email };
}

/** Bytes of every value, as those of a compressed document are. */
const pdf = (number: string, size = 40_000): billing.InvoiceDocument => ({
  name: `${number}.pdf`,
  mediaType: 'application/pdf',
  content: Buffer.concat([Buffer.from('%PDF-1.3\n'), randomBytes(size)]),
});
const ubl = (number: string): billing.InvoiceDocument => ({
  name: `${number}.xml`,
  mediaType: 'application/xml',
  content: Buffer.from(`<?xml version="1.0"?>\n<Invoice>Łukasz, ${number}</Invoice>`),
});

const total = { amount: '12.30', currency: 'EUR' };

async function invoiced(
  { accountId }: Person,
  invoiceId: string,
  over: Partial<billing.InvoiceIssued> = {},
): Promise<void> {
  await rig.publish(
    events.invoiceIssued,
    { aggregateId: invoiceId, version: 1 },
    billing.InvoiceIssued.fromPartial({
      ...{ invoiceId, accountId, total, number: 'KW-2026-000001', issuedAt: new Date() },
      ...{ sessionId: randomUUID(), sessionCount: 1, ...over },
    }),
  );
}

const theMail = ({ email }: Person) => waitFor('the mail', () => mails.to(email)[0]);

interface Attempted {
  readonly state: string;
  readonly attempts: number;
  readonly last_error: string | null;
}
const delivery = async ({ accountId }: Person) =>
  (
    await rig.sql<Attempted>(
      "select state, attempts, last_error from delivery where recipient = $1 and channel = 'EMAIL'",
      [accountId],
    )
  )[0];
const attempted = (person: Person, attempts: number) =>
  waitFor(`the outcome of attempt ${attempts}`, async () => {
    const found = await delivery(person);
    return found?.attempts === attempts && found.last_error ? found : undefined;
  });
/** Due at once, and the outcome of the attempt before forgotten: what is seen next is that of the next. */
const hurry = ({ accountId }: Person) =>
  rig.sql(
    "update delivery set due_at = to_timestamp(0), last_error = null where recipient = $1 and channel = 'EMAIL'",
    [accountId],
  );

describe('the mail about an invoice', () => {
  it('has it attached, PDF and UBL, byte for byte as billing gives them, and kept nowhere', async () => {
    const dora = await aPerson('nl-BE');
    const invoiceId = randomUUID();
    const documents = [pdf('KW-2026-000001'), ubl('KW-2026-000001')];
    peer.papers.set(invoiceId, { documents, tooLarge: [] });
    await invoiced(dora, invoiceId);
    const mail = await theMail(dora);
    expect(attachmentsOf(mail)).toEqual(documents);
    expect(attachmentsOf(mail)[0]!.content.subarray(0, 4).toString()).toBe('%PDF');
    expect(wordsOf(mail)).toContain('Bijgevoegd: KW-2026-000001.pdf, KW-2026-000001.xml.');
    expect(peer.asked.filter((request) => request.invoiceId === invoiceId)).toEqual([
      { invoiceId, accountId: dora.accountId, locale: 'nl-BE', maxBytes: 3_000_000, tenant: 'demo' },
    ]);
    const rows = await rig.sql<{ text: string }>(
      'select row_to_json(d)::text as text from delivery d where recipient = $1',
      [dora.accountId],
    );
    expect(rows.map(({ text }) => text).join()).not.toContain('PDF');
  });

  it('for a month has that of the month, and that about a credit note has the credit note', async () => {
    const dora = await aPerson();
    const [invoiceId, creditNoteId] = [randomUUID(), randomUUID()];
    peer.papers.set(invoiceId, { documents: [pdf('KW-2026-000002')], tooLarge: [] });
    peer.papers.set(creditNoteId, { documents: [pdf('KWC-2026-000001')], tooLarge: [] });
    await invoiced(dora, invoiceId, {
      ...{ number: 'KW-2026-000002', sessionId: '', sessionCount: 31, month: '2026-03' },
    });
    await rig.publish(
      events.creditNoteIssued,
      { aggregateId: creditNoteId, version: 1 },
      billing.CreditNoteIssued.fromPartial({
        ...{ creditNoteId, number: 'KWC-2026-000001', accountId: dora.accountId, issuedAt: new Date() },
        ...{ total: { amount: '-12.30', currency: 'EUR' }, invoiceId, invoiceNumber: 'KW-2026-000002' },
      }),
    );
    await waitFor('both mails', () => mails.to(dora.email).length === 2);
    const names = mails.to(dora.email).map((mail) => attachmentsOf(mail).map(({ name }) => name));
    expect(names.sort()).toEqual([['KW-2026-000002.pdf'], ['KWC-2026-000001.pdf']]);
  });

  it('leaves out what is too large, and says so', async () => {
    const dora = await aPerson();
    const invoiceId = randomUUID();
    const xml = ubl('KW-2026-000003');
    peer.papers.set(invoiceId, { documents: [xml], tooLarge: ['KW-2026-000003.pdf'] });
    await invoiced(dora, invoiceId);
    const mail = await theMail(dora);
    expect(attachmentsOf(mail)).toEqual([xml]);
    expect(wordsOf(mail)).toMatch(
      /Attached: KW-2026-000003\.xml\.\s+Too large to be attached: KW-2026-000003\.pdf\. You can download/,
    );
  });

  it('goes at once without what billing refuses, and says so', async () => {
    const dora = await aPerson();
    await invoiced(dora, randomUUID());
    const mail = await theMail(dora);
    expect(attachmentsOf(mail)).toEqual([]);
    expect(wordsOf(mail)).toContain('The document could not be attached to this message.');
    expect(wordsOf(mail)).toContain('https://kw.example/alerts/');
    await waitFor('the outcome', async () => (await delivery(dora))?.state === 'SENT');
    expect((await delivery(dora))?.attempts).toBe(1);
  });

  it('waits for billing while it is away, and has it attached once it is back', async () => {
    const dora = await aPerson();
    const invoiceId = randomUUID();
    peer.papers.set(invoiceId, unavailable('AWAY', 'away'));
    await invoiced(dora, invoiceId);
    expect(await attempted(dora, 1)).toMatchObject({ state: 'PENDING', last_error: 'AWAY' });
    const documents = [pdf('KW-2026-000004')];
    peer.papers.set(invoiceId, { documents, tooLarge: [] });
    await hurry(dora);
    expect(attachmentsOf(await theMail(dora))).toEqual(documents);
  });

  it('goes without it when billing stays away for five attempts', async () => {
    const dora = await aPerson();
    const invoiceId = randomUUID();
    peer.papers.set(invoiceId, unavailable('AWAY', 'away'));
    await invoiced(dora, invoiceId);
    for (const attempt of [1, 2, 3, 4]) {
      await attempted(dora, attempt);
      expect(mails.to(dora.email)).toEqual([]);
      await hurry(dora);
    }
    const mail = await theMail(dora);
    expect(attachmentsOf(mail)).toEqual([]);
    expect(wordsOf(mail)).toContain('The document could not be attached to this message.');
    await waitFor('the outcome', async () => (await delivery(dora))?.state === 'SENT');
    expect((await delivery(dora))?.attempts).toBe(5);
  });

  it('never takes more than a gRPC answer may be: that counts as away', async () => {
    const dora = await aPerson();
    const invoiceId = randomUUID();
    peer.papers.set(invoiceId, { documents: [pdf('KW-2026-000005', 4_300_000)], tooLarge: [] });
    await invoiced(dora, invoiceId);
    expect(await attempted(dora, 1)).toMatchObject({
      state: 'PENDING',
      last_error: 'SERVICE_UNAVAILABLE',
    });
    expect(mails.to(dora.email)).toEqual([]);
  });
});

it('mails about other things ask billing for nothing', async () => {
  const dora = await aPerson();
  const before = peer.asked.length;
  const disputeId = randomUUID();
  await rig.publish(
    events.disputeDecided,
    { aggregateId: disputeId, version: 1 },
    billing.DisputeDecided.fromPartial({
      ...{
        disputeId,
        sessionId: randomUUID(),
        accountId: dora.accountId,
        state: 'REJECTED',
        invoiceNumber: 'KW-2026-000001',
      },
    }),
  );
  const mail = await theMail(dora);
  expect(attachmentsOf(mail)).toEqual([]);
  expect(wordsOf(mail)).not.toMatch(/attached/i);
  expect(peer.asked).toHaveLength(before);
});
