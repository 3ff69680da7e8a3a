import fc from 'fast-check';
import { OCMF_CURVES, OcmfMeter, ocmfTime, type OcmfOptions } from '@kilowatch/testing/ocmf';
import { describe, expect, it } from 'vitest';
import { readMeterKey, type MeterCurve } from './meter-key.js';
import { judgeSigned, shownPages, type RegisteredKey, type SignedSample } from './signed-session.js';

const BEGIN = new Date('2026-11-29T10:00:00Z');
const END = new Date('2026-11-29T11:00:00Z');
const between = (minutes: number) => new Date(BEGIN.getTime() + minutes * 60_000);

const sample = (data: string, measuredAt = BEGIN): SignedSample => ({
  data,
  measuredAt,
  encodingMethod: 'OCMF',
  publicKey: '',
});
const registered = (meter: OcmfMeter, over: Partial<RegisteredKey> = {}): RegisteredKey => ({
  key: readMeterKey(meter.pem),
  serial: meter.serial,
  validFrom: new Date('2026-01-01T00:00:00Z'),
  validUntil: undefined,
  ...over,
});
const pair = (meter: OcmfMeter, options: OcmfOptions = {}) => [
  sample(meter.begin(2935.6, BEGIN, options), BEGIN),
  sample(meter.end(2965.1, END, options), END),
];
const verdictOf = (...args: Parameters<typeof judgeSigned>) => {
  const { verdict, reasons } = judgeSigned(...args);
  return [verdict, ...reasons];
};

/** Changes one figure of what was signed, as a thief would. */
const tampered = (record: string) => record.replace('2965.1', '2945.1');

describe('a begin and an end', () => {
  it.each(OCMF_CURVES.map(({ name }) => name))(
    'signed with %s are verified, and tell the energy',
    (curve) => {
      const meter = OcmfMeter.make(curve);
      const judged = judgeSigned(pair(meter), [registered(meter)], { plainMwh: 29_500_000 });
      expect([judged.verdict, judged.reasons]).toEqual(['VERIFIED', []]);
      expect([judged.beginMwh, judged.endMwh]).toEqual([2_935_600_000, 2_965_100_000]);
    },
  );

  it.each(OCMF_CURVES.map(({ name }) => name))('of which a figure was changed fail (%s)', (curve) => {
    const meter = OcmfMeter.make(curve);
    const [begin, end] = pair(meter);
    const changed = { ...end!, data: tampered(end!.data) };
    expect(changed.data).not.toBe(end!.data);
    expect(verdictOf([begin!, changed], [registered(meter)])).toEqual([
      'FAILED',
      'end_missing',
      'signature_wrong',
    ]);
  });

  it('prove the session also when records between them are left out, and nothing where one of them is missing', () => {
    const meter = OcmfMeter.make();
    const [begin, end] = pair(meter);
    const context = { areSome: true };
    expect(verdictOf([begin!, end!], [registered(meter)], context)).toEqual(['VERIFIED', 'records_left_out']);
    expect(verdictOf([begin!], [registered(meter)], context)).toEqual([
      'INCOMPLETE',
      'end_missing',
      'records_left_out',
    ]);
    expect(verdictOf([begin!, { ...end!, data: tampered(end!.data) }], [registered(meter)], context)[0]).toBe(
      'FAILED',
    );
  });

  it.each(OCMF_CURVES.map(({ name }) => name))('of a meter with another key fail (%s)', (curve) => {
    const meter = OcmfMeter.make(curve);
    const key = registered(OcmfMeter.make(curve));
    expect(verdictOf(pair(meter), [key])[0]).toBe('FAILED');
  });

  it.each<[string, OcmfOptions]>([
    ['with a signature in Base64', { encoding: 'base64' }],
    ['with r and s in place of DER', { bareSignature: true }],
    ['with r and s in Base64', { bareSignature: true, encoding: 'base64' }],
    ['without an algorithm, which then is the default', { withoutAlgorithm: true }],
    ['with spaces and lines, which are signed', { pretty: true }],
    ['with letters beyond ASCII', { more: { TT: 'Tarif für Gäste 1 €' } }],
    ['with a pipe, though the format forbids it', { more: { TT: 'day | night' } }],
  ])('%s are verified', (_what, options) => {
    const meter = OcmfMeter.make();
    expect(verdictOf(pair(meter, options), [registered(meter)])).toEqual(['VERIFIED']);
  });

  it('in one record are verified: what a reading leaves out is what the one before it said', () => {
    const meter = OcmfMeter.make();
    const record = meter.record([
      { TX: 'B', RV: 10, TM: ocmfTime(BEGIN) },
      { TX: 'C', RV: 12, TM: ocmfTime(between(20)) },
      { RV: 14, TM: ocmfTime(between(40)) },
      { TX: 'E', RV: 15.5, TM: ocmfTime(END) },
    ]);
    const judged = judgeSigned([sample(record, END)], [registered(meter)]);
    expect([judged.verdict, judged.beginMwh, judged.endMwh]).toEqual(['VERIFIED', 10_000_000, 15_500_000]);
  });

  it.each(['E', 'L', 'R', 'A', 'P'])('with the reason %s ends the transaction', (reason) => {
    const meter = OcmfMeter.make();
    const records = [
      sample(meter.begin(1, BEGIN)),
      sample(meter.record([{ TX: reason, RV: 2, TM: ocmfTime(END) }]), END),
    ];
    expect(verdictOf(records, [registered(meter)], { plainMwh: 1_000_000 })).toEqual(['VERIFIED']);
  });

  it('told twice count once', () => {
    const meter = OcmfMeter.make();
    const records = pair(meter);
    expect(verdictOf([...records, ...records], [registered(meter)])).toEqual(['VERIFIED']);
  });

  it('come in any order and to one verdict', () => {
    const meter = OcmfMeter.make();
    const records = [
      ...Array.from({ length: 5 }, (_, i) => sample(meter.record([{ TX: i === 0 ? 'B' : 'C', RV: i, TM: ocmfTime(between(i)) }]), between(i))),
      sample(meter.end(9, END), END),
    ]; // prettier-ignore
    fc.assert(
      fc.property(fc.shuffledSubarray(records, { minLength: records.length }), (shuffled) => {
        expect(judgeSigned(shuffled, [registered(meter)], { plainMwh: 9_000_000 })).toEqual(
          judgeSigned(records, [registered(meter)], { plainMwh: 9_000_000 }),
        );
      }),
    );
  });
});

