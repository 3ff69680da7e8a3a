import { describe, expect, it } from 'vitest';
import { billStanding } from './told-driver.js';

const nobody = { accountId: '', tokenId: '', tokenRefused: false };
const roaming = { ...nobody, tokenId: 'roaming' };
const refused = { ...nobody, tokenId: 'refused', tokenRefused: true };
const driver = { accountId: 'driver', tokenId: 'card', tokenRefused: false };

describe('a bill', () => {
  it.each([
    ['is right while nobody is told', nobody, nobody, 'RIGHT'],
    ['is right when a refused token is told', nobody, refused, 'RIGHT'],
    ['of nobody is nobody’s when a driver is told', nobody, driver, 'NOBODYS'],
    ['of a refused token is nobody’s when a driver is told', refused, driver, 'NOBODYS'],
    ['of nobody is nobody’s when a token of a partner is told', nobody, roaming, 'NOBODYS'],
    ['is right for the same driver, whichever the card', driver, { ...driver, tokenId: 'other' }, 'RIGHT'],
    ['is right for the same token of a partner', roaming, roaming, 'RIGHT'],
    ['is another’s when another driver is told', driver, { ...driver, accountId: 'other' }, 'ANOTHERS'],
    ['is another’s when it went to a partner', roaming, driver, 'ANOTHERS'],
    ['is another’s when a partner’s token is told', driver, roaming, 'ANOTHERS'],
    ['stays when the driver is not told any more', driver, nobody, 'RIGHT'],
  ])('%s', (_what, billed, told, expected) => {
    expect(billStanding(billed, told)).toBe(expected);
  });
});
