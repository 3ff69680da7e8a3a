import { describe, expect, it } from 'vitest';
import { delayAfter, isOvertaken, LEASE_MS, MOST_ATTEMPTS, patienceFor, type Patience } from './delivery.js';
import { assertKindOf, isEnabled, preferencesOf } from './preference.js';

describe('preferences', () => {
  it('are the defaults until a person chooses', () => {
    expect(isEnabled([], 'CHARGING_STARTED', 'IN_APP')).toBe(true);
    expect(isEnabled([], 'CHARGING_STARTED', 'EMAIL')).toBe(false);
    const chosen = [{ kind: 'CHARGING_STARTED', channel: 'EMAIL', enabled: true }] as const;
    expect(isEnabled(chosen, 'CHARGING_STARTED', 'EMAIL')).toBe(true);
    expect(isEnabled(chosen, 'INVOICE_READY', 'EMAIL')).toBe(true);
  });

  it('cover every kind of the role on every channel once', () => {
    expect(preferencesOf(false, [])).toHaveLength(26);
    expect(preferencesOf(true, [])).toHaveLength(54);
  });

  it('leave letters about overdue invoices on, whatever is asked', () => {
    const off = [{ kind: 'INVOICE_OVERDUE', channel: 'EMAIL', enabled: false }] as const;
    expect(isEnabled(off, 'INVOICE_OVERDUE', 'EMAIL')).toBe(true);
    expect(preferencesOf(true, off).some(({ kind }) => kind === 'INVOICE_OVERDUE')).toBe(false);
    expect(() => assertKindOf(false, 'INVOICE_OVERDUE')).toThrow(
      expect.objectContaining({ code: 'NOTIFICATIONS_ALWAYS' }),
    );
  });

  it('refuse a kind that the role never gets', () => {
    expect(() => assertKindOf(false, 'STATION_FAULT')).toThrow(/NOTIFICATIONS_KIND/);
    expect(() => assertKindOf(true, 'STATION_FAULT')).not.toThrow();
  });
});

describe('mail attempts', () => {
  it.each<[Patience, number]>([
    ['SHORT', 1.5],
    ['LONG', 73.5],
  ])('wait longer each time and end after hours: %s, %d', (patience, hours) => {
    const most = MOST_ATTEMPTS[patience];
    const delays = Array.from({ length: most }, (_, i) => delayAfter(i + 1, patience));
    expect(delays.slice(0, 3)).toEqual([5_000, 15_000, 45_000]);
    expect(delays.at(-1)).toBeUndefined();
    const waits = delays.filter((delay) => delay !== undefined);
    expect(waits).toHaveLength(most - 1);
    expect(waits.every((delay, i) => i === 0 || delay >= waits[i - 1]!)).toBe(true);
    expect(waits.reduce((sum, delay) => sum + delay, 0) / 3_600_000).toBeCloseTo(hours, 0);
  });

  it('go on for days for letters, bills and accounts, and for what helps only at once they do not', () => {
    const long = [patienceFor('INVOICE_OVERDUE'), patienceFor('INVOICE_READY'), patienceFor(undefined)];
    expect(long).toEqual(['LONG', 'LONG', 'LONG']);
    expect([patienceFor('FULLY_CHARGED'), patienceFor('CHARGING_INTERRUPTED')]).toEqual(['SHORT', 'SHORT']);
  });

  it('are not made for what is over with the session', () => {
    expect(isOvertaken('FULLY_CHARGED', true)).toBe(true);
    expect(isOvertaken('FULLY_CHARGED', false)).toBe(false);
    expect(isOvertaken('CHARGING_INTERRUPTED', true)).toBe(false);
  });

  it('keep their lease longer than one attempt can take', () => {
    expect(LEASE_MS).toBeGreaterThan(60_000);
  });
});