describe('what is changed anywhere in a signed payload', () => {
  it('is never verified', () => {
    const meter = OcmfMeter.make();
    const [begin, end] = pair(meter);
    const payloadEnd = end!.data.lastIndexOf('|');
    fc.assert(
      fc.property(
        fc.integer({ min: 5, max: payloadEnd - 1 }),
        fc.integer({ min: 32, max: 126 }),
        (at, code) => {
          const letter = String.fromCharCode(code);
          fc.pre(end!.data[at] !== letter);
          const data = end!.data.slice(0, at) + letter + end!.data.slice(at + 1);
          expect(verdictOf([begin!, { ...end!, data }], [registered(meter)])[0]).not.toBe('VERIFIED');
        },
      ),
      { numRuns: 300 },
    );
  });

  it('is never verified when it is cut short anywhere', () => {
    const meter = OcmfMeter.make();
    const [begin, end] = pair(meter);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: end!.data.length - 1 }), (length) => {
        const cut = { ...end!, data: end!.data.slice(0, length) };
        expect(verdictOf([begin!, cut], [registered(meter)])[0]).not.toBe('VERIFIED');
      }),
      { numRuns: 300 },
    );
  });

  it('and cut off in the middle is incomplete: it proves nothing', () => {
    const meter = OcmfMeter.make();
    const [begin, end] = pair(meter);
    const cut = { ...end!, data: end!.data.slice(0, 200) };
    expect(verdictOf([begin!, cut], [registered(meter)])).toEqual([
      'INCOMPLETE',
      'end_missing',
      'record_unreadable',
    ]);
  });
});

