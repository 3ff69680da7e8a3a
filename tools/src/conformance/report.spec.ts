import { expect, it } from 'vitest';
import { countOf, tableOf } from './report.js';
import type { CaseResult } from './run-cases.js';

const result = (parts: Partial<CaseResult>): CaseResult => ({
  id: 'TC_1',
  block: 'A',
  requirement: 'A01',
  title: 'a title',
  verdict: 'PASS',
  reason: '',
  ms: 1,
  ...parts,
});

it('a table by block, with the reason of what is no PASS, and the sum', () => {
  const results = [
    result({}),
    result({ id: 'TC_22', verdict: 'FAIL', reason: 'the frame is wrong' }),
    result({ id: 'TC_3', block: 'B', verdict: 'NOT BUILT', reason: 'nobody signs' }),
  ];
  expect(tableOf('1.6', results)).toEqual([
    'OCPP 1.6',
    'case   requirement  result     title',
    '',
    'A',
    'TC_1   A01          PASS       a title',
    'TC_22  A01          FAIL       a title',
    '       FAIL: the frame is wrong',
    '',
    'B',
    'TC_3   A01          NOT BUILT  a title',
    '       NOT BUILT: nobody signs',
    '',
    'OCPP 1.6: 3 cases: 1 PASS, 1 FAIL, 1 NOT BUILT',
  ]);
  expect(countOf(results, 'FAIL')).toBe(1);
});
