import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describe, expect, it } from 'vitest';
import { GraphqlError, Unreachable } from '../client/graphql-client.js';
import { csvRows, flagOf, wholeOf } from './csv-rows.js';
import { portions, stationInput, tokenInput } from './import-rows.js';
import { errorDocument, KwError } from './kw-error.js';
import { outputTo, table } from './output.js';
import { jsonObject, readInput } from './read-input.js';

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
    expect(() => csvRows('token\n"04AA\n', ['token'])).toThrow(/^the file is no CSV: .*quote/i);
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

  it('of many values has one JSON document a line', () => {
    const written: string[] = [];
    const output = outputTo((text) => written.push(text), true);
    output.next({ a: [1, { b: 2 }] }, () => 'never');
    output.next({ a: 'x\ny' }, () => 'never');
    expect(written).toEqual(['{"a":[1,{"b":2}]}\n', '{"a":"x\\ny"}\n']);
  });
});

describe('input files', () => {
  it('that are not there or cannot be read are named', () => {
    const folder = mkdtempSync(join(tmpdir(), 'kilowatch-kw-'));
    try {
      expect(() => readInput(join(folder, 'none.csv'))).toThrow(/^there is no file .*none\.csv$/);
      expect(() => readInput(folder)).toThrow(/cannot be read \(EISDIR\)/);
      writeFileSync(join(folder, 'a.csv'), 'token\n');
      expect(readInput(join(folder, 'a.csv'))).toBe('token\n');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('hold one JSON object where JSON is wanted', () => {
    expect(jsonObject('{"a":1}', 'the payload')).toEqual({ a: 1 });
    expect(() => jsonObject('{"a"', 'the payload')).toThrow('the payload is no JSON: {"a"');
    for (const text of ['[]', 'null', '7'])
      expect(() => jsonObject(text, 'x.json')).toThrow(`x.json is no JSON object: ${text}`);
  });
});

describe('errors for programs', () => {
  const unknownOption = (): unknown => {
    try {
      return parseArgs({ args: ['--nope'], options: {} });
    } catch (error) {
      return error;
    }
  };
  it.each([
    [
      'what the API answers',
      new GraphqlError([{ message: 'no', extensions: { code: 'FORBIDDEN' } }], null),
      'FORBIDDEN',
    ],
    ['kw itself', new KwError('NOT_FOUND', 'no'), 'NOT_FOUND'],
    ['an API that is away', new Unreachable('http://x', new Error('no')), 'UNAVAILABLE'],
    ['an option that does not exist', unknownOption(), 'BAD_USER_INPUT'],
    ['a bug', new Error('no'), 'INTERNAL'],
  ])('carry the code of %s', (_what, error, code) => {
    expect(errorDocument(error)).toEqual({ error: { code, message: (error as Error).message } });
  });
});
