/**
 * Samples as they are kept: what a station said, letter by letter, without saying the words of the specifications again in each row.
 * Each sample is a code of its kind and its value, `10103:1000;...`: of context, measurand, phase, location and unit one character each,
 * which is their place in the lists below, then the multiplier unless it is 0. What has a word that is in no list, a signature, or a
 * value with other characters has no such text and is kept as JSON. The database takes it apart again (`raw_samples`, migration 0014).
 *
 * Rows hold the places: words are added at the end, with a new version of that function, and never moved.
 */
import type { SampledValue, SampleKind } from './reading.js';

/** ReadingContextEnumType of OCPP 1.6, 2.0.1 and 2.1; so are the others. */
export const CONTEXTS = [
  '',
  'Sample.Periodic',
  'Sample.Clock',
  'Transaction.Begin',
  'Transaction.End',
  'Trigger',
  'Interruption.Begin',
  'Interruption.End',
  'Other',
] as const;
export const MEASURANDS = [
  '',
  'Energy.Active.Import.Register',
  'Power.Active.Import',
  'SoC',
  'Current.Import',
  'Voltage',
  'Current.Offered',
  'Power.Offered',
  'Energy.Active.Import.Interval',
  'Energy.Active.Export.Register',
  'Energy.Active.Export.Interval',
  'Power.Active.Export',
  'Current.Export',
  'Temperature',
  'Frequency',
  'Power.Factor',
  'RPM',
  'Power.Reactive.Import',
  'Power.Reactive.Export',
  'Energy.Reactive.Import.Register',
  'Energy.Reactive.Export.Register',
  'Energy.Reactive.Import.Interval',
  'Energy.Reactive.Export.Interval',
  'Energy.Active.Net',
  'Energy.Reactive.Net',
  'Energy.Apparent.Net',
  'Energy.Apparent.Import',
  'Energy.Apparent.Export',
] as const;
export const PHASES = ['', 'L1', 'L2', 'L3', 'N', 'L1-N', 'L2-N', 'L3-N', 'L1-L2', 'L2-L3', 'L3-L1'] as const;
export const LOCATIONS = ['', 'Outlet', 'Inlet', 'Cable', 'Body', 'EV', 'Upstream'] as const;
export const UNITS = [
  '',
  'Wh',
  'kWh',
  'W',
  'kW',
  'A',
  'V',
  'Percent',
  'Celsius',
  'Celcius',
  'Fahrenheit',
  'K',
  'varh',
  'kvarh',
  'var',
  'kvar',
  'VA',
  'kVA',
  'VAh',
  'kVAh',
  'Hz',
  '%',
] as const;

const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyz';
const LONGEST_VALUE = 40;
const [FIRST_CODE, LAST_CODE, SEMICOLON] = [0x20, 0x7e, 0x3b];

/** Undefined: a word is in no list. */
export function kindCode(kind: SampleKind): string | undefined {
  const places = [
    placeOf(CONTEXTS, kind.context),
    placeOf(MEASURANDS, kind.measurand),
    placeOf(PHASES, kind.phase),
    placeOf(LOCATIONS, kind.location),
    placeOf(UNITS, kind.unit),
  ];
  if (places.includes('')) return undefined;
  return `${places.join('')}${kind.multiplier === 0 ? '' : kind.multiplier}:`;
}

function placeOf(words: readonly string[], word: string): string {
  return DIGITS.charAt(words.indexOf(word));
}

/** `codes`: of the samples' kinds. Undefined: it has no such text. */
export function samplesText(samples: readonly SampledValue[], codes: readonly string[]): string | undefined {
  let text = '';
  for (let i = 0; i < samples.length; i += 1) {
    const sample = samples[i]!;
    if (isSigned(sample) || !isPlain(sample.value)) return undefined;
    text += i === 0 ? codes[i]! + sample.value : `;${codes[i]!}${sample.value}`;
  }
  return text;
}

function isSigned({ signedData, signedEncoding, signedPublicKey }: SampledValue): boolean {
  return signedData !== '' || Boolean(signedEncoding) || Boolean(signedPublicKey);
}

function isPlain(value: string): boolean {
  if (value.length > LONGEST_VALUE) return false;
  for (let i = 0; i < value.length; i += 1) {
    const code = value.charCodeAt(i);
    if (code < FIRST_CODE || code > LAST_CODE || code === SEMICOLON) return false;
  }
  return true;
}
