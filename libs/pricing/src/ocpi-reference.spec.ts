/**
 * The worked examples of the OCPI specification: as we tell them, and the reference cases themselves where there are any
 * (they are CC BY-ND 4.0, EV Roaming Foundation, and not part of this project).
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type Decimal, decimal } from '@kilowatch/kernel';
import { referenceDataFolder } from '@kilowatch/testing';
import { describe, expect, it } from 'vitest';
import { OCPI_EXAMPLES } from './ocpi-examples.cases.js';
import { type CdrFigure, casesOf, cdrFigures, pricePriceCase, readPriceCase } from './price-case.js';

interface ReferenceCase {
  readonly id: string;
  readonly expected: Readonly<Record<string, { excl_vat: number; incl_vat?: number }>>;
  /** Such as "2 decimals (...)"; absent where the specification prints the exact result. */
  readonly printed_rounding?: string;
}

function referenceCases(): readonly ReferenceCase[] {
  const folder = referenceDataFolder();
  if (folder === undefined) return [];
  const file = path.join(folder, 'price-cases.json');
  const named = Boolean(process.env.KILOWATCH_REFERENCE_DATA);
  if (!named && !existsSync(file)) return [];
  return casesOf(JSON.parse(readFileSync(file, 'utf8'))) as readonly ReferenceCase[];
}

function check(exact: Decimal, printed: string, places: number | undefined, what: string): void {
  const told = places === undefined ? exact : exact.round(places, 1);
  expect(told.toFixed(), what).toBe(decimal(printed).toFixed());
}

describe('the examples of the OCPI specification, exact to the digit', () => {
  it.each(OCPI_EXAMPLES.map((one) => [one.id, one] as const))('%s', (_id, one) => {
    const figures = cdrFigures(pricePriceCase(readPriceCase(one)));
    for (const [name, [excl, incl]] of Object.entries(one.expected)) {
      const figure = figures[name as CdrFigure];
      check(figure.excl, excl, one.places, `${name} before VAT`);
      if (incl !== undefined) check(figure.incl, incl, one.places, `${name} with VAT`);
    }
  });
});

const reference = referenceCases();

describe.runIf(reference.length > 0)('the reference cases, exact to the digit printed', () => {
  it('are all there', () => {
    expect(reference).toHaveLength(25);
  });

  it.each(reference.map((one) => [one.id, one] as const))('%s', (_id, one) => {
    const figures = cdrFigures(pricePriceCase(readPriceCase(one)));
    const digits = /^(\d+) decimals/.exec(one.printed_rounding ?? '')?.[1];
    const places = digits === undefined ? undefined : Number(digits);
    for (const [name, { excl_vat, incl_vat }] of Object.entries(one.expected)) {
      const figure = figures[name as CdrFigure];
      check(figure.excl, String(excl_vat), places, `${name} before VAT`);
      if (incl_vat !== undefined) check(figure.incl, String(incl_vat), places, `${name} with VAT`);
    }
  });
});
