/** A tariff in words, one sentence per price component: what a driver is told before the start (AFIR art. 5). */
import { type Decimal, minorDigits } from '@kilowatch/kernel';
import {
  type Dimension,
  type PriceComponent,
  type Restrictions,
  type Tariff,
  type TariffElement,
  unitPriceOf,
} from './tariff.js';
import { taxWords } from './tax-words.js';

export interface PriceSentence {
  /** What is priced and when: two prices of the same thing have the same. */
  readonly about: string;
  readonly text: string;
  /** The price alone, as it stands in the text. */
  readonly price: string;
}

/** A sentence per price component; prices include VAT where the tariff has it, the price without follows in brackets. */
export function priceSentences(tariff: Tariff): PriceSentence[] {
  return tariff.elements.flatMap((element) =>
    element.components.map((component) => sentenceOf(component, element, tariff.currency)),
  );
}

export function summarise(tariff: Tariff): string[] {
  const sentences = [
    ...marketSentences(tariff),
    ...priceSentences({ ...tariff, elements: tariff.elements.filter((one) => !isDated(one)) }).map(
      ({ text }) => text,
    ),
  ];
  if (tariff.idleGraceMinutes > 0 && hasIdleFee(tariff)) {
    sentences.push(
      `Idle time is free for the first ${tariff.idleGraceMinutes} minutes after the car is full.`,
    );
  }
  for (const [word, limit] of [
    ['at least', tariff.minPrice],
    ['at most', tariff.maxPrice],
  ] as const) {
    if (limit) {
      const text = limit.incl
        ? `${shown(limit.incl, tariff.currency)} including VAT`
        : `${shown(limit.excl, tariff.currency)} before VAT`;
      sentences.push(`A session costs ${word} ${text}.`);
    }
  }
  if (tariff.negativeTotal) {
    sentences.push('A session may come to less than nothing: that amount is paid into the wallet.');
  }
  return sentences;
}

/** A price of its own for each hour is told by the schedule; in words, what lies between. */
function marketSentences(tariff: Tariff): string[] {
  const dated = tariff.elements.filter(isDated);
  if (dated.length <= FEW) {
    return priceSentences({ ...tariff, elements: dated }).map(({ text }) => text);
  }
  return (Object.keys(SUBJECTS) as Dimension[]).flatMap((dimension) => {
    const prices = dated.flatMap(({ components }) =>
      components.filter((one) => one.dimension === dimension).map((one) => unitPriceOf(one).incl),
    );
    if (prices.length === 0) return [];
    const [subject, per] = SUBJECTS[dimension];
    const sorted = [...prices].sort((a, b) => a.cmp(b));
    const [least, most] = [sorted[0]!, sorted[sorted.length - 1]!];
    const from = Math.min(...dated.map(({ restrictions: r }) => r.fromMs ?? Number.POSITIVE_INFINITY));
    const until = Math.max(...dated.map(({ restrictions: r }) => r.untilMs ?? Number.NEGATIVE_INFINITY));
    const range = `${shown(least, tariff.currency)} to ${shown(most, tariff.currency)}${per}`;
    return [`${subject} ${range} with all taxes, by the hour, ${dates(from, until).join(' ')}.`];
  });
}

/** So many prices can still be read one by one. */
const FEW = 3;

function isDated({ restrictions: { fromMs, untilMs } }: TariffElement): boolean {
  return fromMs !== undefined || untilMs !== undefined;
}

function dates(fromMs: number | undefined, untilMs: number | undefined): string[] {
  const text = (ms: number) => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const parts = [
    fromMs === undefined || !Number.isFinite(fromMs) ? undefined : `from ${text(fromMs)}`,
    untilMs === undefined || !Number.isFinite(untilMs) ? undefined : `to ${text(untilMs)}`,
  ];
  return parts.filter((part) => part !== undefined);
}

const hasIdleFee = (tariff: Tariff) =>
  tariff.elements.some((element) => element.components.some((c) => c.dimension === 'PARKING_TIME'));

const SUBJECTS = {
  ENERGY: ['Energy costs', ' per kWh'],
  TIME: ['Charging time costs', ' per hour'],
  PARKING_TIME: ['Idle time after the car is full costs', ' per hour'],
  FLAT: ['Each session costs', ''],
} as const;

function sentenceOf(component: PriceComponent, element: TariffElement, currency: string): PriceSentence {
  const { dimension, taxes } = component;
  const reserved = element.restrictions.reservation !== undefined;
  const [subject, per] = reserved
    ? [dimension === 'FLAT' ? 'A reservation costs' : 'Reserved time costs', SUBJECTS[dimension][1]]
    : SUBJECTS[dimension];
  const { excl, incl, vatPercent } = unitPriceOf(component);
  const vat =
    vatPercent === null || vatPercent.eq('0')
      ? ''
      : ` including ${taxWords(taxes)} (${shown(excl, currency)} without)`;
  const price = `${shown(incl, currency)}${per}${vat}`;
  const when = conditions(element.restrictions);
  return { about: `${subject}${when}`, text: `${subject} ${price}${when}.`, price };
}

function shown(amount: Decimal, currency: string): string {
  const plain = amount.toFixed();
  const places = plain.split('.')[1]?.length ?? 0;
  return `${places < minorDigits(currency) ? amount.toFixed(minorDigits(currency)) : plain} ${currency}`;
}

function conditions(r: Restrictions): string {
  const time = (minute: number) =>
    `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
  const parts = [
    dates(r.fromMs, r.untilMs).join(' ') || undefined,
    between(r.startMinute, r.endMinute, time, ['from', 'to']),
    r.daysOfWeek && `on ${r.daysOfWeek.map((day) => day[0] + day.slice(1).toLowerCase()).join(', ')}`,
    between(r.startDate, r.endDate, String, ['from', 'before']),
    between(r.minMwh, r.maxMwh, (value) => `${value / 1_000_000} kWh`, ['from', 'up to']),
    between(r.minDurationMs, r.maxDurationMs, (value) => `${value / 60_000} min`, [
      'after',
      'during the first',
    ]),
    between(r.minPowerW, r.maxPowerW, (value) => `${value / 1000} kW`, ['from', 'below']),
    between(r.minCurrentMa, r.maxCurrentMa, (value) => `${value / 1000} A`, ['from', 'below']),
    r.never ? 'for bookings' : undefined,
    r.reservation === 'RESERVATION_EXPIRES' ? 'when the reservation is not used' : undefined,
  ].filter((part) => part !== undefined);
  return parts.length > 0 ? `, ${parts.join(', ')}` : '';
}

function between<T>(
  min: T | undefined,
  max: T | undefined,
  text: (value: T) => string,
  [from, to]: readonly [string, string],
): string | undefined {
  const words = [
    min === undefined ? undefined : `${from} ${text(min)}`,
    max === undefined ? undefined : `${to} ${text(max)}`,
  ].filter((part) => part !== undefined);
  return words.length > 0 ? words.join(' ') : undefined;
}
