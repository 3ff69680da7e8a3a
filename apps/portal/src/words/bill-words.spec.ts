import { describe, expect, it } from 'vitest';
import { disputeWord, doubtText, heldText } from './bill-words.js';

const held = {
  reason: 'ENERGY_DISPUTED' as const,
  doubts: ['register_reset', 'energy_power_mismatch'],
  signedVerdict: null,
  signedReasons: [],
};

describe('words about bills that wait', () => {
  it('say every doubt', () => {
    expect(heldText(held)).toBe(
      'In doubt: the register began again at a lower value, energy and power do not fit together.',
    );
  });

  it('say why signatures failed, and nothing of signatures that did not', () => {
    const failed = { ...held, doubts: [], signedVerdict: 'FAILED', signedReasons: ['page_order'] };
    expect(heldText(failed)).toBe('In doubt: signatures failed, page order.');
    expect(heldText({ ...failed, signedVerdict: 'UNKNOWN_KEY' })).toBe('In doubt: the energy.');
  });

  it('say what to do where a tariff is missing', () => {
    expect(heldText({ ...held, reason: 'NO_TARIFF', doubts: [] })).toContain('Apply one');
  });

  it('say what to do where somebody else was billed', () => {
    expect(heldText({ ...held, reason: 'OTHER_DRIVER', doubts: [] })).toContain(
      'Correct the bill where it is wrong, then leave it',
    );
  });

  it('name a doubt that they do not know', () => {
    expect(doubtText('meter_on_fire')).toBe('meter on fire');
  });

  it('tell a driver where an objection stands', () => {
    expect(disputeWord('OPEN')).toMatchObject({ tone: 'warn' });
    expect(disputeWord('REJECTED').text).toBe('Not accepted');
  });
});
