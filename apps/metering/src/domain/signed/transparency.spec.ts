import { OcmfMeter } from '@kilowatch/testing/ocmf';
import { expect, it } from 'vitest';
import { readMeterKey } from './meter-key.js';
import { judgeSigned } from './signed-session.js';
import { transparencyXml } from './transparency.js';

const BEGIN = new Date('2026-11-29T10:00:00Z');
const END = new Date('2026-11-29T11:00:00Z');

it('holds each record as it was signed, escaped, with the registered key and its place in the transaction', () => {
  const meter = OcmfMeter.make();
  const more = { TT: 'A & B <tariff>' };
  const [begin, end] = [meter.begin(1, BEGIN, { more }), meter.end(2, END, { more })];
  const key = { key: readMeterKey(meter.pem), serial: '', validFrom: new Date(0), validUntil: undefined };
  const samples = [
    { data: begin, measuredAt: BEGIN, encodingMethod: 'OCMF', publicKey: '' },
    { data: end, measuredAt: END, encodingMethod: 'OCMF', publicKey: '' },
  ];
  const xml = transparencyXml(judgeSigned(samples, [key]).records);
  const data = [...xml.matchAll(/<signedData format="OCMF" encoding="plain">([^<]*)<\/signedData>/g)];
  const unescape = (text: string) =>
    text
      .replace(/&lt;/g, '<')
      .replace(/&gt;/g, '>')
      .replace(/&quot;/g, '"')
      .replace(/&amp;/g, '&');
  expect(data.map(([, text]) => unescape(text!))).toEqual([begin, end]);
  expect(xml.match(/context="[^"]+"/g)).toEqual(['context="Transaction.Begin"', 'context="Transaction.End"']);
  expect(xml.match(/<publicKey encoding="hex">[^<]+/g)).toEqual(
    Array(2).fill(`<publicKey encoding="hex">${meter.spkiHex}`),
  );
});

it('says what key the station claims when nobody registered one, and leaves out what is no record', () => {
  const meter = OcmfMeter.make();
  const samples = [
    { data: meter.begin(1, BEGIN), measuredAt: BEGIN, encodingMethod: 'OCMF', publicKey: meter.ocaKey },
    { data: 'something else', measuredAt: END, encodingMethod: '', publicKey: '' },
  ];
  const xml = transparencyXml(judgeSigned(samples, []).records);
  expect(xml.match(/<value /g)).toHaveLength(1);
  expect(xml).toContain(`<publicKey encoding="plain">${meter.ocaKey}</publicKey>`);
});
