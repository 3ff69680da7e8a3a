import { describe, expect, it } from 'vitest';
import type { ReportedSetting } from '@kilowatch/ocpp';
import { PRIORITY, priorityWith, profileNames, slotsOf, withPassword } from './network-profile.js';

const reported = (name: ReportedSetting['name'], value: string | null, known = true): ReportedSetting => ({
  name,
  value,
  known,
  mutability: 'ReadWrite',
});
const VALUES = ['wss://ocpp.example.org/ocpp', 'Wired0', 'JSON', '30', '2', 'false', 'false'];
const slots = slotsOf(reported(PRIORITY, '1,0'))!;
const held = (over: Readonly<Record<number, string | null>> = {}) =>
  profileNames(slots).map((name, index) => reported(name, index in over ? over[index]! : VALUES[index]!));

describe('network profiles of a station', () => {
  it('are a list of slots, the one in use first; another is free', () => {
    expect(slots).toEqual({ active: 1, free: 0, priority: '1,0' });
    expect(slotsOf(reported(PRIORITY, ' 3 '))).toEqual({ active: 3, free: 4, priority: '3' });
    for (const value of ['', null, 'one', '1,x']) expect(slotsOf(reported(PRIORITY, value))).toBeUndefined();
    expect(slotsOf(reported(PRIORITY, '1', false))).toBeUndefined();
    expect(slotsOf({ ...reported(PRIORITY, '1'), mutability: 'ReadOnly' })).toBeUndefined();
    expect(slotsOf(undefined)).toBeUndefined();
  });

  it('are copied whole, with another password', () => {
    expect(profileNames(slots).every(({ componentInstance }) => componentInstance === '1')).toBe(true);
    expect(withPassword(slots, held(), 'secret')).toEqual({
      ocppCsmsUrl: 'wss://ocpp.example.org/ocpp',
      ocppInterface: 'Wired0',
      ocppTransport: 'JSON',
      messageTimeout: 30,
      securityProfile: 2,
      basicAuthPassword: 'secret',
    });
  });

  it.each([
    ['an address that cannot be read', { 0: null }],
    ['a time that is no number', { 3: 'soon' }],
    ['a mobile network, whose secrets nobody can read', { 5: 'True' }],
    ['a VPN, whose secrets nobody can read', { 6: 'true' }],
  ])('are not copied with %s', (_, over) => {
    expect(withPassword(slots, held(over), 'secret')).toBeUndefined();
  });

  it('are put first, each once', () => {
    expect(priorityWith(0, '1, 0')).toBe('0,1');
    expect(priorityWith(2, '1')).toBe('2,1');
    expect(priorityWith(2, '')).toBe('2');
  });
});
