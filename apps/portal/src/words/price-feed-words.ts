import type { FeedPricesQuery, PriceFeedParts } from '../api/documents/prices.js';
import type { Word } from './session-words.js';

type Source = PriceFeedParts['source'];
type Prices = FeedPricesQuery['feedPrices'];

export const FEED_NAMES: Readonly<Record<Source, string>> = {
  ENTSOE: 'ENTSO-E',
  AWATTAR: 'aWATTar',
  OCTOPUS: 'Octopus Agile',
  NORD_POOL: 'Nord Pool',
};

/** What the area of a source is, as it is typed. */
export const AREA_HINTS: Readonly<Record<Source, string>> = {
  ENTSOE: 'The EIC of a bidding zone, such as 10YNL----------L.',
  AWATTAR: 'DE or AT.',
  OCTOPUS: 'A product and a region, such as AGILE-24-10-01/C.',
  NORD_POOL: 'A delivery area, such as NO1.',
};

export function feedName({ source, area }: { readonly source: Source; readonly area: string }): string {
  return `${FEED_NAMES[source]} ${area}`;
}

const FAILURES: Readonly<Record<string, string>> = {
  BILLING_FEED_AWAY: 'It does not answer; it is asked again by itself.',
  BILLING_FEED_REFUSED: 'It refuses us: check the area, and the token where it needs one.',
  BILLING_FEED_TOO_OFTEN: 'It was asked too often; it is asked again later by itself.',
  BILLING_FEED_UNREADABLE: 'Its answer cannot be read; it is asked again by itself.',
  BILLING_FEED_TOKEN: 'It needs a token, which billing was not given (KW_ENTSOE_TOKEN).',
};

/** How it goes with a feed; `text` for the mark beside it. */
export function feedHealth({ answeredAt, attempts, failure }: PriceFeedParts): Word {
  if (failure !== null) return { text: 'Fails', tone: 'bad' };
  if (answeredAt === null) return { text: 'Not answered yet', tone: 'quiet' };
  return attempts > 0 ? { text: 'Incomplete', tone: 'warn' } : { text: 'Complete', tone: 'good' };
}

/** What an operator reads of a failure. Undefined: there is none. */
export function feedFailureText({ attempts, failure }: PriceFeedParts): string | undefined {
  if (failure === null) return undefined;
  const times = attempts <= 1 ? 'once' : `${attempts} times in a row`;
  return FAILURES[failure] ?? `It failed ${times} (${failure}) and is asked again by itself.`;
}

export interface CurveFacts {
  readonly now: string | undefined;
  readonly lowest: string | undefined;
  readonly highest: string | undefined;
  /** The end of the last stretch that is known. */
  readonly knownUntil: string | undefined;
  /** Before `knownUntil`: what follows is only not published yet. */
  readonly gaps: Prices['gaps'];
}

/** The figures of a curve at a moment. The amounts stay the text they came as. */
export function curveFacts({ stretches, gaps }: Prices, nowMs: number): CurveFacts {
  const knownUntil = stretches[stretches.length - 1]?.end;
  const ahead = stretches.filter(({ end }) => Date.parse(end) > nowMs);
  const byValue = [...ahead].sort((a, b) => Number(a.value) - Number(b.value));
  return {
    now: ahead.find(({ start }) => Date.parse(start) <= nowMs)?.value,
    lowest: byValue[0]?.value,
    highest: byValue[byValue.length - 1]?.value,
    knownUntil,
    gaps: gaps.filter(({ to }) => knownUntil !== undefined && Date.parse(to) < Date.parse(knownUntil)),
  };
}

/** 840 is `14:00`. */
export function clockText(minuteOfDay: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(Math.floor(minuteOfDay / 60))}:${two(minuteOfDay % 60)}`;
}

/** `14:00` is 840; null for an empty field. */
export function minuteOfDay(text: string): number | null {
  const [hours, minutes] = text.split(':').map(Number);
  return text === '' ? null : (hours ?? 0) * 60 + (minutes ?? 0);
}
