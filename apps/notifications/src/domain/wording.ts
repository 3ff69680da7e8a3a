/** The languages that are written, and what a translation consists of. */
import type { AlertKind } from './alert.js';

export const LANGUAGES = ['en', 'nl', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];

/** `nl-BE` reads Dutch; who reads a language we do not write reads English. */
export function languageOf(locale: string): Language {
  const wanted = locale.toLowerCase().split(/[-_]/)[0];
  return LANGUAGES.find((language) => language === wanted) ?? 'en';
}

/** For `Intl`: English as it is written in Europe. */
export const formatLocale = (language: Language): string => (language === 'en' ? 'en-GB' : language);

export interface AlertText {
  readonly title: string;
  readonly body: string;
}

/** The facts as they appear in sentences; `undefined` = leave that part out. */
export interface Words {
  /** "Garage West (CP-1)" */
  readonly place: string | undefined;
  readonly station: string | undefined;
  readonly connector: string | undefined;
  readonly evse: string | undefined;
  readonly time: string | undefined;
  readonly cause: string | undefined;
  readonly suspect: string | undefined;
  readonly money: string | undefined;
  readonly invoice: string | undefined;
  /** Id of a payment by card. */
  readonly payment: string | undefined;
  /** "March 2026" */
  readonly month: string | undefined;
  /** Fees and interest that are in `money`. */
  readonly charges: string | undefined;
  /** "24 March 2026" */
  readonly day: string | undefined;
  readonly blocked: boolean;
  /** What a card was asked for. */
  readonly purpose: string | undefined;
  /** How to pay, as the seller says it. */
  readonly instructions: string | undefined;
  readonly contract: string | undefined;
  readonly remark: string | undefined;
}

/** Causes that have words of their own; another one is told without, or as it is. */
type CauseTable =
  | ('ANOMALIES' | 'SECURITY' | 'UPDATES' | 'STUCK' | 'ATTEMPTS' | 'LETTERS' | 'METERS' | 'DISPUTES')
  | ('FUNDS_IN_TIME' | 'FUNDS_FOR_MORE' | 'DECLINES' | 'CONTRACTS' | 'REFUNDS');

export interface Locale {
  readonly causes: Readonly<Record<CauseTable, Readonly<Record<string, string>>>>;
  readonly texts: Readonly<Record<AlertKind, (words: Words) => AlertText>>;
  readonly mail: {
    readonly greeting: (name: string) => string;
    readonly link: string;
    readonly footer: string;
    readonly papers: {
      readonly attached: (names: string) => string;
      readonly tooLarge: (names: string) => string;
      readonly missing: string;
    };
  };
}