describe('pages', () => {
  const records = (meter: OcmfMeter, ...pages: string[]) =>
    pages.map((page, i) => {
      const reason = i === 0 ? 'B' : i === pages.length - 1 ? 'E' : 'C';
      const data = meter.record([{ TX: reason, RV: i, TM: ocmfTime(between(i)) }], { page });
      return sample(data, between(i));
    });

  it.each<[string, string[], unknown[]]>([
    ['that follow each other are in order', ['T7', 'T8', 'T9'], ['VERIFIED']],
    ['of readings that were not sent may be missing', ['T7', 'T9', 'T20'], ['VERIFIED']],
    ['that go back fail', ['T7', 'T9', 'T8'], ['FAILED', 'page_order']],
    ['that come twice with other readings fail', ['T7', 'T8', 'T8'], ['FAILED', 'page_repeated']],
    [
      'that are not numbered as the format demands say nothing',
      ['2c1a0d19', '2c1a0d19', '2c1a0d19'],
      ['VERIFIED'],
    ],
  ])('%s', (_what, pages, expected) => {
    const meter = OcmfMeter.make();
    expect(verdictOf(records(meter, ...pages), [registered(meter)])).toEqual(expected);
  });
});

describe('a record of another session', () => {
  const meter = OcmfMeter.make();
  const key = registered(meter);
  const records = pair(meter);
  const around = { startedAt: BEGIN, endedAt: END };

  it('fails though its signature is right: nobody is billed twice by it', () => {
    const first = judgeSigned(records, [key], around);
    expect(first.verdict).toBe('VERIFIED');
    const shownBefore = new Set(shownPages(first.records));
    expect(verdictOf(records, [key], { ...around, shownBefore })).toEqual([
      'FAILED',
      'page_of_another_session',
    ]);
  });

  it('is known by its whole text when it has no page', () => {
    const unpaged = pair(meter, { page: '2c1a0d19' });
    const shownBefore = new Set(shownPages(judgeSigned(unpaged, [key], around).records));
    expect(verdictOf(unpaged, [key], { ...around, shownBefore })[0]).toBe('FAILED');
    expect(verdictOf(pair(meter, { page: 'another' }), [key], { ...around, shownBefore })).toEqual([
      'VERIFIED',
    ]);
  });

  it.each([
    ['a day later', 24 * 60, ['INCOMPLETE', 'time_outside_session']],
    ['half an hour later, by clocks that are apart', 30, ['VERIFIED']],
  ])('whose meter says another time than the session (%s)', (_what, minutes, expected) => {
    const later = { startedAt: between(minutes), endedAt: between(minutes + 60) };
    expect(verdictOf(records, [key], later)).toEqual(expected);
  });

  it('is not told apart by a clock that the meter does not vouch for', () => {
    const data = meter.record([
      { TX: 'B', RV: 1, TM: ocmfTime(between(-9_000), 'U') },
      { TX: 'E', RV: 2, TM: ocmfTime(between(-8_000), 'U') },
    ]);
    expect(verdictOf([sample(data)], [key], around)).toEqual(['VERIFIED']);
  });
});

describe('records that come with one time of the charger', () => {
  it('are in the order of their pages, whichever way they are read', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.integer({ min: 1, max: 99 }), (turned, first) => {
        const meter = OcmfMeter.make();
        const begin = sample(meter.begin(1, BEGIN, { page: `T${first}` }), END);
        const end = sample(meter.end(2, END, { page: `T${first + 1}` }), END);
        const records = turned ? [end, begin] : [begin, end];
        expect(verdictOf(records, [registered(meter)])).toEqual(['VERIFIED']);
      }),
    );
  });

  it('and were signed twice over the same payload count once', () => {
    const meter = OcmfMeter.make();
    const records = [...pair(meter, { page: 'T1' }).slice(0, 1), ...pair(meter, { page: 'T1' }).slice(0, 1)];
    expect(records[0]!.data).not.toBe(records[1]!.data);
    const end = sample(meter.end(2965.1, END, { page: 'T2' }), END);
    expect(verdictOf([...records, end], [registered(meter)])).toEqual(['VERIFIED']);
  });

  it('stay verified when the charger’s clock was set back in between', () => {
    const meter = OcmfMeter.make();
    const [begin, end] = pair(meter);
    expect(verdictOf([begin!, { ...end!, measuredAt: between(-60) }], [registered(meter)])).toEqual([
      'VERIFIED',
    ]);
  });
});

