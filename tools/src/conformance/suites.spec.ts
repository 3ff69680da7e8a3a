import { OCPP_VERSIONS } from '@kilowatch/ocpp';
import { describe, expect, it } from 'vitest';
import { chosen, conformanceOptionsFrom } from './options.js';
import { SUITES } from './suites.js';

describe.each(OCPP_VERSIONS)('the cases of %s', (version) => {
  const cases = SUITES[version].flatMap((block) => block.cases);

  it('have ids of their own, a requirement, and one line that says what they are about', () => {
    expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length);
    for (const { id, requirement, title } of cases) {
      expect(id).toMatch(/^(TC|KW)_[A-Z0-9_]+$/);
      expect(requirement, id).not.toBe('');
      expect(title, id).toMatch(/^.{10,120}$/);
    }
  });

  it('say why when they cannot be played', () => {
    for (const { id, notBuilt } of cases) if (notBuilt !== undefined) expect(notBuilt, id).toMatch(/.{20}/);
  });
});

it('2.0.1 has at least 150 cases, in each of the blocks A to P', () => {
  const ids = SUITES['2.0.1'].flatMap(({ cases }) => cases.map(({ id }) => id));
  expect(ids.length).toBeGreaterThanOrEqual(150);
  for (const letter of 'ABCDEFGHIJKLMNOP')
    expect(ids.filter((id) => id.startsWith(`TC_${letter}_`)).length, letter).toBeGreaterThanOrEqual(3);
});

describe('the command line', () => {
  it('wants a version that there is', () => {
    expect(conformanceOptionsFrom(['2.0.1', '--json']).version).toBe('2.0.1');
    expect(conformanceOptionsFrom([]).version).toBeUndefined();
    expect(() => conformanceOptionsFrom(['2.0'])).toThrow('2.0 is no OCPP version');
  });

  it('chooses cases by the beginning of their ids', () => {
    const { only } = conformanceOptionsFrom(['1.6', '--only', 'TC_044', '--only', 'TC_045_1']);
    const ids = chosen(SUITES['1.6'], only).flatMap(({ cases }) => cases.map(({ id }) => id));
    expect(ids).toEqual(['TC_044_1_CSMS', 'TC_044_2_CSMS', 'TC_044_3_CSMS', 'TC_045_1_CSMS']);
  });
});
