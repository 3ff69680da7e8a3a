import { describe, expect, it } from 'vitest';
import {
  checkedContract,
  decidedRequest,
  maskedEmaid,
  providerOf,
  type ContractRequest,
} from './contract-request.js';

const AT = new Date('2026-11-30T10:00:00Z');
const waiting: ContractRequest = {
  id: 'r1',
  kind: 'ADD',
  state: 'WAITING',
  accountId: 'a1',
  tokenId: undefined,
  emaid: 'DE8AA001234567',
  emaidKey: 'DE8AA001234567',
  name: 'Family car',
  note: '',
  createdAt: AT,
  decidedBy: '',
  decidedAt: undefined,
  reason: '',
};

describe('a contract that a driver asks for', () => {
  it('is an eMAID in any spelling, with a name and a note of bounded length', () => {
    expect(checkedContract({ emaid: ' de-8aa-001234567-0 ', name: ' Van ' })).toMatchObject({
      emaid: { key: 'DE8AA001234567' },
      name: 'Van',
      note: '',
    });
    for (const emaid of ['', '04AB0001AA01', 'DE-8AA-1'])
      expect(() => checkedContract({ emaid })).toThrow('contract number');
    expect(() => checkedContract({ emaid: waiting.emaid, name: 'x'.repeat(61) })).toThrow('60');
    expect(() => checkedContract({ emaid: waiting.emaid, note: 'x'.repeat(501) })).toThrow('500');
  });

  it('is shown by its provider and its end only', () => {
    expect(maskedEmaid('de8aa0012345670')).toBe('DE-8AA-****4567');
    expect(maskedEmaid('NL-TNM-012204-5')).toBe('NL-TNM-****2045');
    expect(maskedEmaid('nonsense')).toBe('****ense');
    expect(providerOf('DE8AA001234567')).toBe('DE-8AA');
    expect(providerOf('nonsense')).toBe('');
  });
});

describe('a decision about it', () => {
  const approved = { state: 'APPROVED', by: 'op', reason: 'seen', at: AT, tokenId: 't1' } as const;

  it('is taken once; the same again changes nothing, another is refused', () => {
    const decided = decidedRequest(waiting, approved);
    expect(decided).toMatchObject({ state: 'APPROVED', decidedBy: 'op', decidedAt: AT, tokenId: 't1' });
    expect(decidedRequest(decided, { ...approved, by: 'other' })).toBe(decided);
    for (const state of ['DECLINED', 'WITHDRAWN'] as const)
      expect(() => decidedRequest(decided, { ...approved, state })).toThrow('approved already');
  });

  it('keeps what contract a removal is about', () => {
    const removal: ContractRequest = { ...waiting, kind: 'REMOVE', tokenId: 't9' };
    expect(decidedRequest(removal, { state: 'DECLINED', by: 'op', reason: 'owes', at: AT })).toMatchObject({
      state: 'DECLINED',
      tokenId: 't9',
      reason: 'owes',
    });
  });
});
