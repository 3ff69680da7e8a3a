import { describe, expect, it } from 'vitest';
import { assignedTariff } from './tariff-assignment.js';
import { checkRivals, groupName } from './tariff-group.js';

const at = (day: number) => new Date(Date.UTC(2026, 0, day));

describe('a tariff of a group', () => {
  const assignment = (scope: 'DRIVER' | 'STATION' | 'GROUP', ref: string, tariffId: string) => ({
    id: tariffId,
    tariffId,
    scope,
    ref,
    validFrom: at(1),
    validUntil: undefined,
  });
  const facts = { TOKEN: undefined, DRIVER: 'dora', STATION: 's-1', LOCATION: 'l-1' };
  const tariffOf = (list: ReturnType<typeof assignment>[], groups = {}) =>
    assignedTariff(list, facts, at(2), groups)?.tariffId;

  it('is that of its members, of drivers before stations, and after what is assigned to a member itself', () => {
    const fleet = assignment('GROUP', 'fleet', 'FLEET');
    const yard = assignment('GROUP', 'yard', 'YARD');
    const groups = { DRIVER: ['fleet'], STATION: ['yard'] };
    expect(tariffOf([yard, fleet], groups)).toBe('FLEET');
    expect(tariffOf([yard], groups)).toBe('YARD');
    expect(tariffOf([yard, assignment('STATION', 's-1', 'OWN')], groups)).toBe('OWN');
    expect(tariffOf([fleet, assignment('DRIVER', 'dora', 'DORA')], groups)).toBe('DORA');
    expect(tariffOf([fleet, yard])).toBeUndefined();
  });

  it('is refused when another group of a member has one at the same time', () => {
    const rival = { tariffId: 'X', groupName: 'Yard', validFrom: at(5), validUntil: at(10) };
    const own = (from: number, until?: number) => [
      { validFrom: at(from), validUntil: until === undefined ? undefined : at(until) },
    ];
    expect(() => checkRivals(own(1, 5), [rival])).not.toThrow();
    expect(() => checkRivals(own(10), [rival])).not.toThrow();
    for (const times of [own(1), own(1, 6), own(9, 20), own(6, 7)])
      expect(() => checkRivals(times, [rival])).toThrow('in group Yard too');
    expect(() => checkRivals(own(20), [{ ...rival, validUntil: undefined }])).toThrow('Yard');
  });

  it('has a name', () => {
    expect(groupName(' Fleet ')).toBe('Fleet');
    expect(() => groupName(' ')).toThrow('needs a name');
  });
});
