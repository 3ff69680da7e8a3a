/**
 * How a tenant asks for what is overdue: up to three letters, what follows them, fees and interest. What a reminder may cost is law in
 * some countries (`feeLimit`); where it is not, what stands in the contract with the driver must allow it.
 */
import {
  type Decimal,
  ZERO,
  assertCurrency,
  decimal,
  invalid,
  isTimeZone,
  roundMoney,
  storableText,
} from '@kilowatch/kernel';

/** The letters in their order. */
export const DUNNING_LETTERS = ['REMINDER', 'FIRST_NOTICE', 'SECOND_NOTICE'] as const;
export type DunningLetter = (typeof DUNNING_LETTERS)[number];

/** What follows the last letter: a person takes it to a collector, it is given up, or nothing happens by itself. */
export const DUNNING_ENDS = ['COLLECTION', 'WRITE_OFF', 'NONE'] as const;
export type DunningEnd = (typeof DUNNING_ENDS)[number];

export interface DunningLevel {
  /** From the last day to pay, or the letter before, to this one. */
  readonly days: number;
  readonly fee: Decimal;
  /** From this letter on the account starts no session until it has paid. */
  readonly blocks: boolean;
}

export interface DunningSettings {
  readonly enabled: boolean;
  /** Of fees and the smallest amount; an invoice in another currency costs no fees. */
  readonly currency: string;
  /** One to three: reminder, first and second notice. */
  readonly levels: readonly DunningLevel[];
  readonly end: DunningEnd;
  /** From the last letter to that. */
  readonly endDays: number;
  /** Simple interest per year on what is owed of the invoice; 0: none. */
  readonly interestPercent: Decimal;
  /** Nobody is written to for less. */
  readonly smallest: Decimal;
  readonly timeZone: string;
  /** How to pay, as drivers read it: the bank account, whom to ask. */
  readonly instructions: string;
}

/** Until a tenant says otherwise: three letters that cost nothing and block nobody, then a person decides. */
export function usualDunning(currency: string, timeZone: string): DunningSettings {
  const level = (days: number): DunningLevel => ({ days, fee: ZERO, blocks: false });
  return {
    enabled: true,
    currency,
    levels: [level(3), level(14), level(14)],
    end: 'COLLECTION',
    endDays: 14,
    interestPercent: ZERO,
    smallest: ZERO,
    timeZone,
    instructions: '',
  };
}

const MOST_DAYS = 180;
const MOST_FEE = '100';
const MOST_INTEREST = '20';
const LONGEST_INSTRUCTIONS = 500;

/**
 * @param country of the seller, ISO 3166-1 alpha-2, empty where it is not known
 * Throws INVALID `BILLING_DUNNING_LEVELS`, `BILLING_DUNNING_DAYS`, `BILLING_DUNNING_FEE`, `BILLING_DUNNING_INTEREST`,
 * `BILLING_DUNNING_AMOUNT`, `BILLING_DUNNING_TIME_ZONE`, `BILLING_DUNNING_TEXT` or `CURRENCY_UNKNOWN`.
 */
export function checkDunning(settings: DunningSettings, country: string): DunningSettings {
  const { currency, levels, interestPercent, smallest, timeZone } = settings;
  assertCurrency(currency);
  if (levels.length === 0 || levels.length > DUNNING_LETTERS.length)
    throw invalid('BILLING_DUNNING_LEVELS', `There are one to ${DUNNING_LETTERS.length} letters.`);
  for (const days of [...levels.map((level) => level.days), settings.endDays]) {
    if (!Number.isInteger(days) || days < 0 || days > MOST_DAYS)
      throw invalid('BILLING_DUNNING_DAYS', `Days between letters are whole numbers from 0 to ${MOST_DAYS}.`);
  }
  levels.forEach((level, index) => checkFee(level, index, currency, country));
  if (interestPercent.lt('0') || interestPercent.gt(MOST_INTEREST))
    throw invalid('BILLING_DUNNING_INTEREST', `Interest is 0 to ${MOST_INTEREST} % a year.`);
  if (smallest.lt('0') || smallest.gt('10000') || !roundMoney(smallest, currency).eq(smallest))
    throw invalid('BILLING_DUNNING_AMOUNT', 'The smallest amount is 0 to 10000, in whole cents.');
  if (!isTimeZone(timeZone))
    throw invalid('BILLING_DUNNING_TIME_ZONE', 'Name a time zone like Europe/Amsterdam.');
  const instructions = storableText(settings.instructions).trim();
  if (instructions.length > LONGEST_INSTRUCTIONS)
    throw invalid(
      'BILLING_DUNNING_TEXT',
      `How to pay is said in at most ${LONGEST_INSTRUCTIONS} characters.`,
    );
  return { ...settings, instructions };
}

