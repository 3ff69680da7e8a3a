import { readFileSync } from 'node:fs';
import path from 'node:path';
import { AppError, type Decimal } from '@kilowatch/kernel';
import {
  type CdrFigure,
  type PriceCase,
  type PricedSession,
  type PriceLine,
  casesOf,
  cdrFigures,
  explainChoices,
  pricePriceCase,
  readPriceCase,
} from '@kilowatch/pricing';
import { fromInvocation } from '../../system/invocation-folder.js';
import { wrongInput } from '../kw-error.js';
import { readInput } from '../read-input.js';

/**
 * `kw price CASES.json [--explain]`: the price of each case, exact, as JSON numbers. Needs no running system.
 * @throws a sentence that names the case and what is wrong with it; then nothing is printed
 */
export function price(
  [file, ...rest]: readonly string[],
  { explain }: { readonly explain: boolean },
  write: (text: string) => void,
): number {
  if (!file || rest.length > 0) {
    throw wrongInput(
      'which file? kw price CASES.json: cases with id, time_zone, tariff and cdr (OCPI objects)',
    );
  }
  const cases = readCases(file);
  const priced = cases.map((one, index) => {
    const [found, result] = inCase(one, index, () => {
      const read = readPriceCase(withTariffFile(one, file));
      return [read, pricePriceCase(read)] as const;
    });
    return documentOf(found, result, explain);
  });
  write(priced.length === 0 ? '[]\n' : `[\n${priced.join(',\n')}\n]\n`);
  return 0;
}

function readCases(file: string): readonly unknown[] {
  const text = readInput(file);
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw wrongInput(`${file} is no JSON: ${(error as Error).message}`);
  }
  return plainly(file, () => casesOf(document));
}

function inCase<T>(one: unknown, index: number, action: () => T): T {
  const { id } = (one ?? {}) as { id?: unknown };
  const name = typeof id === 'string' ? `case ${id}` : `case number ${index + 1}`;
  return plainly(name, action);
}

/** A refusal in one line: what it concerns, the sentence, where in the document. */
function plainly<T>(what: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof AppError) || error.kind !== 'INVALID') throw error;
    const { path: where, index } = error.details as { path?: unknown; index?: unknown };
    const place = where ?? (index === undefined ? undefined : `period ${Number(index) + 1}`);
    const suffix = typeof place === 'string' && !error.publicText.includes(place) ? ` (${place})` : '';
    throw wrongInput(`${what}: ${error.publicText}${suffix}`);
  }
}

/** A tariff beside the cases: `tariff_file`, relative to their file. */
function withTariffFile(one: unknown, file: string): unknown {
  const { tariff_file: name } = (one ?? {}) as { tariff_file?: unknown };
  if (typeof name !== 'string') return one;
  const place = path.resolve(path.dirname(fromInvocation(file)), name);
  try {
    return { ...(one as object), tariff: JSON.parse(readFileSync(place, 'utf8')) as unknown };
  } catch (error) {
    throw wrongInput(`the tariff_file ${name} cannot be read: ${(error as Error).message}`);
  }
}

/** Written by hand: a JSON number of ours has more digits than a JavaScript number. */
function documentOf({ id, input }: PriceCase, result: PricedSession, explain: boolean): string {
  const figures = cdrFigures(result);
  const fields = [`    "id": ${JSON.stringify(id)}`];
  for (const name of Object.keys(figures) as CdrFigure[]) {
    const { excl, incl } = figures[name];
    fields.push(`    "${name}": ${figure({ excl_vat: excl, incl_vat: incl })}`);
  }
  if (explain) {
    fields.push(`    "lines": ${listOf(result.lines.map(lineOf))}`);
    const choices = explainChoices(input).map((choice) =>
      JSON.stringify({
        dimension: choice.dimension,
        from: choice.start,
        to: choice.end,
        ...(input.tariffs.length > 1 ? { tariff_id: choice.tariffId } : {}),
        element: choice.elementIndex,
        passed_over: choice.passedOver.map(({ elementIndex, because }) => ({
          element: elementIndex,
          because,
        })),
      }),
    );
    fields.push(`    "choices": ${listOf(choices)}`);
  }
  return `  {\n${fields.join(',\n')}\n  }`;
}

function figure(parts: Readonly<Record<string, Decimal>>): string {
  return `{ ${Object.entries(parts)
    .map(([name, value]) => `"${name}": ${value.toFixed()}`)
    .join(', ')} }`;
}

function lineOf(line: PriceLine): string {
  const { taxes, unitPriceWithTaxes, tariffId } = line;
  const tax = (taxes ?? []).map(
    ({ name, percent }) => `{ "name": ${JSON.stringify(name)}, "percentage": ${percent.toFixed()} }`,
  );
  const fields = [
    `"dimension": ${JSON.stringify(line.dimension)}`,
    ...(tariffId === undefined ? [] : [`"tariff_id": ${JSON.stringify(tariffId)}`]),
    `"element": ${line.elementIndex}`,
    `"from": "${line.start.toISOString()}"`,
    `"to": "${line.end.toISOString()}"`,
    `"quantity": ${line.quantity.toFixed()}`,
    `"unit": ${JSON.stringify(line.unit)}`,
    `"unit_price": ${line.unitPrice.toFixed()}`,
    ...(unitPriceWithTaxes ? [`"unit_price_with_taxes": ${unitPriceWithTaxes.toFixed()}`] : []),
    `"vat": ${line.vatPercent?.toFixed() ?? 'null'}`,
    ...(tax.length > 0 ? [`"taxes": [${tax.join(', ')}]`] : []),
    `"excl_vat": ${line.excl.toFixed()}`,
    `"incl_vat": ${line.incl.toFixed()}`,
    `"explanation": ${JSON.stringify(line.explanation)}`,
  ];
  return `{ ${fields.join(', ')} }`;
}

function listOf(entries: readonly string[]): string {
  return entries.length === 0 ? '[]' : `[\n${entries.map((one) => `      ${one}`).join(',\n')}\n    ]`;
}
