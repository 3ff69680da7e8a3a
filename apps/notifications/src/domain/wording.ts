/** What a translation consists of. */
import type { AlertKind } from './alert.js';

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
}

export interface Locale {
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
