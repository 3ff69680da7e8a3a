import { decimal, ZERO } from '@kilowatch/kernel';
import { describe, expect, it } from 'vitest';
import { USUAL_TERMS, type PaymentTerms } from './payment-terms.js';
import { planFunds, roomOf, type AccountSituation, type FundedSession } from './session-fund.js';

const NOW = new Date('2026-05-01T12:00:00Z');
const PREPAID: PaymentTerms = { ...USUAL_TERMS, kind: 'PREPAID', currency: 'EUR' };
const ACCOUNT: PaymentTerms = { ...PREPAID, kind: 'ACCOUNT', creditLimit: decimal('50') };
const money = (balance: string, owed = '0') => ({ balance: decimal(balance), owed: decimal(owed) });

/** Costs so much now, and so many cents more each second. */
function session(cost: string, perSecond = 0, over: Partial<FundedSession> = {}): FundedSession {
  const at = (time: Date) =>
    decimal(cost).plus(
      decimal(Math.round((perSecond * (time.getTime() - NOW.getTime())) / 1_000)).div('100'),
    );
  return {
    sessionId: over.sessionId ?? 'one',
    state: 'OPEN',
    currency: 'EUR',
    cardLimit: undefined,
    lowTold: false,
    stoppedAt: undefined,
    cost: decimal(cost),
    spending: { at, atMost: at },
    ...over,
  };
}

const plan = (over: Partial<AccountSituation>, ...sessions: FundedSession[]) => {
  const { funds, available, lookAt } = planFunds({
    terms: PREPAID,
    currency: 'EUR',
    money: money('10'),
    sessions,
    now: NOW,
    ...over,
  });
  return {
    lookAt,
    available: available?.toFixed(2),
    funds: funds.map(({ limit, ...fund }) => ({ ...fund, limit: limit?.toFixed(2) })),
  };
};

describe('what may be spent', () => {
  it.each<[string, PaymentTerms, string, string, string | undefined]>([
    ['the wallet', PREPAID, '10', '0', '10.00'],
    ['less what is owed', PREPAID, '10', '4', '6.00'],
    ['down to the floor', { ...PREPAID, floor: decimal('3') }, '10', '0', '7.00'],
    ['or below nothing where that was agreed', { ...PREPAID, floor: decimal('-5') }, '1', '0', '6.00'],
    ['a credit limit with the wallet', ACCOUNT, '10', '25', '35.00'],
    ['anything without a limit', { ...ACCOUNT, creditLimit: undefined }, '0', '99', undefined],
    ['what the card says', { ...PREPAID, kind: 'CARD' }, '10', '0', undefined],
  ])('is %s', (_what, terms, balance, owed, room) => {
    expect(roomOf(terms, money(balance, owed))?.toFixed(2)).toBe(room);
  });
});

describe('sessions of one account', () => {
  it('share it: each may use what the others leave', () => {
    const view = plan({}, session('2.00'), session('3.00', 0, { sessionId: 'two' }));
    expect(view.funds.map(({ limit }) => limit)).toEqual(['7.00', '8.00']);
    expect(view.available).toBe('5.00');
  });

  it('are stopped together when together they have used it', () => {
    const view = plan({}, session('4.00', 1), session('5.90', 1, { sessionId: 'two' }));
    expect(view.funds.map(({ state }) => state)).toEqual(['USED_UP', 'USED_UP']);
  });

  it('hold what they will have cost when they are looked at next, and after their end until they are billed', () => {
    const ended = session('4.00', 0, { sessionId: 'ended', spending: undefined });
    expect(plan({}, ended)).toMatchObject({ available: '6.00', lookAt: undefined });
    const view = plan({ money: money('100') }, session('1.00', 1), ended);
    expect(view.lookAt).toEqual(new Date(NOW.getTime() + 300_000));
    expect(view.available).toBe('92.00');
  });

  it('that bring their driver money leave none of it to others before they are billed', () => {
    const found = plan({}, session('-3.00', -1), session('2.00', 0, { sessionId: 'two' }));
    expect(found).toMatchObject({ available: '8.00', funds: [{ limit: '8.00' }, { limit: '10.00' }] });
  });

  it('whose car holds back are not stopped before the money is gone', () => {
    expect(plan({}, session('9.99')).funds[0]).toMatchObject({ state: 'OPEN', lowTold: true });
    expect(plan({}, session('10.00')).funds[0]).toMatchObject({ state: 'USED_UP', lowTold: false });
  });

  it('that are priced in another currency than the wallet have nothing', () => {
    expect(plan({}, session('0', 0, { currency: 'USD' })).funds[0]).toMatchObject({ state: 'USED_UP' });
    const free = { terms: { ...ACCOUNT, creditLimit: undefined } };
    expect(plan(free, session('0', 0, { currency: 'USD' })).funds[0]).toMatchObject({ state: 'OPEN' });
  });

  it('without a limit are never looked at again', () => {
    const view = plan({ terms: { ...ACCOUNT, creditLimit: undefined } }, session('5.00', 100));
    expect(view).toMatchObject({ available: undefined, lookAt: undefined });
    expect(view.funds[0]).toMatchObject({ kind: 'ACCOUNT', state: 'OPEN', limit: undefined });
  });

  it('whose card was asked live on that alone', () => {
    const byCard = session('19.00', 0, { sessionId: 'card', cardLimit: decimal('20') });
    const view = plan({}, session('2.00'), byCard);
    expect(view.funds).toMatchObject([
      { kind: 'PREPAID', limit: '10.00' },
      { kind: 'CARD', limit: '20.00', state: 'OPEN', lowTold: true },
    ]);
    expect(view.available).toBe('8.00');
    const declined = session('0', 0, { cardLimit: ZERO });
    expect(plan({}, declined).funds[0]).toMatchObject({ kind: 'CARD', state: 'USED_UP' });
  });
});

describe('a session that is to be stopped', () => {
  const stopping = session('10.00', 0, { state: 'STOPPING', stoppedAt: decimal('10') });

  it('stays so though it takes less meanwhile', () => {
    const slower = { ...session('9.95', 0), state: 'USED_UP', stoppedAt: decimal('10') } as const;
    expect(plan({}, slower).funds[0]).toMatchObject({ state: 'USED_UP' });
    expect(plan({}, stopping).funds[0]).toMatchObject({ state: 'STOPPING' });
  });

  it('goes on when money came, and only if it is enough', () => {
    expect(
      plan(
        { money: money('10.05') },
        session('10.00', 1, { ...stopping, spending: session('10.00', 1).spending }),
      ).funds[0],
    ).toMatchObject({ state: 'STOPPING' });
    expect(plan({ money: money('20') }, stopping).funds[0]).toMatchObject({
      state: 'OPEN',
      limit: '20.00',
      stoppedAt: undefined,
    });
  });

  it('is told again that little is left when that comes again', () => {
    expect(plan({ money: money('20') }, session('15.00', 0, { lowTold: true })).funds[0]!.lowTold).toBe(
      false,
    );
    expect(plan({ money: money('20') }, session('16.00')).funds[0]!.lowTold).toBe(true);
  });
});