function checkFee({ fee, days }: DunningLevel, index: number, currency: string, country: string): void {
  const name = DUNNING_LETTERS[index]!;
  if (fee.lt('0') || fee.gt(MOST_FEE) || !roundMoney(fee, currency).eq(fee))
    throw invalid('BILLING_DUNNING_FEE', `The fee of ${name} is 0 to ${MOST_FEE}, in whole cents.`);
  const limit = feeLimit(country, index + 1, currency);
  if (!limit || fee.eq('0')) return;
  if (limit.most && fee.gt(limit.most))
    throw invalid(
      'BILLING_DUNNING_FEE',
      `The fee of ${name} is at most ${limit.most.toFixed()}: ${limit.law}.`,
    );
  if (days < limit.daysBefore)
    throw invalid(
      'BILLING_DUNNING_FEE',
      `Before ${name} may cost something, ${limit.daysBefore} days must pass: ${limit.law}.`,
    );
}

interface FeeLimit {
  /** Undefined: the law names no sum. */
  readonly most: Decimal | undefined;
  /** From the letter before, or the last day to pay, to one that costs something. */
  readonly daysBefore: number;
  readonly law: string;
}

interface FeeLaw {
  readonly law: string;
  /** The first letter must be free. */
  readonly firstFree?: boolean;
  readonly most?: { readonly amount: string; readonly currency: string };
  readonly daysBefore?: number;
}

/**
 * Laws for consumers; who sells to companies alone is held to the same. Read in November 2026 at: BE vbb.com (Law of 4 May 2023: a free
 * reminder, 14 days from the day after, further ones 7.50 EUR; by mail there is no postage to add), NL intrum.nl (WIK: a free letter of 14
 * days, then 15 % but at least 40 EUR, which an invoice for charging rarely exceeds), DK odsherred.dk (100 kr., three letters at least 10
 * days apart), SE kredinor.se (Förordning 1981:1057 as of 2013: 60 kr.). DE: what the letter of default costs is no damage by default.
 */
const FEE_LAWS: Readonly<Record<string, FeeLaw>> = {
  BE: {
    law: 'Code of Economic Law, book XIX: the first reminder is free, 14 days pass, further ones cost at most 7.50 EUR',
    firstFree: true,
    most: { amount: '7.5', currency: 'EUR' },
    daysBefore: 14,
  },
  DE: { law: 'BGB s. 286 and 280: the letter that puts a debtor in default is free', firstFree: true },
  NL: {
    law: 'BW art. 6:96 (6): the first letter is free and gives 14 days',
    firstFree: true,
    most: { amount: '40', currency: 'EUR' },
    daysBefore: 14,
  },
  DK: {
    law: 'Renteloven s. 9b: 100 kr. at most, at least 10 days apart',
    most: { amount: '100', currency: 'DKK' },
    daysBefore: 10,
  },
  SE: { law: 'Lag (1981:739): 60 kr. at most', most: { amount: '60', currency: 'SEK' } },
};

/** What the law of a country says of the fee of a letter; undefined: nothing we know of. `level` counts from 1. */
export function feeLimit(country: string, level: number, currency: string): FeeLimit | undefined {
  const rule = FEE_LAWS[country];
  if (!rule) return undefined;
  const { law, firstFree, most, daysBefore = 0 } = rule;
  if (firstFree && level === 1) return { most: ZERO, daysBefore: 0, law };
  return { most: most?.currency === currency ? decimal(most.amount) : undefined, daysBefore, law };
}
