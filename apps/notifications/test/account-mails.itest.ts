// Real: Postgres (own role, row-level security), NATS JetStream, SMTP, gRPC. Auth is played behind real gRPC.
import { randomUUID } from 'node:crypto';
import { auth, events } from '@kilowatch/contracts';
import { notFound, Secret, unavailable } from '@kilowatch/kernel';
import { createLogger, GrpcServer, ServiceTokens, systemClock, type GrpcCall } from '@kilowatch/platform';
import { RIG_SERVICE_SECRET, ServiceRig, waitFor } from '@kilowatch/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { configShape } from '../src/config.js';
import { notificationsService } from '../src/notifications.module.js';
import { MailServer } from './mail-server.js';

const { ACCOUNT_MAIL_KIND_RESET_PASSWORD, ACCOUNT_MAIL_KIND_PASSWORD_CHANGED } = auth.AccountMailKind;

/** What auth says of a link; every other link opens nothing. */
const tokens = new Map<string, string>();
let authIsAway = false;
const asked: { linkId: string; tenant: string }[] = [];
let peer: GrpcServer;
let rig: ServiceRig;
let mails: MailServer;

beforeAll(async () => {
  const logger = createLogger({ service: 'auth', level: 'fatal' });
  const secret = new Secret(RIG_SERVICE_SECRET);
  const serviceTokens = new ServiceTokens({ service: 'auth', secret, clock: systemClock });
  peer = new GrpcServer({ tokens: serviceTokens, clock: systemClock, logger });
  peer.add(auth.PeopleServiceService, {
    getLink: async ({ linkId }: auth.GetLinkRequest, { tenant }: GrpcCall) => {
      asked.push({ linkId, tenant });
      if (authIsAway) throw unavailable('AWAY', 'away');
      const token = tokens.get(linkId);
      if (!token) throw notFound('AUTH_LINK', 'This link opens nothing any more.');
      return { token };
    },
  });
  const port = await peer.listen('127.0.0.1', 0);
  mails = await MailServer.start();
  rig = await ServiceRig.start({
    service: notificationsService,
    shape: configShape,
    env: {
      KW_AUTH_GRPC_URL: `127.0.0.1:${port}`,
      KW_BILLING_GRPC_URL: '127.0.0.1:1',
      KW_SMTP_URL: mails.url,
      KW_PORTAL_URL: 'https://kw.example/',
    },
  });
});
afterAll(async () => {
  await rig?.close();
  await mails?.close();
  await peer?.close(0);
});

interface Person {
  readonly accountId: string;
  readonly email: string;
}
const aPerson = (): Person => {
  const accountId = randomUUID();
  return { accountId, email: `${accountId}@example.org` };
};
const account = ({ accountId, email }: Person, over: Record<string, unknown> = {}, version = 1) =>
  rig.publish(
    events.accountChanged,
    { aggregateId: accountId, version },
    { accountId, email, displayName: 'Dora', role: 'driver', locale: 'en', active: true, ...over },
  );
