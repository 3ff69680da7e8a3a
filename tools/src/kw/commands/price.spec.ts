import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { decimal } from '@kilowatch/kernel';
import { OCPI_EXAMPLES } from '@kilowatch/pricing/examples';
import { referenceDataFolder } from '@kilowatch/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { price } from './price.js';

const folder = mkdtempSync(path.join(tmpdir(), 'kw-price-'));
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(document: unknown, name = 'cases.json'): string {
  const file = path.join(folder, name);
  writeFileSync(file, typeof document === 'string' ? document : JSON.stringify(document));
  return file;
}

function printed(file: string, explain = false): string {
  let text = '';
  expect(price([file], { explain }, (part) => (text += part))).toBe(0);
  return text;
}

/** The digits as they were printed: JSON.parse would round them. */
function figureOf(text: string, id: string, name: string, part: 'excl_vat' | 'incl_vat'): string {
  const start = text.indexOf(`"id": ${JSON.stringify(id)}`);
  const end = text.indexOf('\n  }', start);
  const pattern = new RegExp(`"${name}": \\{[^}]*"${part}": (-?[0-9.]+)`);
  return pattern.exec(text.slice(start, end))?.[1] ?? 'not printed';
}

const rounded = (value: string, places: number | undefined) =>
  places === undefined ? value : decimal(value).round(places, 1).toFixed();
const plain = (value: string) => decimal(value).toFixed();

const aCase = (over: Record<string, unknown> = {}) => ({ ...OCPI_EXAMPLES[0], ...over });
const refusal = (document: unknown) => {
  try {
    printed(fileOf(document));
  } catch (error) {
    return (error as Error).message;
  }
  return 'nothing refused';
};

