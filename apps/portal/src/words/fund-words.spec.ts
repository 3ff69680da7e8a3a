import { describe, expect, it } from 'vitest';
import { fundNotice } from './fund-words.js';

const euro = (amount: string) => ({ amount, currency: 'EUR' });
const FUND = {
  kind: 'PREPAID',
  state: 'OPEN',
  limit: euro('20.00'),
  available: euro('7.50'),
  usedUp: false,
  usedUpAt: '2026-05-01T12:20:00.000Z',
} as const;

describe('the money of a session', () => {
  it('is what is left and until when it is enough, while it runs', () => {
    const notice = fundNotice(FUND, true)!;
    expect(notice.tone).toBe('good');
    expect(notice.text).toMatch(/7[.,]50.*20[.,]00.*left, enough until about/);
    expect(fundNotice({ ...FUND, usedUpAt: null }, true)!.text).toMatch(/left\.$/);
  });

  it('is used, and then why it ended', () => {
    const used = { ...FUND, usedUp: true, available: euro('0.00') };
    expect(fundNotice(used, true)!.text).toMatch(/it is being stopped/);
    expect(fundNotice(used, false)!.text).toMatch(/It was stopped because/);
  });

  it('is not spoken of where there is no limit, or it ended by itself', () => {
    expect([
      fundNotice(null, true),
      fundNotice({ ...FUND, limit: null }, true),
      fundNotice(FUND, false),
    ]).toEqual([undefined, undefined, undefined]);
  });
});
