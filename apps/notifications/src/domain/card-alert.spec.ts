import { describe, expect, it } from 'vitest';
import { alertText } from './alert-text.js';
import { cardAlert, type CardNews } from './card-alert.js';

const AT = new Date('2026-05-01T12:00:00Z');
const NEWS: CardNews = {
  paymentId: 'p1',
  accountId: 'a1',
  purpose: 'SESSION',
  sessionId: 's1',
  state: 'DECLINED',
  amount: '50.00',
  currency: 'EUR',
  failureCode: 'insufficient_funds',
  beside: false,
  attended: false,
};
const SESSION = {
  sessionId: 's1',
  accountId: 'a1',
  stationId: 'st1',
  stationIdentity: 'CP-1',
  locationName: 'Harbour',
  timeZone: 'Europe/Amsterdam',
};
const body = (over: Partial<CardNews>, locale = 'en') => {
  const alert = cardAlert({ ...NEWS, ...over }, SESSION, AT)!;
  return alertText(alert.kind, alert.facts, locale).body;
};

describe('a card that is declined', () => {
  it('at the start is told with what was to be reserved, where, why and what to do', () => {
    expect(cardAlert(NEWS, SESSION, AT)).toMatchObject({
      recipient: 'a1',
      kind: 'CARD_DECLINED',
      sessionId: 's1',
      stationId: 'st1',
    });
    expect(body({})).toMatch(/€50\.00 was to be reserved.*Harbour.*not enough money.*another card.*top up/);
    expect(body({}, 'nl')).toMatch(/Harbour.*niet genoeg geld.*andere kaart.*opwaarderen/);
    expect(body({}, 'de')).toMatch(/Harbour.*Geld reicht.*andere Karte.*laden Sie Ihr Guthaben auf/);
  });

  it('for a bill is told with the invoice that stays open', () => {
    const bill = { purpose: 'INVOICE', amount: '3.20' };
    expect(body(bill)).toMatch(/€3\.20 of the bill.*The invoice stays open.*another card.*top up/);
    expect(body(bill, 'nl')).toMatch(/van de rekening.*De factuur blijft openstaan.*andere kaart/);
  });

  it('does not repeat what a bank suspects of its holder', () => {
    for (const failureCode of ['lost_card', 'stolen_card', 'fraudulent'])
      expect(body({ failureCode })).toBe(body({ failureCode: '' }));
  });

  it('is the same alert for the same payment and outcome, whatever else changes of it', () => {
    const keys = [NEWS, { ...NEWS, failureCode: '' }, { ...NEWS, paymentId: 'p2' }].map(
      (news) => cardAlert(news, SESSION, AT)!.dedupeKey,
    );
    expect(keys[1]).toBe(keys[0]);
    expect(keys[2]).not.toBe(keys[0]);
  });

  it('is told of a session that nobody knows yet, and to nobody while they top up or when it was not declined', () => {
    expect(cardAlert(NEWS, undefined, AT)).toMatchObject({ sessionId: 's1', stationId: '' });
    for (const over of [{ purpose: 'TOP_UP' }, { accountId: '' }, { beside: true }])
      expect(cardAlert({ ...NEWS, ...over }, SESSION, AT)).toBeUndefined();
    for (const state of ['AUTHORISED', 'CANCELLED', 'EXPIRED', 'CAPTURED', 'REFUNDED'])
      expect(cardAlert({ ...NEWS, state }, SESSION, AT)).toBeUndefined();
  });

  it('that its bank wants to be confirmed is told with where that is done, if the holder is not there', () => {
    const asked = { state: 'REQUIRES_ACTION', failureCode: '' };
    expect(cardAlert({ ...NEWS, ...asked, attended: true }, SESSION, AT)).toBeUndefined();
    expect(cardAlert({ ...NEWS, ...asked }, SESSION, AT)).toMatchObject({ kind: 'CARD_CONFIRM' });
    expect(body(asked)).toMatch(/confirm that €50\.00 is reserved.*within an hour/);
    const refused = { purpose: 'INVOICE', failureCode: 'authentication_required', sessionId: '' };
    expect(cardAlert({ ...NEWS, ...refused }, undefined, AT)).toMatchObject({ kind: 'CARD_CONFIRM' });
    expect(body(refused)).toMatch(/€50\.00 of your invoice for a month.*Open the invoice in the app/);
    expect(body(refused, 'nl')).toMatch(/maandfactuur.*Open de factuur in de app/);
    expect(body(refused, 'de')).toMatch(
      /Ihrer Monatsrechnung bestätigen.*Öffnen Sie die Rechnung in der App/,
    );
    // Who was there and did not confirm knows.
    expect(cardAlert({ ...NEWS, ...refused, attended: true }, undefined, AT)).toMatchObject({
      kind: 'CARD_DECLINED',
    });
  });

  it('for a month is told with that invoice', () => {
    const month = { purpose: 'INVOICE', sessionId: '' };
    expect(body(month)).toMatch(/of your invoice for a month \(there is not enough money/);
    expect(body(month, 'nl')).toMatch(/maandfactuur/);
    expect(body(month, 'de')).toMatch(/Monatsrechnung/);
  });
});
