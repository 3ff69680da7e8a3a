/**
 * Day-ahead prices of the ENTSO-E Transparency Platform (document type A44). Shape by its web API guide and the CIM publication document:
 * several TimeSeries may cover one interval, and the one with the lowest classification sequence position counts; with curve type A03
 * (variable sized block) a point that is left out repeats the one before; a day has 23, 24 or 25 hours; prices are per MWh.
 */
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { laidOut, type Stretch } from './curve.js';
import {
  amountOf,
  currencyOf,
  fieldsOf,
  instantOf,
  MOST_STRETCHES,
  perKwh,
  unreadable,
} from './feed-fields.js';

const LISTS = new Set(['TimeSeries', 'Period', 'Point', 'Reason']);

/** Values stay text, and no entity is ever expanded: those of XML itself have no place in a number or a time. */
const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  processEntities: false,
  removeNSPrefix: true,
  ignoreDeclaration: true,
  isArray: (name) => LISTS.has(name),
});

const MINUTES: Readonly<Record<string, number>> = { PT15M: 15, PT30M: 30, PT60M: 60, PT1H: 60 };
/** "No matching data found": an answer, not a failure. */
const NO_DATA = '999';

/** Throws INVALID `BILLING_FEED_UNREADABLE`. Nothing published yet is an empty curve. */
export function entsoePrices(xml: string): Stretch[] {
  const root = documentOf(xml);
  if (root.Acknowledgement_MarketDocument) {
    const { Reason: reasons } = fieldsOf(
      root.Acknowledgement_MarketDocument,
      'Acknowledgement_MarketDocument',
    );
    if (listAt(reasons).some(({ code }) => code === NO_DATA)) return [];
    throw unreadable('Acknowledgement_MarketDocument.Reason');
  }
  const published = fieldsOf(root.Publication_MarketDocument, 'Publication_MarketDocument');
  const series = listAt(published.TimeSeries).map((one, index) => seriesOf(one, `TimeSeries[${index}]`));
  // The sequence decides; beside each other without one, the finer resolution is what is settled.
  series.sort((a, b) => a.position - b.position || a.minutes - b.minutes);
  return laidOut(series.flatMap(({ stretches }) => stretches));
}

function documentOf(xml: string): Record<string, unknown> {
  // A document type is where entities are declared: a feed has none.
  if (/<!DOCTYPE/i.test(xml) || XMLValidator.validate(xml) !== true) throw unreadable('the document');
  try {
    return fieldsOf(parser.parse(xml), 'the document');
  } catch {
    throw unreadable('the document');
  }
}

interface Series {
  readonly position: number;
  readonly minutes: number;
  readonly stretches: readonly Stretch[];
}

function seriesOf(series: Record<string, unknown>, field: string): Series {
  const unit = currencyOf(series['currency_Unit.name'], `${field}.currency_Unit.name`);
  const measure = series['price_Measure_Unit.name'];
  if (measure !== 'MWH') throw unreadable(`${field}.price_Measure_Unit.name`);
  const position = series['classificationSequence_AttributeInstanceComponent.position'];
  const repeats = series.curveType !== 'A01';
  const periods = listAt(series.Period).map((period, index) =>
    periodOf(period, repeats, unit, `${field}.Period[${index}]`),
  );
  return {
    position: position === undefined ? 1 : wholeOf(position, `${field}.position`),
    minutes: Math.min(...periods.map(({ minutes }) => minutes)),
    stretches: periods.flatMap(({ stretches }) => stretches),
  };
}

function periodOf(
  period: Record<string, unknown>,
  repeats: boolean,
  unit: string,
  field: string,
): { minutes: number; stretches: Stretch[] } {
  const interval = fieldsOf(period.timeInterval, `${field}.timeInterval`);
  const start = instantOf(interval.start, `${field}.timeInterval.start`).getTime();
  const end = instantOf(interval.end, `${field}.timeInterval.end`).getTime();
  const minutes = MINUTES[String(period.resolution)];
  const steps = minutes === undefined ? Number.NaN : (end - start) / (minutes * 60_000);
  if (minutes === undefined || !Number.isInteger(steps) || steps < 1 || steps > MOST_STRETCHES)
    throw unreadable(`${field}.resolution`);
  const points = listAt(period.Point).map((point, index) => {
    const at = `${field}.Point[${index}]`;
    const position = wholeOf(point.position, `${at}.position`);
    if (position > steps) throw unreadable(`${at}.position`);
    return { position, value: perKwh(amountOf(point['price.amount'], `${at}.price.amount`)) };
  });
  points.sort((a, b) => a.position - b.position);
  const at = (position: number) => new Date(start + (position - 1) * minutes * 60_000);
  const stretches = points.flatMap(({ position, value }, index) => {
    const next = repeats ? (points[index + 1]?.position ?? steps + 1) : position + 1;
    return Array.from({ length: next - position }, (_, i) => ({
      start: at(position + i),
      end: at(position + i + 1),
      value,
      unit,
    }));
  });
  return { minutes, stretches };
}

function listAt(value: unknown): readonly Record<string, unknown>[] {
  if (value === undefined) return [];
  if (!Array.isArray(value) || value.length > MOST_STRETCHES) throw unreadable('the document');
  return value.map((entry) => fieldsOf(entry, 'the document'));
}

function wholeOf(value: unknown, field: string): number {
  if (typeof value !== 'string' || !/^[1-9]\d{0,4}$/.test(value)) throw unreadable(field);
  return Number(value);
}