describe('keys', () => {
  it('that nobody registered verify nothing, whatever the station says its key is', () => {
    const meter = OcmfMeter.make();
    const records = pair(meter).map((one) => ({ ...one, publicKey: meter.ocaKey }));
    expect(verdictOf(records, [])).toEqual(['UNKNOWN_KEY', 'begin_missing', 'end_missing', 'key_unknown']);
  });

  it('of another meter are not tried', () => {
    const meter = OcmfMeter.make('secp256r1', 'A-1');
    const other = registered(OcmfMeter.make('secp256r1', 'A-2'));
    expect(verdictOf(pair(meter), [other])[0]).toBe('UNKNOWN_KEY');
    expect(verdictOf(pair(meter), [other, registered(meter)])).toEqual(['VERIFIED']);
  });

  it('count for a serial number in any spelling, and for whatever meter when none is named', () => {
    const meter = OcmfMeter.make('secp256r1', 'bq-274 003');
    expect(verdictOf(pair(meter), [registered(meter, { serial: 'BQ274003' })])).toEqual(['VERIFIED']);
    expect(verdictOf(pair(meter), [registered(meter, { serial: '' })])).toEqual(['VERIFIED']);
  });

  it('count from and until the moments that were set', () => {
    const meter = OcmfMeter.make();
    const until = registered(meter, { validUntil: BEGIN });
    const from = registered(meter, { validFrom: BEGIN, validUntil: new Date('2027-01-01T00:00:00Z') });
    expect(verdictOf(pair(meter), [until])[0]).toBe('UNKNOWN_KEY');
    expect(verdictOf(pair(meter), [from])).toEqual(['VERIFIED']);
  });

  it('that were changed in the middle of a session verify each its part', () => {
    const [old, fresh] = [OcmfMeter.make('secp256r1', 'M'), OcmfMeter.make('secp256r1', 'M')];
    const records = [sample(old.begin(1, BEGIN)), sample(fresh.end(2, END, { page: 'T5' }), END)];
    const keys = [
      registered(old, { validUntil: between(30) }),
      registered(fresh, { validFrom: between(30) }),
    ];
    expect(verdictOf(records, keys)).toEqual(['VERIFIED']);
  });

  it.each<[string, (meter: OcmfMeter) => string, MeterCurve?]>([
    ['PEM', ({ pem }) => pem],
    ['hexadecimal SPKI', ({ spkiHex }) => spkiHex.toUpperCase()],
    ['Base64 SPKI', ({ spkiHex }) => Buffer.from(spkiHex, 'hex').toString('base64')],
    ['oca:base16:asn1:', ({ spkiHex }) => `oca:base16:asn1:${spkiHex}`],
    ['oca:base16:asn1: in Base64', ({ ocaKey }) => ocaKey],
    ['the bare point', ({ pointHex }) => pointHex, 'brainpool384r1'],
  ])('are read as %s, and are the same key', (_what, write, curve) => {
    const meter = OcmfMeter.make('brainpool384r1');
    const key = readMeterKey(write(meter), curve);
    expect(key.fingerprint).toBe(readMeterKey(meter.pem).fingerprint);
    expect(verdictOf(pair(meter), [registered(meter, { key })])).toEqual(['VERIFIED']);
  });

  it.each(OCMF_CURVES.map(({ name }) => name))('are read as a bare point of %s', (name) => {
    const meter = OcmfMeter.make(name);
    expect(readMeterKey(meter.pointHex, name as MeterCurve).fingerprint).toBe(
      readMeterKey(meter.pem).fingerprint,
    );
  });

  it.each([
    ['nothing', ''],
    ['a word', 'not a key!'],
    ['half a byte', '304'],
    ['a point without its curve', OcmfMeter.make().pointHex],
    ['a broken PEM', '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----'],
    ['a point that is on no curve', `04${'11'.repeat(64)}`],
    ['what is too long', 'ab'.repeat(2_000)],
  ])('are refused when they are %s', (_what, text) => {
    expect(() => readMeterKey(text)).toThrow(/no public key of a meter/);
  });
});

