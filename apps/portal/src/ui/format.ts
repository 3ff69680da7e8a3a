/** Figures as people read them. Every function takes the locale, so that tests fix it; pages pass `LOCALE`. */

export interface Money {
  readonly amount: string;
  readonly currency: string;
}

type Locale = string | readonly string[];

/** Languages the viewer asked for; English when the page is rendered outside a browser. */
export const LOCALE: Locale = typeof navigator === 'undefined' ? 'en' : navigator.languages;

const locales = (locale: Locale): string | string[] => (typeof locale === 'string' ? locale : [...locale]);

/** Decimal text is formatted as text: no binary fraction comes between the platform's figure and the reader's. */
function formatDecimal(amount: string, locale: Locale, options: Intl.NumberFormatOptions): string {
  return new Intl.NumberFormat(locales(locale), options).format(amount as Intl.StringNumericLiteral);
}

export function formatMoney({ amount, currency }: Money, locale: Locale = LOCALE): string {
  return formatDecimal(amount, locale, { style: 'currency', currency });
}

/** A price per unit may be finer than the smallest coin. */
export function formatUnitPrice(amount: string, currency: string, locale: Locale = LOCALE): string {
  return formatDecimal(amount, locale, { style: 'currency', currency, maximumFractionDigits: 5 });
}

export function formatQuantity(quantity: string, unit: string, locale: Locale = LOCALE): string {
  const text = formatDecimal(quantity, locale, { maximumFractionDigits: 3 });
  return unit === '' ? text : `${text} ${unit}`;
}

export interface Figure {
  readonly value: string;
  readonly unit: string;
}

export function energyFigure(wh: number | null | undefined, locale: Locale = LOCALE): Figure {
  if (wh == null) return { value: '–', unit: 'kWh' };
  const kwh = wh / 1000;
  const digits = kwh < 100 ? 2 : 1;
  const value = formatNumber(kwh, locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return { value, unit: 'kWh' };
}

/** W below one kilowatt, kW with two or one decimals above. */
export function powerFigure(watts: number | null | undefined, locale: Locale = LOCALE): Figure {
  if (watts == null) return { value: '–', unit: 'kW' };
  if (Math.abs(watts) < 1000)
    return { value: formatNumber(watts, locale, { maximumFractionDigits: 0 }), unit: 'W' };
  const kw = watts / 1000;
  const digits = kw < 10 ? 2 : kw < 1000 ? 1 : 0;
  return {
    value: formatNumber(kw, locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }),
    unit: 'kW',
  };
}

export const formatEnergy = (wh: number | null | undefined, locale: Locale = LOCALE): string =>
  joined(energyFigure(wh, locale));

export const formatPower = (watts: number | null | undefined, locale: Locale = LOCALE): string =>
  joined(powerFigure(watts, locale));

// A no-break space: a figure and its unit stay on one line.
const joined = ({ value, unit }: Figure): string => `${value}\u00a0${unit}`;

export function formatPercent(percent: number, locale: Locale = LOCALE): string {
  return formatNumber(percent / 100, locale, { style: 'percent', maximumFractionDigits: 0 });
}

export function formatVatPercent(percent: string, locale: Locale = LOCALE): string {
  return `${formatDecimal(percent, locale, { maximumFractionDigits: 2 })}\u00a0%`;
}

export function formatNumber(
  value: number,
  locale: Locale = LOCALE,
  options?: Intl.NumberFormatOptions,
): string {
  return new Intl.NumberFormat(locales(locale), options).format(value);
}

type TimeStyle = 'time' | 'time-seconds' | 'day' | 'date-time' | 'hour';

const STYLES: Readonly<Record<TimeStyle, Intl.DateTimeFormatOptions>> = {
  time: { hour: '2-digit', minute: '2-digit' },
  'time-seconds': { hour: '2-digit', minute: '2-digit', second: '2-digit' },
  day: { day: 'numeric', month: 'long', year: 'numeric' },
  'date-time': { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' },
  hour: { weekday: 'short', hour: '2-digit', minute: '2-digit' },
};

/** An instant in the viewer's time zone (or the one given). */
export function formatTime(
  iso: string | number,
  style: TimeStyle,
  locale: Locale = LOCALE,
  timeZone?: string,
): string {
  return new Intl.DateTimeFormat(locales(locale), { ...STYLES[style], timeZone }).format(new Date(iso));
}

/** `48 s`, `12 min`, `1 h 05 min`, `2 d 3 h`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole}\u00a0s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}\u00a0min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours}\u00a0h ${String(minutes % 60).padStart(2, '0')}\u00a0min`;
  return `${Math.floor(hours / 24)}\u00a0d ${hours % 24}\u00a0h`;
}

/** `just now`, `3 minutes ago`, in words of the locale. */
export function formatAgo(iso: string, nowMs: number, locale: Locale = LOCALE): string {
  const seconds = (Date.parse(iso) - nowMs) / 1000;
  const [unit, size] = AGO.find(([, size]) => Math.abs(seconds) >= size) ?? ['second', 1];
  if (unit === 'second' && Math.abs(seconds) < 45) return 'just now';
  return new Intl.RelativeTimeFormat(locales(locale), { numeric: 'auto' }).format(
    Math.trunc(seconds / size),
    unit,
  );
}

const AGO: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];
