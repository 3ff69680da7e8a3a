/**
 * A tariff document as OCPI 2.2.1 says it: prices before taxes, one `vat`, limits as `excl_vat` and `incl_vat`. What uses
 * none of the newer fields is returned as it is. Several taxes become their sum; a price with its taxes loses them, to six
 * decimals, so that a partner's price may differ in the last cent (docs/ocpi-notes.md P9).
 */
import { decimal } from '@kilowatch/kernel';
import { type Fields, isAbsent } from './document-fields.js';
import { type PriceComponent, unitPriceOf } from './tariff.js';
import { parseTariff } from './tariff-document.js';

/** Throws as `parseTariff` does. */
export function tariffDocument221(document: unknown): unknown {
  const fields = document as Fields;
  const tariff = parseTariff(document);
  const elements = fields.elements as readonly Fields[];
  const isPlain =
    tariff.taxIncluded === 'NO' &&
    [fields.min_price, fields.max_price].every((limit) => isAbsent(limit) || isOld(limit as Fields)) &&
    elements.every((element) =>
      (element.price_components as readonly Fields[]).every((component) => isAbsent(component.taxes)),
    );
  if (isPlain) return document;
  const { tax_included: _, min_price: min, max_price: max, ...rest } = fields;
  return {
    ...rest,
    ...(isAbsent(min) ? {} : { min_price: limit221(min as Fields) }),
    ...(isAbsent(max) ? {} : { max_price: limit221(max as Fields) }),
    elements: elements.map((element, index) => ({
      ...element,
      price_components: (element.price_components as readonly Fields[]).map((component, i) =>
        component221(component, tariff.elements[index]!.components[i]!),
      ),
    })),
  };
}

function component221({ taxes: _, vat: __, ...rest }: Fields, component: PriceComponent): Fields {
  const { excl, vatPercent } = unitPriceOf(component);
  return { ...rest, price: excl.toFixed(), ...(vatPercent === null ? {} : { vat: vatPercent.toFixed() }) };
}

const isOld = (limit: Fields) => !isAbsent(limit.excl_vat);

function limit221(limit: Fields): Fields {
  if (isOld(limit)) return limit;
  const text = (value: unknown) => decimal(String(value)).toFixed();
  return {
    excl_vat: text(limit.before_taxes),
    ...(isAbsent(limit.after_taxes) ? {} : { incl_vat: text(limit.after_taxes) }),
  };
}
