// Real: Postgres (own role, row-level security), NATS JetStream, HTTP. Sessions and metering are played by the rig.
import { randomUUID } from 'node:crypto';
import { events, type sessions } from '@kilowatch/contracts';
import { waitFor } from '@kilowatch/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditBooks } from './book-audit.js';
import {
  aCharge,
  aDriver,
  BillingRig,
  elements,
  OPERATOR,
  snapshot,
  STATES,
  type Charge,
} from './billing-rig.js';

let fleet: BillingRig;
beforeAll(async () => {
  fleet = await BillingRig.start();
  await fleet.applyTariff('STD');
  await fleet.applyTariff('OWN', { definition: { elements: elements('0.10') } });
});
afterAll(async () => {
  expect(await auditBooks(fleet, 'demo')).toEqual([]);
  await fleet.close();
});

const NOBODY = { accountId: '', tokenId: '' };
/** Half an hour of a session that began after whatever was assigned. */
function course() {
  const startedAt = new Date();
  const endedAt = new Date(startedAt.getTime() + 1_800_000);
  return { startedAt, endedAt, statePeriods: [{ ...STATES[0]!, from: startedAt, to: endedAt }] };
}

/** Sessions tells after the end whose it was. */
const told = (charge: Charge, version: number, over: Partial<sessions.SessionSnapshot>) =>
  fleet.rig.publish(
    events.sessionChargingStateChanged,
    { aggregateId: charge.sessionId, version },
    { session: snapshot(charge, { status: 'ENDED', ...over }), previousState: 'IDLE' },
  );
const assign = (tariffId: string, ref: string) =>
  fleet.rig.graphql(
    OPERATOR,
    'mutation($input: AssignTariffInput!) { assignTariff(input: $input) { assignment { id } } }',
    { input: { tariffId, scope: 'DRIVER', ref } },
  );
const invoices = (charge: Charge) =>
  fleet.rig.sql<{ account_id: string; status: string; total_incl: string }>(
    'select account_id, status, total_incl::text from invoice where session_id = $1',
    [charge.sessionId],
  );
const held = async (charge: Charge) => {
  const { data } = await fleet.rig.graphql<{
    heldSessions: { edges: { node: { session: { id: string }; reason: string } }[] };
  }>(OPERATOR, '{ heldSessions(first: 100) { edges { node { session { id } reason } } } }');
  return data!.heldSessions.edges
    .filter(({ node }) => node.session.id === charge.sessionId)
    .map(({ node }) => node.reason);
};
const decide = (charge: Charge, decision: string) =>
  fleet.rig.graphql(
    OPERATOR,
    'mutation($input: DecideHoldInput!) { decideHold(input: $input) { session { id } } }',
    { input: { sessionId: charge.sessionId, decision, reason: 'Seen.', idempotencyKey: randomUUID() } },
  );

describe('a driver who is told after the bill of nobody', () => {
  it('gets the bill at their own price, once, and pays it', async () => {
    const charge = aCharge();
    await fleet.topUp(charge.driver, '10.00');
    expect((await assign('OWN', charge.driver.accountId)).codes).toEqual([]);
    const times = course();
    await fleet.whole(charge, { ...times, ...NOBODY });
    expect(await invoices(charge)).toEqual([]);

    const driver = { ...times, tokenId: randomUUID() };
    await told(charge, 4, driver);
    await waitFor('the invoice', async () => (await invoices(charge)).length > 0);
    await told(charge, 5, { ...driver, tokenMasked: 'again' });
    await fleet.caughtUp();

    const { accountId } = charge.driver;
    expect(await invoices(charge)).toEqual([{ account_id: accountId, status: 'PAID', total_incl: '1.2100' }]);
    expect(await fleet.balance(charge.driver)).toBe('8.79');
    const cdrs = await fleet.cdrs(charge);
    expect(cdrs).toMatchObject([
      { accountId: '', totalInclVat: '4.84', revision: 1 },
      { accountId: '', totalInclVat: '-4.84', revision: 2, creditOf: cdrs[0]!.cdrId },
      { accountId, totalInclVat: '1.21', revision: 3, tariffId: 'OWN', tokenId: driver.tokenId },
    ]);
    const issued = await fleet.rig.published(events.invoiceIssued);
    expect(issued.filter(({ sessionId }) => sessionId === charge.sessionId)).toMatchObject([{ accountId }]);
    expect(await held(charge)).toEqual([]);
  });

  it('pays nothing where a person had waived it', async () => {
    const charge = aCharge();
    const times = course();
    await fleet.whole(charge, { ...times, ...NOBODY });
    const { codes } = await fleet.rig.graphql(
      OPERATOR,
      'mutation($i: CorrectBillInput!) { correctBill(input: $i) { session { id } } }',
      { i: { sessionId: charge.sessionId, correction: 'WAIVE', reason: 'x', idempotencyKey: randomUUID() } },
    );
    expect(codes).toEqual([]);
    await told(charge, 4, times);
    await waitFor('the bill', async () => (await fleet.cdrs(charge)).length === 5);
    expect((await fleet.cdrs(charge)).at(-1)).toMatchObject({
      accountId: charge.driver.accountId,
      totalInclVat: '0.00',
    });
    expect(await invoices(charge)).toEqual([]);
  });
});

