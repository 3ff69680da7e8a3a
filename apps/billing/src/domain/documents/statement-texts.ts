/** The words on statements of payees, by language; what they share with invoices is in `sheet-texts.ts`. */
import type { PayeeTermKind } from '../payee-statement.js';
import type { SheetLocale } from './sheet-texts.js';

export interface StatementTexts {
  readonly statement: string;
  readonly paidTo: string;
  readonly month: string;
  readonly date: string;
  readonly place: string;
  readonly of: string;
  readonly agreed: string;
  readonly amount: string;
  readonly earned: string;
  readonly carriedIn: string;
  readonly carriedOut: string;
  readonly due: string;
  readonly correction: string;
  readonly footer: string;
  /** As in "Harbour Garage, for each kWh". */
  readonly kinds: Readonly<Record<PayeeTermKind, string>>;
}

export const STATEMENT_TEXTS: Readonly<Record<SheetLocale, StatementTexts>> = {
  en: {
    statement: 'Statement',
    paidTo: 'Paid to',
    month: 'Month',
    date: 'Date',
    place: 'Place',
    of: 'Of',
    agreed: 'Agreed',
    amount: 'Amount',
    earned: 'For this month',
    carriedIn: 'From the statement before',
    carriedOut: 'Into the next statement',
    due: 'To be paid',
    correction: 'Correction',
    footer: 'Amounts are before taxes. Corrections are of sessions that an earlier statement had.',
    kinds: {
      ENERGY_SHARE: 'share of the net price of the energy',
      PER_KWH: 'for each kWh',
      PER_SESSION: 'for each session',
    },
  },
  nl: {
    statement: 'Afrekening',
    paidTo: 'Betaald aan',
    month: 'Maand',
    date: 'Datum',
    place: 'Plaats',
    of: 'Over',
    agreed: 'Afgesproken',
    amount: 'Bedrag',
    earned: 'Over deze maand',
    carriedIn: 'Van de vorige afrekening',
    carriedOut: 'Naar de volgende afrekening',
    due: 'Te betalen',
    correction: 'Correctie',
    footer: 'Bedragen zijn zonder belastingen. Correcties gaan over sessies van een eerdere afrekening.',
    kinds: {
      ENERGY_SHARE: 'deel van de nettoprijs van de energie',
      PER_KWH: 'per kWh',
      PER_SESSION: 'per sessie',
    },
  },
  de: {
    statement: 'Abrechnung',
    paidTo: 'Gezahlt an',
    month: 'Monat',
    date: 'Datum',
    place: 'Ort',
    of: 'Auf',
    agreed: 'Vereinbart',
    amount: 'Betrag',
    earned: 'Für diesen Monat',
    carriedIn: 'Aus der vorigen Abrechnung',
    carriedOut: 'In die nächste Abrechnung',
    due: 'Zu zahlen',
    correction: 'Korrektur',
    footer: 'Beträge sind vor Steuern. Korrekturen betreffen Ladevorgänge einer früheren Abrechnung.',
    kinds: {
      ENERGY_SHARE: 'Anteil am Nettopreis der Energie',
      PER_KWH: 'je kWh',
      PER_SESSION: 'je Ladevorgang',
    },
  },
};
