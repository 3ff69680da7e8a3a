import { describe, expect, it } from 'vitest';
import { alertText } from './alert-text.js';
import { dunningAlert, type DunningNews } from './dunning-alert.js';

const AT = new Date('2026-05-01T07:00:00Z');
const NEWS: DunningNews = {
  ...{ caseId: 'c1', accountId: 'a1', invoiceNumber: 'KW-2026-000007', change: 'LETTER', level: 1 },
  ...{ owed: '6.05', charges: '0.00', currency: 'EUR', blocks: false, lastDay: '2026-03-24' },
  ...{ instructions: 'NL00BANK0123456789.', version: 2 },
};
const textOf = (over: Partial<DunningNews>, locale = 'en') => {
  const alert = dunningAlert({ ...NEWS, ...over }, AT)!;
  return alertText(alert.kind, alert.facts, locale);
};

describe('a letter about an invoice that is overdue', () => {
  it('says what is to be paid, until when it should have been, and how', () => {
    const { title, body } = textOf({});
    expect(title).toBe('Reminder: invoice KW-2026-000007');
    expect(body).toMatch(/by 24 March 2026.*pay €6\.05\. How to pay: NL00BANK0123456789\. /);
    expect(body).not.toMatch(/fees|charging/);
    expect(textOf({}, 'nl').title).toBe('Herinnering: factuur KW-2026-000007');
    expect(textOf({}, 'de').title).toBe('Zahlungserinnerung: Rechnung KW-2026-000007');
  });

  it('says what it costs itself, and that nothing starts until it is paid', () => {
    const { title, body } = textOf({ level: 3, charges: '12.50', blocks: true });
    expect(title).toBe('Last notice: invoice KW-2026-000007');
    expect(body).toMatch(/pay €18\.55, €12\.50 of it for fees and interest\..*cannot start charging/);
    expect(textOf({ level: 3, charges: '12.50', blocks: true }, 'nl').body).toMatch(
      /24 maart 2026.*kosten en rente.*niet beginnen te laden/,
    );
    expect(textOf({ level: 3, charges: '12.50', blocks: true }, 'de').body).toMatch(
      /bis zum 24\. März 2026.*Gebühren und Zinsen.*kein Laden beginnen/,
    );
  });

  it('is one for each level of a case', () => {
    const keys = [1, 2, 2].map(
      (level) => dunningAlert({ ...NEWS, level, version: level + 5 }, AT)!.dedupeKey,
    );
    expect(keys[1]).toBe(keys[2]);
    expect(keys[0]).not.toBe(keys[1]);
  });
});

describe('the end of a case', () => {
  it('is told to who had a letter, with what is still open', () => {
    expect(textOf({ change: 'SETTLED', owed: '0.00', charges: '5.00' }).body).toMatch(
      /Of fees and interest €5\.00/,
    );
    expect(dunningAlert({ ...NEWS, change: 'SETTLED', level: 0 }, AT)).toBeUndefined();
  });

  it('that a person must take on is told to operators', () => {
    const alert = dunningAlert({ ...NEWS, change: 'COLLECTION', level: 3, charges: '5.00' }, AT)!;
    expect(alert).toMatchObject({
      recipient: 'operators',
      kind: 'DEBT_COLLECTION',
      facts: { amount: '11.05' },
    });
    expect(textOf({ change: 'COLLECTION' }).body).toMatch(/collector/);
  });

  it.each(['OPENED', 'PAUSED', 'RESUMED', 'PAYMENT', 'WRITTEN_OFF'])(
    '%s is no news for anybody',
    (change) => {
      expect(dunningAlert({ ...NEWS, change }, AT)).toBeUndefined();
    },
  );
});