describe('a session', () => {
  const meter = OcmfMeter.make();
  const key = registered(meter);
  const at = (reason: string, kwh: number | string, minutes: number, more = {}) =>
    sample(
      meter.record([{ TX: reason, RV: kwh, TM: ocmfTime(between(minutes)), ...more }]),
      between(minutes),
    );

  it('without signed readings is unsigned', () => {
    expect(verdictOf([], [key], { plainMwh: 5 })).toEqual(['UNSIGNED']);
  });

  it.each<[string, () => SignedSample[], unknown[]]>([
    ['without an end is incomplete', () => [at('B', 1, 0), at('C', 2, 1)], ['INCOMPLETE', 'end_missing']],
    ['without a begin is incomplete', () => [at('C', 1, 0), at('E', 2, 1)], ['INCOMPLETE', 'begin_missing']],
    [
      'whose meter had a fault is incomplete',
      () => [at('B', 1, 0), at('E', 2, 1, { ST: 'S' })],
      ['INCOMPLETE', 'meter_fault'],
    ],
    [
      'whose meter says that its energy is not to be billed is incomplete',
      () => [at('B', 1, 0), at('C', 2, 1, { EF: 'E' }), at('E', 3, 2)],
      ['INCOMPLETE', 'energy_unusable'],
    ],
    [
      'with an exception is incomplete',
      () => [at('B', 1, 0), at('X', 2, 1), at('E', 3, 2)],
      ['INCOMPLETE', 'energy_unusable'],
    ],
    [
      'whose register goes back fails',
      () => [at('B', 5, 0), at('E', 4, 1)],
      ['FAILED', 'register_backwards'],
    ],
    [
      'of two meters fails',
      () => [
        at('B', 1, 0),
        sample(meter.record([{ TX: 'E', RV: 2, TM: ocmfTime(END) }], { more: { GS: 'another' } }), END),
      ],
      ['FAILED', 'meter_changed'],
    ],
    [
      'with a unit that is none of energy is incomplete',
      () => [at('B', 1, 0, { RU: 'mOhm' }), at('E', 2, 1, { RU: 'mOhm' })],
      ['INCOMPLETE', 'begin_missing', 'end_missing'],
    ],
    [
      'of the register of exported energy alone is incomplete',
      () => [at('B', 1, 0, { RI: '1-0:2.8.0*255' }), at('E', 2, 1, { RI: '1-0:2.8.0*255' })],
      ['INCOMPLETE', 'begin_missing', 'end_missing'],
    ],
  ])('%s', (_what, make, expected) => {
    expect(verdictOf(make(), [key])).toEqual(expected);
  });

  it.each([
    ['1-b:1.8.0', 'kWh', 1.25, 1_250_000],
    ['01-00:B2.08.00*FF', 'Wh', 1250.5, 1_250_500],
    ['1-0:1.8.0*198', 'kWh', '0.0000019', 1],
  ])('counts %s in %s', (RI, RU, kwh, mwh) => {
    const judged = judgeSigned([at('B', 0, 0, { RI, RU }), at('E', kwh, 1, { RI, RU })], [key]);
    expect([judged.verdict, judged.endMwh]).toEqual(['VERIFIED', mwh]);
  });

  it.each<[string, number, unknown[]]>([
    ['as much', 10_000_000, ['VERIFIED']],
    ['less, by rounding', 9_985_000, ['VERIFIED']],
    ['less, by half a percent', 9_950_000, ['VERIFIED']],
    ['half', 5_000_000, ['FAILED', 'differs_from_plain']],
    ['twice as much', 20_000_000, ['FAILED', 'differs_from_plain']],
  ])('beside plain registers that say %s', (_what, plain, expected) => {
    expect(verdictOf([at('B', 0, 0), at('E', 10, 1)], [key], { plainMwh: plain })).toEqual(expected);
  });

  it('with losses of the cable taken off may say less than the plain registers', () => {
    const lossy = (reason: string, kwh: number, minutes: number) =>
      sample(
        meter.record([{ TX: reason, RV: kwh, TM: ocmfTime(between(minutes)) }], {
          more: { LC: { LR: 2, LU: 'mOhm' } },
        }),
        between(minutes),
      );
    expect(verdictOf([lossy('B', 0, 0), lossy('E', 10, 1)], [key], { plainMwh: 10_900_000 })).toEqual([
      'VERIFIED',
    ]);
  });
});

