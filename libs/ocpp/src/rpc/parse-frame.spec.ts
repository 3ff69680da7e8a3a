import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OCPP_VERSIONS, type OcppVersion } from '../version.js';
import { callErrorText, callResultText, callText } from './frame.js';
import { parseFrame } from './parse-frame.js';

const kindsOf = (text: string, version: OcppVersion = '1.6') => {
  const frame = parseFrame(text, version);
  return 'deviations' in frame ? frame.deviations.map((deviation) => deviation.kind) : [];
};

describe('well-formed frames', () => {
  it('reads a CALL', () => {
    expect(parseFrame('[2,"1","Heartbeat",{}]', '1.6')).toEqual({
      kind: 'call',
      id: '1',
      action: 'Heartbeat',
      payload: {},
      deviations: [],
    });
  });

  it('reads a CALLRESULT and a CALLERROR', () => {
    expect(parseFrame('[3,"1",{"status":"Accepted"}]', '1.6')).toMatchObject({ kind: 'callResult', id: '1' });
    expect(parseFrame('[4,"1","GenericError","",{}]', '2.0.1')).toMatchObject({
      kind: 'callError',
      code: 'GenericError',
    });
  });

  it('Q8: reads pretty-printed JSON', () => {
    expect(parseFrame('[\n  2,\n "1", "Heartbeat",\n {\n}\n]', '1.6').kind).toBe('call');
  });

  it('reads CALLRESULTERROR and SEND in 2.1 only', () => {
    const send = '[6,"1","NotifyPeriodicEventStream",{}]';
    const error = '[5,"1","FormatViolation","",{}]';
    expect(parseFrame(send, '2.1').kind).toBe('send');
    expect(parseFrame(error, '2.1').kind).toBe('callResultError');
    expect(parseFrame(send, '2.0.1')).toMatchObject({ kind: 'invalid', fault: 'message_type' });
    expect(parseFrame(error, '2.0.1')).toMatchObject({ kind: 'invalid', fault: 'message_type' });
  });

  it('reads what it writes', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 36 }),
        fc.dictionary(fc.string(), fc.jsonValue()),
        (id, raw) => {
          const payload = JSON.parse(JSON.stringify(raw).replaceAll('__proto__', 'proto')) as never;
          expect(parseFrame(callText(id, 'DataTransfer', payload), '2.0.1')).toMatchObject({
            kind: 'call',
            id,
            payload,
          });
          expect(parseFrame(callResultText(id, payload), '2.0.1')).toMatchObject({
            kind: 'callResult',
            id,
            payload,
          });
        },
      ),
    );
  });

  it('tells a 2.1 station with CALLRESULTERROR that its result could not be used, and no other', () => {
    for (const text of ['[3,"7",[1]]', '[3,"7",{"a":1,"a":2}]']) {
      const invalid = parseFrame(text, '2.1');
      const reply = invalid.kind === 'invalid' ? JSON.parse(invalid.reply ?? 'null') : undefined;
      expect(reply).toEqual([5, '7', 'FormatViolation', expect.any(String), {}]);
      expect(parseFrame(text, '2.0.1')).toMatchObject({ kind: 'invalid', reply: null });
    }
    expect(parseFrame('[4,"7","X","",{"a":1,"a":2}]', '2.1')).toMatchObject({ kind: 'invalid', reply: null });
    expect(parseFrame('[5,"7","X","",{"a":1,"a":2}]', '2.1')).toMatchObject({ kind: 'invalid', reply: null });
  });

  it('cuts the description of an error to what the specification allows', () => {
    const [, , , description] = JSON.parse(callErrorText('1', 'GenericError', 'x'.repeat(300))) as string[];
    expect(description).toHaveLength(255);
  });
});

describe('tolerated deviations', () => {
  it.each([
    ['[2,"1","Heartbeat",null]', 'payload_null'],
    ['[2,"1","Heartbeat"]', 'payload_missing'],
    ['[3,"1",null]', 'payload_null'],
  ])('Q9: %s has an empty payload', (text, deviation) => {
    expect(kindsOf(text)).toEqual([deviation]);
    expect(parseFrame(text, '1.6')).toMatchObject({ payload: {} });
  });

  it('Q9: an empty payload of ours is an object, never null', () => {
    expect([callText('1', 'ClearCache', {}), callResultText('1', {})]).toEqual([
      '[2,"1","ClearCache",{}]',
      '[3,"1",{}]',
    ]);
  });

  it.each([
    ['[2,"1","Heartbeat",{},{}]', 'extra_element'],
    [`[2,"${'a'.repeat(37)}","Heartbeat",{}]`, 'message_id_long'],
    ['[2,17,"Heartbeat",{}]', 'message_id_not_text'],
  ])('%s', (text, deviation) => {
    expect(kindsOf(text)).toEqual([deviation]);
  });

  it('takes an error without description and details', () => {
    expect(parseFrame('[4,"-1"]', '1.6')).toMatchObject({
      kind: 'callError',
      id: '-1',
      code: 'GenericError',
    });
  });
});

