/** The words on invoices, by language. */
export const SHEET_LOCALES = ['en', 'nl', 'de'] as const;
export type SheetLocale = (typeof SHEET_LOCALES)[number];

export interface SheetTexts {
  /** Of dates. */
  readonly language: string;
  readonly decimalMark: string;
  readonly invoice: string;
  readonly creditNote: string;
  readonly billedTo: string;
  readonly number: string;
  readonly issued: string;
  readonly due: string;
  readonly supplied: string;
  readonly credits: string;
  readonly description: string;
  readonly quantity: string;
  readonly unitPrice: string;
  readonly vat: string;
  readonly of: string;
  readonly noVat: string;
  readonly vatId: string;
  readonly amountExcl: string;
  readonly totalExcl: string;
  readonly totalIncl: string;
  /** `%`: the amount. */
  readonly favour: string;
  readonly session: string;
  readonly place: string;
  readonly token: string;
  readonly energy: string;
  readonly registers: string;
  readonly charging: string;
  readonly idle: string;
  readonly tariff: string;
  readonly version: string;
  readonly quote: string;
  readonly signatures: string;
  readonly footer: string;
  readonly units: Readonly<Record<string, string>>;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly verdicts: Readonly<Record<string, string>>;
}

export const SHEET_TEXTS: Readonly<Record<SheetLocale, SheetTexts>> = {
  en: {
    language: 'en-GB',
    decimalMark: '.',
    invoice: 'Invoice',
    creditNote: 'Credit note',
    billedTo: 'Billed to',
    number: 'Number',
    issued: 'Date of issue',
    due: 'Payable until',
    supplied: 'Date of supply',
    credits: 'Cancels invoice',
    description: 'Description',
    quantity: 'Quantity',
    unitPrice: 'Unit price',
    vat: 'VAT',
    of: 'of',
    noVat: 'No VAT is stated',
    vatId: 'VAT ID',
    amountExcl: 'Excl. VAT',
    totalExcl: 'Total excluding VAT',
    totalIncl: 'Total including VAT',
    favour: 'In your favour: % was paid into your wallet. Nothing is to be paid.',
    session: 'Charging session',
    place: 'Place',
    token: 'Card or contract',
    energy: 'Energy',
    registers: 'Meter at begin and end',
    charging: 'Time charging',
    idle: 'Time billed without charging',
    tariff: 'Tariff',
    version: 'version',
    quote: 'Price agreed at the start',
    signatures: 'Signed by the meter',
    footer: 'Amounts are rounded to the cent; the quantities are those that were measured and billed.',
    units: { kWh: 'kWh', h: 'h', session: 'session' },
    dimensions: {
      ENERGY: 'Energy',
      TIME: 'Charging time',
      PARKING_TIME: 'Time connected without charging',
      FLAT: 'Fee for the session',
      RESERVATION_FLAT: 'Fee for the reservation',
      RESERVATION_TIME: 'Reserved time',
      ADJUSTMENT: 'Adjustment',
      ROUNDING: 'Rounding',
    },
    verdicts: {
      VERIFIED: 'yes, verified',
      UNKNOWN_KEY: 'yes, not verified: its key is not registered',
      INCOMPLETE: 'in part',
      UNSIGNED: 'no',
      FAILED: 'the signatures are not right',
    },
  },
  nl: {
    language: 'nl-NL',
    decimalMark: ',',
    invoice: 'Factuur',
    creditNote: 'Creditfactuur',
    billedTo: 'Gefactureerd aan',
    number: 'Nummer',
    issued: 'Factuurdatum',
    due: 'Te betalen tot en met',
    supplied: 'Leverdatum',
    credits: 'Vervangt factuur',
    description: 'Omschrijving',
    quantity: 'Hoeveelheid',
    unitPrice: 'Prijs per eenheid',
    vat: 'Btw',
    of: 'over',
    noVat: 'Zonder btw',
    vatId: 'Btw-nummer',
    amountExcl: 'Excl. btw',
    totalExcl: 'Totaal exclusief btw',
    totalIncl: 'Totaal inclusief btw',
    favour: 'In uw voordeel: % is in uw wallet gestort. U hoeft niets te betalen.',
    session: 'Laadsessie',
    place: 'Plaats',
    token: 'Pas of contract',
    energy: 'Energie',
    registers: 'Meterstand begin en einde',
    charging: 'Laadtijd',
    idle: 'Berekende tijd zonder laden',
    tariff: 'Tarief',
    version: 'versie',
    quote: 'Bij de start afgesproken prijs',
    signatures: 'Ondertekend door de meter',
    footer: 'Bedragen zijn afgerond op de cent; de hoeveelheden zijn gemeten en gefactureerd.',
    units: { kWh: 'kWh', h: 'uur', session: 'sessie' },
    dimensions: {
      ENERGY: 'Energie',
      TIME: 'Laadtijd',
      PARKING_TIME: 'Tijd aangesloten zonder laden',
      FLAT: 'Starttarief',
      RESERVATION_FLAT: 'Reserveringskosten',
      RESERVATION_TIME: 'Gereserveerde tijd',
      ADJUSTMENT: 'Correctie',
      ROUNDING: 'Afronding',
    },
    verdicts: {
      VERIFIED: 'ja, gecontroleerd',
      UNKNOWN_KEY: 'ja, niet gecontroleerd: de sleutel is niet geregistreerd',
      INCOMPLETE: 'gedeeltelijk',
      UNSIGNED: 'nee',
      FAILED: 'de handtekeningen kloppen niet',
    },
  },
  de: {
    language: 'de-DE',
    decimalMark: ',',
    invoice: 'Rechnung',
    creditNote: 'Gutschrift',
    billedTo: 'Rechnung an',
    number: 'Nummer',
    issued: 'Rechnungsdatum',
    due: 'Zahlbar bis',
    supplied: 'Leistungsdatum',
    credits: 'Storniert Rechnung',
    description: 'Leistung',
    quantity: 'Menge',
    unitPrice: 'Einzelpreis',
    vat: 'USt.',
    of: 'auf',
    noVat: 'Ohne Umsatzsteuer',
    vatId: 'USt-IdNr.',
    amountExcl: 'Netto',
    totalExcl: 'Summe netto',
    totalIncl: 'Gesamtbetrag',
    favour: 'Zu Ihren Gunsten: % wurde Ihrem Guthaben gutgeschrieben. Es ist nichts zu zahlen.',
    session: 'Ladevorgang',
    place: 'Ort',
    token: 'Karte oder Vertrag',
    energy: 'Energie',
    registers: 'Zählerstand Beginn und Ende',
    charging: 'Ladezeit',
    idle: 'Berechnete Zeit ohne Laden',
    tariff: 'Tarif',
    version: 'Version',
    quote: 'Beim Start vereinbarter Preis',
    signatures: 'Vom Zähler signiert',
    footer: 'Beträge sind auf den Cent gerundet; die Mengen sind die gemessenen und berechneten.',
    units: { kWh: 'kWh', h: 'Std.', session: 'Vorgang' },
    dimensions: {
      ENERGY: 'Energie',
      TIME: 'Ladezeit',
      PARKING_TIME: 'Zeit angeschlossen ohne Laden',
      FLAT: 'Startgebühr',
      RESERVATION_FLAT: 'Reservierungsgebühr',
      RESERVATION_TIME: 'Reservierte Zeit',
      ADJUSTMENT: 'Anpassung',
      ROUNDING: 'Rundung',
    },
    verdicts: {
      VERIFIED: 'ja, geprüft',
      UNKNOWN_KEY: 'ja, nicht geprüft: der Schlüssel ist nicht hinterlegt',
      INCOMPLETE: 'teilweise',
      UNSIGNED: 'nein',
      FAILED: 'die Signaturen stimmen nicht',
    },
  },
};

export function sheetLocale(text: string | null | undefined): SheetLocale {
  const language = (text ?? '').slice(0, 2).toLowerCase();
  return SHEET_LOCALES.find((locale) => locale === language) ?? 'en';
}