describe('a driver who is told after somebody else got the bill', () => {
  it('gets none: it is left, and a person looks at it, once', async () => {
    const charge = aCharge();
    const times = course();
    await fleet.whole(charge, times);
    const before = await invoices(charge);
    await told(charge, 4, { ...times, accountId: aDriver().accountId });
    await waitFor('it to be held', async () => (await held(charge)).join() === 'OTHER_DRIVER');
    expect(await fleet.cdrs(charge)).toHaveLength(1);
    expect(await invoices(charge)).toEqual(before);
    const raised = await fleet.rig.published(events.billingHeld);
    expect(raised.filter(({ sessionId }) => sessionId === charge.sessionId)).toMatchObject([
      { reason: 'other_driver' },
    ]);

    expect((await decide(charge, 'WAIVE')).codes).toEqual(['FAILED_PRECONDITION']);
    expect((await decide(charge, 'BILL_AS_MEASURED')).codes).toEqual([]);
    await told(charge, 5, { ...times, accountId: aDriver().accountId });
    await fleet.caughtUp();
    expect(await held(charge)).toEqual([]);
    expect(await invoices(charge)).toEqual(before);
  });

  it('does not see the bill, which stays with whom it was issued to, and is settled when they are told again', async () => {
    const charge = aCharge();
    const times = course();
    await fleet.whole(charge, times);
    const { errors, codes } = await fleet.rig.graphql(
      OPERATOR,
      'mutation($i: CorrectBillInput!) { correctBill(input: $i) { session { id } } }',
      { i: { sessionId: charge.sessionId, correction: 'WAIVE', reason: 'x', idempotencyKey: randomUUID() } },
    );
    expect({ errors, codes }).toMatchObject({ codes: [] });
    const other = aDriver();
    await told(charge, 4, { ...times, accountId: other.accountId });
    // That it was corrected before says nothing about whose it is.
    await waitFor('it to be held', async () => (await held(charge)).join() === 'OTHER_DRIVER');
    const seenBy = async (who: typeof other) =>
      (await fleet.rig.entity(who, 'Session', charge.sessionId, 'cdr { id }')).entity;
    expect(await seenBy(charge.driver)).toMatchObject({ cdr: { id: expect.any(String) } });
    expect((await seenBy(other))?.['cdr'] ?? null).toBeNull();
    await told(charge, 5, times);
    await waitFor('it to be settled', async () => (await held(charge)).length === 0);
  });

  it('gets none where it went to a partner', async () => {
    const charge = aCharge();
    const times = course();
    await fleet.whole(charge, { ...times, accountId: '', tokenId: randomUUID() });
    await told(charge, 4, times);
    await waitFor('it to be held', async () => (await held(charge)).join() === 'OTHER_DRIVER');
    expect(await fleet.cdrs(charge)).toHaveLength(1);
    expect(await invoices(charge)).toEqual([]);
  });
});