describe('the ways of OCPP', () => {
  const meter = OcmfMeter.make('secp256k1');
  const key = registered(meter);
  const asJson = (data: string) =>
    JSON.stringify({
      signedMeterData: Buffer.from(data).toString('base64'),
      encodingMethod: 'OCMF',
      signingMethod: '',
      publicKey: meter.ocaKey,
    });

  it.each<[string, (data: string) => string]>([
    ['as it is (1.6)', (data) => data],
    ['with spaces around it', (data) => `  ${data}\n`],
    ['in Base64 (2.x signedMeterData)', (data) => Buffer.from(data).toString('base64')],
    ['in hexadecimal (1.5: binary data as hex)', (data) => Buffer.from(data).toString('hex')],
    ['as JSON of the 2.x object (1.6 after the application note)', asJson],
    ['as JSON with the record as it is', (data) => JSON.stringify({ signedMeterData: data })],
  ])('%s', (_what, wrap) => {
    const records = pair(meter).map((one) => ({ ...one, data: wrap(one.data) }));
    expect(verdictOf(records, [key])).toEqual(['VERIFIED']);
  });

  it('keep the key that the station claims, for a person to compare', () => {
    const [begin] = pair(meter);
    const judged = judgeSigned([{ ...begin!, data: asJson(begin!.data) }], []);
    expect(judged.records[0]!.claimedKey).toBe(meter.ocaKey);
    expect(readMeterKey(judged.records[0]!.claimedKey).fingerprint).toBe(key.key.fingerprint);
  });

  it.each([
    ['ALFEN', 'AP;0;3;ALCV3ABBBISHMA2'],
    ['an empty text', ''],
    ['JSON of something else', '{"a":1}'],
    ['JSON that is none', '{"signedMeterData":'],
    ['Base64 of something else', Buffer.from('EDL').toString('base64')],
    ['what is too long', `OCMF|${'x'.repeat(40_000)}`],
  ])('%s is a format that is not known', (_what, data) => {
    expect(verdictOf([sample(data)], [key])).toEqual([
      'INCOMPLETE',
      'begin_missing',
      'end_missing',
      'format_unknown',
    ]);
  });

  it.each([
    ['no signature', (data: string) => data.replace(/\|\{"SA".*$/, '|{}')],
    ['no readings', (data: string) => data.replace(/"RD":\[.*\]\}/, '"RD":[]}')],
    ['a reason that is none', (data: string) => data.replace('"TX":"B"', '"TX":"Q"')],
    ['two sections', (data: string) => data.slice(0, data.lastIndexOf('|'))],
    ['a list as payload', () => 'OCMF|[]|{"SD":"00"}'],
  ])('with %s is no record', (_what, spoil) => {
    const judged = judgeSigned([sample(spoil(meter.begin(1, BEGIN)))], [key]);
    expect(judged.records[0]).toMatchObject({ verdict: 'UNREADABLE', reason: 'record_unreadable' });
  });

  it.each([
    ['an algorithm that is not known', 'ECDSA-curve25519-SHA256', 'UNREADABLE', 'algorithm_unknown'],
    ['no ECDSA', 'RSA-2048-SHA256', 'UNREADABLE', 'algorithm_unknown'],
    ['a weak hash', 'ECDSA-secp256k1-SHA1', 'UNREADABLE', 'algorithm_unknown'],
    ['another curve than the key', 'ECDSA-secp256r1-SHA256', 'FAILED', 'other_curve'],
  ])('with %s is not verified', (_what, algorithm, verdict, reason) => {
    const data = meter.begin(1, BEGIN).replace('ECDSA-secp256k1-SHA256', algorithm);
    const judged = judgeSigned([sample(data)], [key]);
    expect(judged.records[0]).toMatchObject({ verdict, reason });
  });

  it('never throws, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 400 }),
          fc.json().map((json) => `OCMF|${json}|${json}`),
          fc.jsonValue().map((value) => `OCMF|${JSON.stringify({ RD: [value, value] })}|{"SD":"00"}`),
        ),
        (data) => {
          expect(verdictOf([sample(data)], [key])[0]).not.toBe('VERIFIED');
        },
      ),
    );
  });
});
