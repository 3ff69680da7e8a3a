import { describe, expect, it } from 'vitest';
import { sessionObject, type SessionSource } from './session.js';

const US = { countryCode: 'NL', partyId: 'KWD' };
const [STARTED, ENDED] = [new Date('2026-03-01T10:00:00Z'), new Date('2026-03-01T11:00:00Z')];
const COST = { currency: 'EUR', exclVat: '2.50', inclVat: '3.03' };

function aSession(over: Partial<SessionSource> = {}): SessionSource {
  return {
    sessionId: '01a10000-0000-7000-8000-0000000000f1',
    startedAt: STARTED,
    endedAt: undefined,
    locationId: 'l1',
    evseUid: 'e1',
    connectorId: 'c1',
    tokenId: 't1',
    tokenType: 'ISO14443',
    startMethod: 'RFID',
    energyMwh: undefined,
    cost: undefined,
    lastUpdated: STARTED,
    ...over,
  };
}

describe('a session', () => {
  // S1: nothing changes after COMPLETED, so nothing may be missing then.
  it.each([
    ['runs', {}, 'ACTIVE'],
    ['ended and is not billed', { endedAt: ENDED }, 'ACTIVE'],
    ['is billed before we hear of its end', { cost: COST }, 'ACTIVE'],
    ['ended and is billed', { endedAt: ENDED, cost: COST }, 'COMPLETED'],
  ])('that %s is told as it is', (_which, over, status) => {
    const told = sessionObject(aSession(over), US, 'EUR');
    expect(told.status).toBe(status);
    expect('end_date_time' in told).toBe('endedAt' in over);
  });
});
