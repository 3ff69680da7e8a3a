/** How figures and times stand on paper, by the language of the paper. Amounts are decimal texts: no float in between. */
import { decimal, minorDigits } from '@kilowatch/kernel';
import type { SheetTexts } from './sheet-texts.js';

export interface SheetWords {
  /** With the decimals of its currency, and its name. */
  money(value: string): string;
  /** All decimals of a tariff. */
  price(value: string): string;
  number(value: string): string;
  /** With the decimals it has. */
  fixed(value: string): string;
  day(instant: string, zone: string): string;
  moment(instant: string, zone: string): string;
  clock(instant: string, zone: string): string;
}

const DAY = { day: '2-digit', month: '2-digit', year: 'numeric' } as const;
const CLOCK = { hour: '2-digit', minute: '2-digit' } as const;
const DATES = { day: DAY, moment: { ...DAY, ...CLOCK, timeZoneName: 'short' }, clock: CLOCK } as const;

/** Making one takes longer than all that it writes in a document. */
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(language: string, timeZone: string, style: keyof typeof DATES): Intl.DateTimeFormat {
  const key = `${language}|${timeZone}|${style}`;
  const known = formatters.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat(language, { ...DATES[style], timeZone });
  formatters.set(key, made);
  return made;
}

/** `currency`: of all its amounts. */
export function sheetWords(
  { language, decimalMark }: Pick<SheetTexts, 'language' | 'decimalMark'>,
  currency: string,
): SheetWords {
  const number = (value: string) => decimal(value).toFixed().replace('.', decimalMark);
  const date = (style: keyof typeof DATES) => (instant: string, zone: string) =>
    formatterOf(language, zone, style).format(new Date(instant));
  return {
    number,
    fixed: (value) => value.replace('.', decimalMark),
    money: (value) =>
      `${decimal(value).toFixed(minorDigits(currency)).replace('.', decimalMark)} ${currency}`,
    price: (value) => `${number(value)} ${currency}`,
    day: date('day'),
    moment: date('moment'),
    clock: date('clock'),
  };
}
