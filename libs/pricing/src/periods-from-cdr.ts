/**
 * From the charging periods of an OCPI CDR to pricing periods. A period lasts until the next one starts; what its volumes
 * say about charging and parking decides what the time was (docs/ocpi-notes.md R3, R4), and a period with neither is
 * neither. A volume in hours that is the time on the clock, rounded, stands for that time: 0.0833333333 is 5 minutes.
 */
import { decimal, mwh } from '@kilowatch/kernel';
import { type Fields, fieldReader, isAbsent } from './document-fields.js';
import type { Range } from './restrictions.js';
import type { PeriodKind, PricingPeriod } from './slices.js';

const read = fieldReader('BILLING_CDR');

const PRICED = [
  'ENERGY',
  'TIME',
  'PARKING_TIME',
  'RESERVATION_TIME',
  'MIN_POWER',
  'MAX_POWER',
  'MIN_CURRENT',
  'MAX_CURRENT',
] as const;
/** Those that only Sessions have, or 2.1.1: no price looks at them. */
const OTHERS = ['FLAT', 'CURRENT', 'ENERGY_EXPORT', 'ENERGY_IMPORT', 'POWER', 'STATE_OF_CHARGE'] as const;
type DimensionType = (typeof PRICED)[number];

const HOUR_MS = 3_600_000;
/** A volume with two decimals is up to 18 s away from the clock; one without any says nothing about minutes. */
const MOST_ROUNDING_MS = 36_000;

/** The periods in order of time. Throws INVALID `BILLING_CDR_...` with the path of the fault. */
export function periodsFromCdr(cdr: Fields): PricingPeriod[] {
  const end = read.instantOf(cdr.end_date_time ?? cdr.stop_date_time, 'cdr.end_date_time');
  const start = read.instantOf(cdr.start_date_time ?? cdr.start_datetime, 'cdr.start_date_time');
  const given = read.listOf(cdr.charging_periods, 'cdr.charging_periods').map(readPeriod);
  if (given.length === 0) {
    throw read.refuse('EMPTY', 'A CDR needs at least one charging period.', 'cdr.charging_periods');
  }
  const ordered = given.sort((a, b) => a.start.getTime() - b.start.getTime());
  if (ordered[0]!.start < start || ordered[ordered.length - 1]!.start > end) {
    throw read.refuse('PERIODS_OUTSIDE', 'A charging period starts outside the CDR.', 'cdr.charging_periods');
  }
  return ordered.flatMap((period, index) => pricingPeriods(period, ordered[index + 1]?.start ?? end));
}

interface GivenPeriod {
  readonly path: string;
  readonly start: Date;
  readonly tariffId: string | undefined;
  /** As decimal text. */
  readonly volumes: ReadonlyMap<DimensionType, string>;
}

function readPeriod(value: unknown, index: number): GivenPeriod {
  const path = `cdr.charging_periods[${index}]`;
  const fields = read.fieldsOf(value, path);
  const volumes = new Map<DimensionType, string>();
  read.listOf(fields.dimensions, `${path}.dimensions`).forEach((entry, i) => {
    const at = `${path}.dimensions[${i}]`;
    const dimension = read.fieldsOf(entry, at);
    const told = read.oneOf(dimension.type, [...PRICED, ...OTHERS], `${at}.type`, 'DIMENSION');
    const type = PRICED.find((one) => one === told);
    if (type === undefined) return;
    if (volumes.has(type)) throw read.refuse('DIMENSION_REPEATED', `${path} has ${type} twice.`, at);
    volumes.set(type, read.amountOf(dimension.volume, `${at}.volume`, 'VOLUME', 12).toFixed());
  });
  return {
    path,
    start: read.instantOf(fields.start_date_time, `${path}.start_date_time`),
    tariffId: isAbsent(fields.tariff_id) ? undefined : read.textOf(fields.tariff_id, `${path}.tariff_id`),
    volumes,
  };
}

function pricingPeriods(period: GivenPeriod, end: Date): PricingPeriod[] {
  const { path, start, volumes } = period;
  const length = end.getTime() - start.getTime();
  const energyMwh = mwh(
    Number(
      decimal(volumes.get('ENERGY') ?? '0')
        .times('1000000')
        .toFixed(0),
    ),
  );
  const rest = {
    ...ranged('powerW', rangeOf(volumes, 'POWER')),
    ...ranged('currentMa', rangeOf(volumes, 'CURRENT')),
    ...(period.tariffId === undefined ? {} : { tariffId: period.tariffId }),
  };
  const parts: PricingPeriod[] = [];
  let from = start.getTime();
  const add = (kind: PeriodKind, until: number) => {
    const isFirst = parts.length === 0;
    parts.push({
      start: new Date(from),
      end: new Date(until),
      kind,
      energyMwh: isFirst ? energyMwh : mwh(0),
      ...rest,
    });
    from = until;
  };
  const timed = timesOf(volumes);
  const told = timed.reduce((sum, { ms }) => sum + ms, 0);
  const slack = timed.reduce((sum, { slackMs }) => sum + slackMs, 0);
  if (told > length + slack) {
    const hours = (ms: number) => decimal(Math.round(ms)).div(String(HOUR_MS)).round(6).toFixed();
    const text = `${path} lasts ${hours(length)} h, but its volumes are ${hours(told)} h.`;
    throw read.refuse('TIME_TOO_LONG', text, `${path}.dimensions`);
  }
  const fillsPeriod = told >= length - slack;
  timed.forEach(({ kind, ms }, index) => {
    const isLast = index === timed.length - 1;
    add(kind, isLast && fillsPeriod ? end.getTime() : Math.min(from + Math.round(ms), end.getTime()));
  });
  if (parts.length === 0 || from < end.getTime()) add('GRACE', end.getTime());
  return parts;
}

interface TimedPart {
  readonly kind: PeriodKind;
  readonly ms: number;
  readonly slackMs: number;
}

function timesOf(volumes: ReadonlyMap<DimensionType, string>): TimedPart[] {
  const kinds = [
    ['RESERVATION_TIME', 'RESERVED'],
    ['TIME', 'CHARGING'],
    ['PARKING_TIME', 'IDLE'],
  ] as const;
  return kinds.flatMap(([type, kind]): TimedPart[] => {
    const text = volumes.get(type);
    if (text === undefined || decimal(text).eq('0')) return [];
    const ms = Number(decimal(text).times(String(HOUR_MS)).round(3).toFixed());
    const places = text.split('.')[1]?.length ?? 0;
    const slackMs = Math.max(1_000, Math.min(MOST_ROUNDING_MS, HOUR_MS / 2 / 10 ** places));
    return [{ kind, ms, slackMs }];
  });
}

/** kW or A in thousandths; a range with one end told has that end only. */
function rangeOf(volumes: ReadonlyMap<DimensionType, string>, what: 'POWER' | 'CURRENT'): Range | undefined {
  const [min, max] = [volumes.get(`MIN_${what}`), volumes.get(`MAX_${what}`)];
  if (min === undefined && max === undefined) return undefined;
  const milli = (text: string) => Number(decimal(text).times('1000').round(0).toFixed());
  return { min: milli(min ?? max!), max: milli(max ?? min!) };
}

function ranged<K extends 'powerW' | 'currentMa'>(key: K, range: Range | undefined) {
  return range ? ({ [key]: range } as Record<K, Range>) : {};
}