describe('kw price', () => {
  it('prints the examples of the OCPI specification exactly', () => {
    const text = printed(fileOf(OCPI_EXAMPLES));
    let compared = 0;
    for (const { id, expected, places } of OCPI_EXAMPLES) {
      for (const [name, [excl, incl]] of Object.entries(expected)) {
        expect(rounded(figureOf(text, id, name, 'excl_vat'), places), `${id} ${name}`).toBe(plain(excl));
        if (incl !== undefined)
          expect(rounded(figureOf(text, id, name, 'incl_vat'), places), `${id} ${name}`).toBe(plain(incl));
        compared += 1;
      }
    }
    expect(OCPI_EXAMPLES).toHaveLength(25);
    expect(compared).toBe(51);
  });

  it('prints one JSON list of objects with an id and the figures of a CDR', () => {
    expect(JSON.parse(printed(fileOf({ cases: [aCase()] })))).toEqual([
      {
        id: 'energy',
        total_cost: { excl_vat: 5, incl_vat: 5.5 },
        total_fixed_cost: { excl_vat: 0, incl_vat: 0 },
        total_energy_cost: { excl_vat: 5, incl_vat: 5.5 },
        total_time_cost: { excl_vat: 0, incl_vat: 0 },
        total_parking_cost: { excl_vat: 0, incl_vat: 0 },
        total_reservation_cost: { excl_vat: 0, incl_vat: 0 },
      },
    ]);
    expect(JSON.parse(printed(fileOf([])))).toEqual([]);
  });

  it('explains the lines on demand, still as one JSON list', () => {
    const text = printed(fileOf([aCase()]), true);
    const [{ lines, choices }] = JSON.parse(text) as [{ lines: object[]; choices: object[] }];
    expect(lines).toEqual([
      {
        dimension: 'ENERGY',
        element: 0,
        from: '2026-01-12T09:00:00.000Z',
        to: '2026-01-12T10:00:00.000Z',
        quantity: 20,
        unit: 'kWh',
        unit_price: 0.25,
        vat: 10,
        excl_vat: 5,
        incl_vat: 5.5,
        explanation: '20 kWh at 0.25 EUR/kWh, plus 10 % VAT',
      },
    ]);
    expect(choices).toContainEqual({
      dimension: 'ENERGY',
      from: '2026-01-12T09:00:00.000Z',
      to: '2026-01-12T10:00:00.000Z',
      element: 0,
      passed_over: [],
    });
  });

  it('reads a tariff from a file beside the cases, and from the CDR', () => {
    const { tariff, ...rest } = aCase() as Record<string, unknown>;
    fileOf(tariff, 'tariff.json');
    const expected = printed(fileOf([aCase()]));
    expect(printed(fileOf([{ ...rest, tariff_file: 'tariff.json' }]))).toBe(expected);
    const cdr = { ...(rest['cdr'] as object), tariffs: [tariff] };
    expect(printed(fileOf([{ ...rest, tariff_file: null, cdr }]))).toBe(expected);
  });

  it.each([
    ['no JSON', '[{', /cases.json is no JSON/],
    ['neither a list nor an object with cases', { case: [] }, /a list, or an object with a list named cases/],
    ['a case that is no object', [1], /^case number 1: the case must be an object/],
    ['no id', [aCase({ id: undefined })], /^case number 1: id must be text/],
    ['no zone', [aCase({ time_zone: undefined })], /^case energy: time_zone must be text/],
    ['an unknown zone', [aCase({ time_zone: 'Mars/Olympus' })], /time_zone Mars\/Olympus is not known/],
    ['no tariff', [aCase({ tariff: undefined })], /^case energy: A case needs a tariff/],
    ['a tariff file that is not there', [aCase({ tariff_file: 'no.json' })], /tariff_file no.json cannot/],
    [
      'a bad price',
      [
        aCase({
          tariff: { id: 'T', currency: 'EUR', elements: [{ price_components: [{ type: 'ENERGY' }] }] },
        }),
      ],
      /^case energy: elements\[0\].price_components\[0\].price must be a decimal number/,
    ],
    ['no CDR', [aCase({ cdr: undefined })], /^case energy: cdr must be an object/],
    [
      'no periods',
      [aCase({ cdr: { ...OCPI_EXAMPLES[0]!.cdr, charging_periods: [] } })],
      /at least one charging period/,
    ],
    [
      'an unknown dimension',
      [
        aCase({
          cdr: {
            ...OCPI_EXAMPLES[0]!.cdr,
            charging_periods: [
              { start_date_time: '2026-01-12T09:00:00Z', dimensions: [{ type: 'ENERGIE', volume: 1 }] },
            ],
          },
        }),
      ],
      /dimensions\[0\].type must be one of ENERGY, TIME/,
    ],
    ['another currency', [aCase({ cdr: { ...OCPI_EXAMPLES[0]!.cdr, currency: 'CHF' } })], /in CHF.* in EUR/],
    ['an outcome nobody knows', [aCase({ reservation_outcome: 'lost' })], /must be one of used, expired/],
  ])('refuses %s and prints nothing', (_what, document, sentence) => {
    expect(refusal(document)).toMatch(sentence);
  });

  it('asks for a file, and says which is missing', () => {
    expect(() => price([], { explain: false }, () => undefined)).toThrow(/which file/);
    expect(() => price(['/no/such.json'], { explain: false }, () => undefined)).toThrow(/there is no file/);
  });
});

const reference = path.join(referenceDataFolder() ?? '', 'price-cases.json');

describe.runIf(existsSync(reference))('kw price with the reference cases', () => {
  it('prints every one exactly to the digit told', () => {
    const { cases } = JSON.parse(readFileSync(reference, 'utf8')) as {
      cases: {
        id: string;
        printed_rounding?: string;
        expected: Record<string, { excl_vat: number; incl_vat?: number }>;
      }[];
    };
    const text = printed(reference);
    for (const { id, expected, printed_rounding } of cases) {
      const digits = /^(\d+) decimals/.exec(printed_rounding ?? '')?.[1];
      const places = digits === undefined ? undefined : Number(digits);
      for (const [name, { excl_vat, incl_vat }] of Object.entries(expected)) {
        expect(rounded(figureOf(text, id, name, 'excl_vat'), places), `${id} ${name}`).toBe(String(excl_vat));
        if (incl_vat !== undefined)
          expect(rounded(figureOf(text, id, name, 'incl_vat'), places), `${id} ${name}`).toBe(
            String(incl_vat),
          );
      }
    }
    expect(cases).toHaveLength(25);
  });
});
