import { describe, expect, it } from 'vitest';
import { alertText } from './alert-text.js';
import { contractAlert, type ContractNews } from './contract-alert.js';

const DECIDED = { id: 'r1', version: 1, at: new Date('2026-05-01T12:00:00Z') };
const NEWS: ContractNews = {
  accountId: 'a1',
  masked: 'DE-8AA-****4567',
  name: 'Polestar',
  decision: 'ADDED',
  reason: 'seen at the counter',
};
const text = (over: Partial<ContractNews>, locale = 'en') => {
  const alert = contractAlert({ ...NEWS, ...over }, DECIDED)!;
  return alertText(alert.kind, alert.facts, locale);
};

describe('a decision about a contract', () => {
  it('is told to whose contract it is, once for a request or a version of the contract', () => {
    expect(contractAlert(NEWS, DECIDED)).toMatchObject({
      recipient: 'a1',
      kind: 'CONTRACT_DECIDED',
      dedupeKey: 'contract:r1:1',
    });
    expect(contractAlert({ ...NEWS, accountId: '' }, DECIDED)).toBeUndefined();
  });

  it('names the contract and what was said about it', () => {
    expect(text({})).toEqual({
      title: 'Your contract was added',
      body: 'Your contract Polestar (DE-8AA-****4567) is on your account: your car charges on it by itself. From us: seen at the counter',
    });
    expect(text({ name: '', reason: '' }).body).toMatch(
      /^Your contract DE-8AA-\*\*\*\*4567 is on .* by itself\.$/,
    );
    expect(text({}, 'nl').body).toMatch(/Polestar.*staat op uw account.*Van ons: seen at the counter/);
    expect(text({}, 'de').body).toMatch(/Polestar.*Ihrem Konto.*Von uns: seen at the counter/);
  });

  it.each([
    ['REMOVED', /taken off/],
    ['ADDING_DECLINED', /not added/],
    ['REMOVAL_DECLINED', /stays/],
    ['BLOCKED', /blocked/],
    ['EXPIRED', /over/],
    ['RELEASED', /good again/],
    ['SOMETHING_NEW', /changed/],
  ])('%s has words of its own in each language', (decision, words) => {
    expect(text({ decision }).title).toMatch(words);
    for (const locale of ['nl', 'de']) {
      expect(text({ decision }, locale).title).not.toBe(text({ decision }).title);
      if (decision !== 'ADDED') expect(text({ decision }, locale).title).not.toBe(text({}, locale).title);
    }
  });
});
