// Real: Postgres, NATS, GraphQL.
import type { TestPrincipal } from '@kilowatch/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aDriver, anOperator, BillingRig, OPERATOR } from './billing-rig.js';

let fleet: BillingRig;
beforeAll(async () => {
  fleet = await BillingRig.start();
  await fleet.applyTariff('STD');
});
afterAll(() => fleet.close());

interface Terms {
  accountId: string | null;
  kind: string;
  currency: string;
  floor: { amount: string };
  minimumToStart: { amount: string };
  creditLimit: { amount: string } | null;
  daysToPay: number;
  blocked: boolean;
  own: boolean;
  updatedAt: string | null;
  changes: { kind: string; reason: string; changedBy: string }[];
}
const FIELDS = `accountId kind currency floor { amount } minimumToStart { amount } creditLimit { amount } daysToPay blocked own updatedAt
  changes { kind reason changedBy }`;

async function terms(principal: TestPrincipal, accountId?: string) {
  const { data, codes } = await fleet.rig.graphql<{ paymentTerms: Terms }>(
    principal,
    `query($accountId: ID) { paymentTerms(accountId: $accountId) { ${FIELDS} } }`,
    { accountId },
  );
  return { terms: data?.paymentTerms, codes };
}

async function agree(over: Record<string, unknown>, by = OPERATOR) {
  const input = {
    kind: 'PREPAID',
    currency: 'EUR',
    floor: '0',
    minimumToStart: '5.00',
    creditLimit: null,
    daysToPay: 14,
    blocked: false,
    reason: 'contract of May',
    ...over,
  };
  const { data, codes } = await fleet.rig.graphql<{ setPaymentTerms: { terms: Terms } }>(
    by,
    `mutation($input: SetPaymentTermsInput!) { setPaymentTerms(input: $input) { terms { ${FIELDS} } } }`,
    { input },
  );
  return { terms: data?.setPaymentTerms?.terms, codes };
}

describe('payment terms', () => {
  it('are the usual ones until somebody says otherwise: for all, or for one account', async () => {
    const [operator, driver] = [anOperator('other'), aDriver('other')];
    await fleet.applyTariff('CHF', { currency: 'CHF' }, operator);
    expect((await terms(driver)).terms).toMatchObject({
      accountId: driver.accountId,
      kind: 'ACCOUNT',
      currency: 'CHF',
      creditLimit: null,
      daysToPay: 14,
      blocked: false,
      own: false,
      updatedAt: null,
    });
    await agree({ kind: 'ACCOUNT', currency: 'CHF', creditLimit: '200', daysToPay: 30 }, operator);
    expect((await terms(operator)).terms).toMatchObject({ accountId: null, daysToPay: 30, own: true });
    expect((await terms(driver)).terms).toMatchObject({
      daysToPay: 30,
      creditLimit: { amount: '200.00' },
      own: false,
    });
    await agree({ accountId: driver.accountId, currency: 'CHF', floor: '-10' }, operator);
    expect((await terms(driver)).terms).toMatchObject({
      kind: 'PREPAID',
      floor: { amount: '-10.00' },
      minimumToStart: { amount: '5.00' },
      own: true,
    });
    expect((await terms(aDriver('other'))).terms).toMatchObject({ kind: 'ACCOUNT', daysToPay: 30 });
    expect((await terms(aDriver())).terms).toMatchObject({ currency: 'EUR', daysToPay: 14 });
  });

  it('keep who changed what and why, once for each change, for operators to see', async () => {
    const { accountId } = aDriver();
    const other = anOperator('demo');
    await agree({ accountId });
    await agree({ accountId, reason: 'the same again' });
    await agree({ accountId, minimumToStart: '2.50', reason: 'asked by phone' }, other);
    const seen = (await terms(OPERATOR, accountId)).terms!;
    expect(seen.changes).toEqual([
      { kind: 'PREPAID', reason: 'asked by phone', changedBy: other.accountId },
      { kind: 'PREPAID', reason: 'contract of May', changedBy: OPERATOR.accountId },
    ]);
    expect((await terms({ ...aDriver(), accountId })).terms).toMatchObject({ own: true, changes: [] });
    await expect(
      fleet.rig.sql('delete from payment_terms_change where account_id = $1', [accountId]),
    ).rejects.toThrow();
  });

  it('that are changed by two at once are both kept', async () => {
    const { accountId } = aDriver();
    const answers = await Promise.all(['10', '20', '30'].map((floor) => agree({ accountId, floor })));
    expect(answers.flatMap(({ codes }) => codes)).toEqual([]);
    expect((await terms(OPERATOR, accountId)).terms!.changes).toHaveLength(3);
  });

  it('are their driver’s and the operators’', async () => {
    const driver = aDriver();
    expect((await terms(aDriver(), driver.accountId)).codes).toEqual(['NOT_FOUND']);
    expect((await agree({ accountId: driver.accountId }, driver)).codes).toEqual(['FORBIDDEN']);
    await agree({ accountId: driver.accountId, daysToPay: 3 });
    expect((await terms(anOperator('stranger'), driver.accountId)).terms).toMatchObject({ own: false });
  });

  it('that make no sense are refused', async () => {
    const driver = aDriver();
    await fleet.topUp(driver, '5');
    const wrong: Record<string, unknown>[] = [
      { accountId: 'me' },
      { currency: 'XXQ' },
      { currency: 'USD' },
      { floor: '0.001' },
      { minimumToStart: '-1' },
      { daysToPay: 1_000 },
      { reason: ' ' },
      { reason: 'x'.repeat(501) },
    ];
    for (const over of wrong)
      expect([over, (await agree({ accountId: driver.accountId, ...over })).codes]).toEqual([
        over,
        ['BAD_USER_INPUT'],
      ]);
    expect((await terms(driver)).terms).toMatchObject({ own: false });
  });
});
