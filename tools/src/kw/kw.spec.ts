import { describe, expect, it } from 'vitest';
import { csvRows, flagOf, wholeOf } from './csv-rows.js';
import { portions, stationInput, tokenInput } from './import-rows.js';
import { outputTo, table } from './output.js';

describe('CSV files', () => {
  it('are read by column name, with quotes, a byte order mark and blank lines', () => {
    const text = '\ufefftoken, group\n"04,AA",fleet\n\n04BB,\n';
    expect(csvRows(text, ['token'])).toEqual([
      { token: '04,AA', group: 'fleet' },
      { token: '04BB', group: '' },
    ]);
  });

  it('are refused without rows or without a needed column', () => {
    expect(() => csvRows('token\n', ['token'])).toThrow(/no rows/);
    expect(() => csvRows('a,b\n1,2\n', ['token'])).toThrow(/no column token/);
  });

  it('name the column of a bad cell', () => {
    expect(() => wholeOf('many', 'connectors')).toThrow(/connectors/);
    expect(() => flagOf('perhaps', 'concurrent')).toThrow(/concurrent/);
    expect([flagOf('yes', 'c'), flagOf('0', 'c'), flagOf('', 'c')]).toEqual([true, false, undefined]);
  });
});

describe('import rows', () => {
  it('make one EVSE a connector of the station', () => {
    const row = {
      id: 'CP-1',
      profile: '1',
      password: 'x'.repeat(16),
      site: 'Garage',
      connectors: '2',
      max_current: '32',
    };
    expect(stationInput(row)).toMatchObject({
      identity: 'CP-1',
      location: 'Garage',
      securityProfile: 1,
      connectors: [
        { evseNumber: 1, number: 1, maxCurrentA: 32 },
        { evseNumber: 2, number: 1, maxCurrentA: 32 },
      ],
    });
    expect(() => stationInput({ ...row, connectors: '0' })).toThrow(/connectors/);
  });

  it('leave out what a token row does not say', () => {
    expect(tokenInput({ token: '04AA', status: 'blocked' })).toEqual({ value: '04AA', status: 'BLOCKED' });
  });

  it('go in portions', () => {
    expect(portions([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
  });
});

describe('output', () => {
  it('is a table for people and JSON for programs', () => {
    expect(table(['a', 'bb'], [['xyz', '1']])).toBe('a    bb\n---  --\nxyz  1');
    const written: string[] = [];
    outputTo((text) => written.push(text), true).show({ a: 1 }, () => 'never');
    expect(JSON.parse(written[0]!)).toEqual({ a: 1 });
  });
});
