import { describe, expect, it } from 'vitest';
import { ALERT_KINDS, type AlertFacts } from './alert.js';
import { alertText, LOCALES, mailText } from './alert-text.js';
import { LANGUAGES } from './wording.js';

const facts: AlertFacts = {
  stationIdentity: 'CP-1',
  locationName: 'Garage West',
  timeZone: 'Europe/Amsterdam',
  at: '2026-07-01T12:30:00.000Z',
  cause: 'GroundFailure',
  connectorNumber: 2,
  invoiceNumber: 'KW-2026-000007',
  amount: '12.30',
  currency: 'EUR',
};
const plain = (text: string) => text.replace(/\u00a0|\u202f/g, ' ');

describe('texts', () => {
  it('tell the time on the clock of the location', () => {
    // The comma after the weekday comes and goes with the version of Unicode's tables.
    expect(alertText('CHARGING_STARTED', facts, 'en').body).toMatch(
      /^Your charging session at Garage West \(CP-1\) started on Wed,? 1 Jul,? 14:30\.$/,
    );
    expect(alertText('CHARGING_STARTED', facts, 'nl-BE').body).toContain('14:30');
    expect(alertText('CHARGING_STARTED', facts, 'de_AT').body).toMatch(
      /^Ihr Ladevorgang bei Garage West \(CP-1\) hat am Mi\.?,? 1\. Juli?\.?,? .*14:30 begonnen\.$/,
    );
  });

  it('name UTC when the zone is not known', () => {
    for (const timeZone of ['', 'Mars/Olympus']) {
      expect(alertText('CHARGING_STARTED', { ...facts, timeZone }, 'en').body).toContain('12:30 UTC');
    }
  });

  it('write money as the reader does, without a float', () => {
    expect(plain(alertText('INVOICE_READY', facts, 'en').title)).toBe('Your invoice: €12.30');
    expect(plain(alertText('INVOICE_READY', facts, 'nl').title)).toBe('Uw factuur: € 12,30');
    expect(plain(alertText('INVOICE_READY', facts, 'de').title)).toBe('Ihre Rechnung: 12,30 €');
    const month = { ...facts, month: '2026-03' };
    expect(alertText('INVOICE_READY', month, 'en').body).toContain(
      'for your charging sessions in March 2026 is ready',
    );
    expect(alertText('INVOICE_READY', month, 'nl').body).toContain(
      'voor uw laadsessies in maart 2026 staat klaar',
    );
    expect(alertText('INVOICE_READY', month, 'de').body).toContain(
      'für Ihre Ladevorgänge im März 2026 ist da',
    );
    const large = { ...facts, amount: '90071992547409931.07' };
    expect(alertText('INVOICE_READY', large, 'en').title).toContain('90,071,992,547,409,931.07');
  });

  it('say in whose favour a bill is that came to less than nothing, and where the money is', () => {
    const favour = { ...facts, cause: 'IN_FAVOUR' };
    const [en, nl, de] = LANGUAGES.map((language) => alertText('INVOICE_READY', favour, language));
    expect(plain(en!.title)).toBe('In your favour: €12.30');
    expect(plain(en!.body)).toContain('€12.30 was paid into your wallet; there is nothing to pay.');
    expect(plain(nl!.title)).toBe('In uw voordeel: € 12,30');
    expect(plain(nl!.body)).toContain('is in uw wallet gestort; u hoeft niets te betalen.');
    expect(plain(de!.title)).toBe('Zu Ihren Gunsten: 12,30 €');
    expect(plain(de!.body)).toContain('wurde Ihrem Guthaben gutgeschrieben; es ist nichts zu zahlen.');
  });

  it('fall back to English', () => {
    expect(alertText('FULLY_CHARGED', facts, 'fr').title).toBe(alertText('FULLY_CHARGED', facts, 'en').title);
    expect(alertText('FULLY_CHARGED', facts, '').title).toBe('Your car seems to be full');
    expect(alertText('FULLY_CHARGED', facts, 'constructor').title).toBe('Your car seems to be full');
  });

  it.each(ALERT_KINDS.flatMap((kind) => LANGUAGES.map((locale) => ({ kind, locale }))))(
    'of $kind in $locale are whole sentences, with and without facts',
    ({ kind, locale }) => {
      for (const known of [facts, {}]) {
        const { title, body } = alertText(kind, known, locale);
        expect(title.length).toBeGreaterThan(5);
        expect(body).toMatch(/[.]$/);
        expect(`${title} ${body}`).not.toMatch(/undefined|null|\(\)|NaN/);
      }
    },
  );

  it.each(LANGUAGES)('in %s have words for the same causes as in English, all of them', (language) => {
    const keys = (tables: (typeof LOCALES)['en']['causes']) =>
      Object.entries(tables).map(([table, words]) => [table, Object.keys(words).sort()]);
    expect(keys(LOCALES[language].causes)).toEqual(keys(LOCALES.en.causes));
  });

  it.each(LANGUAGES.filter((language) => language !== 'en'))('in %s are no English', (language) => {
    for (const kind of ALERT_KINDS)
      for (const known of [facts, {}])
        expect(alertText(kind, known, language).body).not.toBe(alertText(kind, known, 'en').body);
    for (const [table, words] of Object.entries(LOCALES[language].causes))
      for (const [cause, text] of Object.entries(words))
        expect(text).not.toBe(LOCALES.en.causes[table as 'STUCK'][cause]);
  });

  it('hide the word NoError of a fault that has no code', () => {
    expect(alertText('STATION_FAULT', { ...facts, cause: 'NoError' }, 'en').body).not.toContain('NoError');
  });

  it('become a mail with greeting and link', () => {
    const mail = mailText(
      'INVOICE_READY',
      facts,
      { locale: 'nl', name: 'Dora' },
      'https://kw.example/alerts/1',
    );
    expect(plain(mail.subject)).toBe('Uw factuur: € 12,30');
    expect(mail.text).toMatch(/^Hallo Dora,\n\n/);
    expect(mail.text).toContain('Bekijk het hier: https://kw.example/alerts/1');
    const german = mailText('INVOICE_READY', facts, { locale: 'de', name: 'Dora' }, 'https://kw.example/x', {
      attached: [{ name: 'a.pdf', mediaType: 'application/pdf', content: Buffer.from('') }],
      tooLarge: ['b.xml'],
      missing: true,
    });
    expect(german.text).toMatch(/^Guten Tag Dora,\n\n/);
    expect(german.text).toContain('Im Anhang: a.pdf.');
    expect(german.text).toMatch(/Zu groß für den Anhang: b\.xml\..*\n\nDas Dokument konnte .* nicht/);
    expect(german.text).toContain('Hier ansehen: https://kw.example/x');
  });
});
