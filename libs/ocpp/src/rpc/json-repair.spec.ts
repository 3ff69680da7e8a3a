import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { repairedJson } from './json-repair.js';

describe('repairedJson', () => {
  it.each([
    ['[2,"1","MeterValues",{"meterValue":[{"sampledValue":[,{"value":"5"},{"value":"6"}]}]}]'],
    ['[2,"1","MeterValues",{"connectorId":1,"transactionId":,"meterValue":[]}]'],
    ['[2,"1","StopTransaction",{"transactionId":1,,"meterStop":5,}]'],
    ['[2,"1","StopTransaction",{ , "transactionId": }]'],
  ])('Q8: makes JSON of %s', (text) => {
    expect(() => JSON.parse(text) as unknown).toThrow();
    expect(JSON.parse(repairedJson(text))).toBeInstanceOf(Array);
  });

  it('Q8: reads an empty value as null and loses no other', () => {
    const text = '{"a":,"b":[,1,,2],"c":"x,,y:","d":"\\",}",}';
    expect(JSON.parse(repairedJson(text))).toEqual({ a: null, b: [1, 2], c: 'x,,y:', d: '",}' });
  });

  it('takes no longer than reading for text made to keep it busy', () => {
    const hostile = ['[' + ',}'.repeat(60_000), '{"a":,'.repeat(20_000), '"\\'.repeat(60_000)];
    const started = process.hrtime.bigint();
    for (const text of hostile) repairedJson(text);
    expect(Number(process.hrtime.bigint() - started) / 1e6).toBeLessThan(1_000);
  });

  it('changes nothing in valid JSON, and never fails', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        for (const text of [JSON.stringify(value), JSON.stringify(value, null, 2)])
          expect(repairedJson(text)).toBe(text);
      }),
    );
    fc.assert(fc.property(fc.string(), (text) => typeof repairedJson(text) === 'string'));
  });
});