async function mail(
  { accountId }: Person,
  kind: auth.AccountMailKind,
  linkId = '',
  over: { mailId?: string; eventId?: string } = {},
) {
  const mailId = over.mailId ?? randomUUID();
  await rig.publish(
    events.accountMailRequested,
    { aggregateId: mailId, version: 1, ...(over.eventId ? { eventId: over.eventId } : {}) },
    { mailId, accountId, kind, linkId, device: 'Firefox on Linux', address: '192.0.2.1' },
  );
  return mailId;
}
/** As nodemailer writes it: quoted-printable. */
const textOf = (raw: string) =>
  raw
    .replace(/=\r?\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
const delivery = async (id: string) =>
  (
    await rig.sql<{ state: string; attempts: number; last_error: string | null }>(
      'select state, attempts, last_error from delivery where id = $1',
      [id],
    )
  )[0];
const aLink = () => {
  const linkId = randomUUID();
  const token = `demo.${linkId}.${randomUUID()}`;
  tokens.set(linkId, token);
  return { linkId, token };
};

it('carry the link that auth gives for them, and keep it nowhere', async () => {
  const dora = aPerson();
  const { linkId, token } = aLink();
  await account(dora);
  const id = await mail(dora, ACCOUNT_MAIL_KIND_RESET_PASSWORD, linkId);
  const received = await waitFor('the mail', () => mails.to(dora.email)[0]);
  expect(received.subject).toBe('Choose a new password');
  expect(received.messageId).toContain(id);
  expect(textOf(received.raw)).toContain(`https://kw.example/reset-password#${token}`);
  expect(asked).toContainEqual({ linkId, tenant: 'demo' });
  const tables = await rig.sql<{ name: string }>(
    'select table_name as name from information_schema.tables where table_schema = current_schema()',
  );
  for (const { name } of tables) {
    const rows = await rig.sql<{ text: string }>(`select row_to_json(t)::text as text from "${name}" t`);
    expect(rows.map(({ text }) => text).join(), name).not.toContain(token);
  }
});

it('come once for an event that is told twice, and without a link need nobody', async () => {
  const dora = aPerson();
  await account(dora);
  const before = asked.length;
  const mailId = await mail(dora, ACCOUNT_MAIL_KIND_PASSWORD_CHANGED);
  await mail(dora, ACCOUNT_MAIL_KIND_PASSWORD_CHANGED, '', { mailId });
  await waitFor('the outcome', async () => (await delivery(mailId))?.state === 'SENT');
  const last = aPerson();
  await account(last);
  await mail(last, ACCOUNT_MAIL_KIND_PASSWORD_CHANGED);
  await waitFor('a later mail', () => mails.to(last.email).length === 1);
  expect(mails.to(dora.email)).toHaveLength(1);
  expect(asked).toHaveLength(before);
  expect(textOf(mails.to(dora.email)[0]!.raw)).toContain('Device: Firefox on Linux. From: 192.0.2.1.');
});

it('wait for auth, and are given up when their link opens nothing any more', async () => {
  const dora = aPerson();
  await account(dora);
  authIsAway = true;
  const { linkId } = aLink();
  const waiting = await mail(dora, ACCOUNT_MAIL_KIND_RESET_PASSWORD, linkId);
  await waitFor('the first attempt', async () => (await delivery(waiting))?.last_error);
  expect(await delivery(waiting)).toMatchObject({ state: 'PENDING', attempts: 1 });
  authIsAway = false;
  await rig.sql('update delivery set due_at = to_timestamp(0) where id = $1', [waiting]);
  await waitFor('the mail', () => mails.to(dora.email).length === 1);
  const gone = await mail(dora, ACCOUNT_MAIL_KIND_RESET_PASSWORD, randomUUID());
  await waitFor('the end', async () => (await delivery(gone))?.state === 'FAILED');
  expect(await delivery(gone)).toMatchObject({ attempts: 1, last_error: 'AUTH_LINK' });
  expect(mails.to(dora.email)).toHaveLength(1);
});

it('wait for an account that is told later, and go to none that is switched off', async () => {
  const late = aPerson();
  const id = await mail(late, ACCOUNT_MAIL_KIND_PASSWORD_CHANGED);
  await waitFor('the first attempt', async () => (await delivery(id))?.last_error);
  await account(late);
  await waitFor(
    'the account',
    async () => (await rig.sql('select 1 from account where account_id = $1', [late.accountId])).length > 0,
  );
  await rig.sql('update delivery set due_at = to_timestamp(0) where id = $1', [id]);
  await waitFor('the mail', () => mails.to(late.email).length === 1);
  const off = aPerson();
  await account(off, { active: false });
  const refused = await mail(off, ACCOUNT_MAIL_KIND_PASSWORD_CHANGED);
  await waitFor('the end', async () => (await delivery(refused))?.state === 'FAILED');
  expect((await delivery(refused))?.last_error).toBe('NO_ADDRESS');
});

it('are in nobody’s inbox', async () => {
  const dora = aPerson();
  await account(dora);
  await mail(dora, ACCOUNT_MAIL_KIND_PASSWORD_CHANGED);
  await waitFor('the mail', () => mails.to(dora.email).length === 1);
  const principal = { accountId: dora.accountId, tenant: 'demo', role: 'driver' } as const;
  const { data } = await rig.graphql<{ alerts: { edges: unknown[] } }>(
    principal,
    '{ alerts(first: 5) { edges { node { id } } } }',
  );
  expect(data?.alerts.edges).toEqual([]);
});