describe('invalid frames', () => {
  it.each([
    // text, fault, 1.6 reply, 2.0.1 reply
    ['nonsense', 'not_json', null, '-1 RpcFrameworkError'],
    ['[2,"7","Heartbeat",{"a":,}]', 'not_json', '7 FormationViolation', '7 FormatViolation'],
    ['{"a":1}', 'not_a_message', null, '-1 RpcFrameworkError'],
    ['[2,"","Heartbeat",{}]', 'message_id', null, '-1 RpcFrameworkError'],
    ['[2]', 'message_id', null, '-1 RpcFrameworkError'],
    ['[2,"7",5,{}]', 'action', '7 FormationViolation', '7 FormatViolation'],
    ['[2,"7","Heartbeat",[]]', 'payload', '7 FormationViolation', '7 FormatViolation'],
    [
      '[2,"7","Authorize",{"idTag":"A","idTag":"B"}]',
      'duplicate_property',
      '7 FormationViolation',
      '7 FormatViolation',
    ],
    [
      '[2,"7","Authorize",{"__proto__":{"a":1}}]',
      'forbidden_property',
      '7 FormationViolation',
      '7 FormatViolation',
    ],
    ['[9,"7",{}]', 'message_type', null, '7 MessageTypeNotSupported'],
    ['["2","7","Heartbeat",{}]', 'message_type', null, '7 MessageTypeNotSupported'],
  ])('%s is %s', (text, fault, reply16, reply201) => {
    for (const [version, expected] of [
      ['1.6', reply16],
      ['2.0.1', reply201],
    ] as const) {
      const frame = parseFrame(text, version);
      if (frame.kind !== 'invalid') throw new Error(`${text} was read as ${frame.kind}`);
      expect(frame.fault).toBe(fault);
      const reply = frame.reply && (JSON.parse(frame.reply) as unknown[]);
      expect(reply && `${String(reply[1])} ${String(reply[2])}`).toBe(expected);
    }
  });

  it.each([
    ['an empty value', '[2,"7","Heartbeat",{"a":,}]'],
    ['a leading comma', '[2,"7","Heartbeat",{"a":[,1]}]'],
    ['an end that never comes', '[2,"7","Heartbeat",{"a":'],
  ])('Q8: JSON with %s is answered by its id', (_what, text) => {
    const frame = parseFrame(text, '1.6');
    expect(frame).toMatchObject({ kind: 'invalid', fault: 'not_json' });
    expect(frame.kind === 'invalid' && frame.reply).toContain('[4,"7","FormationViolation"');
  });

  it('Q10: a property that comes twice is refused, however deep it is', () => {
    for (const text of [
      '[2,"7","Authorize",{"idTag":"A","idTag":"B"}]',
      '[2,"7","MeterValues",{"meterValue":[{"sampledValue":[{"value":"1","value":"2"}]}]}]',
    ])
      expect(parseFrame(text, '1.6')).toMatchObject({ kind: 'invalid', fault: 'duplicate_property' });
  });

  it('refuses an oversized frame before parsing it and still answers by its id', () => {
    const text = `[2,"7","DataTransfer",{"data":"${'x'.repeat(200)}"}]`;
    const frame = parseFrame(text, '2.0.1', { maxLength: 100, maxTransactionLength: 1_000, maxDepth: 10 });
    expect(frame).toMatchObject({ kind: 'invalid', fault: 'too_large' });
    expect(frame.kind === 'invalid' && frame.reply).toContain('"7"');
  });

  it('takes the end of a transaction with all its samples, a day of them', () => {
    const ofLength = (action: string, length: number) => {
      const text = `[2,"7","${action}",{"a":"`;
      return `${text}${'x'.repeat(length - text.length - 3)}"}]`;
    };
    for (const action of ['StopTransaction', 'MeterValues', 'TransactionEvent']) {
      expect(parseFrame(ofLength(action, 2 * 1024 * 1024), '1.6')).toMatchObject({ kind: 'call', action });
      expect(parseFrame(ofLength(action, 2 * 1024 * 1024 + 1), '1.6')).toMatchObject({ fault: 'too_large' });
    }
    expect(parseFrame(ofLength('DataTransfer', 256 * 1024), '1.6')).toMatchObject({ kind: 'call' });
    expect(parseFrame(ofLength('DataTransfer', 256 * 1024 + 1), '1.6')).toMatchObject({ fault: 'too_large' });
  });

  it('refuses deep nesting before parsing it', () => {
    const deep = `[2,"7","DataTransfer",{"data":${'['.repeat(100_000)}${']'.repeat(100_000)}}]`;
    expect(parseFrame(deep, '1.6')).toMatchObject({ kind: 'invalid', fault: 'too_deep' });
  });

  it('never answers an unusable answer but names the call that has failed', () => {
    for (const text of ['[3,"7",[]]', '[3,"7",{"a":1,"a":2}]']) {
      expect(parseFrame(text, '2.0.1')).toMatchObject({ kind: 'invalid', reply: null, answersCall: '7' });
    }
  });

  it('never throws, whatever arrives', () => {
    const message = fc.array(
      fc.oneof(fc.jsonValue(), fc.constantFrom<unknown>(2, 3, 4, 5, 6, '1', 'Heartbeat')),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          message.map((it) => JSON.stringify(it)),
        ),
        (text) => {
          for (const version of OCPP_VERSIONS) expect(parseFrame(text, version).kind).toBeTypeOf('string');
        },
      ),
    );
  });
});
