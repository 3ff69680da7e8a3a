import { describe, expect, it } from 'vitest';
import { ACCOUNT_MAIL_KINDS, linkAddress, type AccountMail } from './account-mail.js';
import { accountMailText } from './account-mail-text.js';
import { LANGUAGES } from './wording.js';

const mail: AccountMail = {
  kind: 'RESET_PASSWORD',
  linkId: 'l',
  device: 'Firefox on Linux',
  address: '192.0.2.1',
  at: '2026-11-29T12:00:00.000Z',
};
const dora = { locale: 'en', name: 'Dora' };
const PORTAL = 'https://kw.example';

describe('mails about the account', () => {
  it.each(ACCOUNT_MAIL_KINDS.flatMap((kind) => [...LANGUAGES, 'fr'].map((locale) => ({ kind, locale }))))(
    'of $kind in $locale say what to do, once each',
    ({ kind, locale }) => {
      const link = linkAddress(PORTAL, kind, 'secret');
      const { subject, text } = accountMailText({ ...mail, kind }, { locale, name: 'Dora' }, link);
      expect(subject.length).toBeGreaterThan(10);
      expect(text).toContain('Dora');
      expect(text).not.toMatch(/undefined|null|\[object/);
      expect(text.includes('#secret')).toBe(link !== undefined);
    },
  );

  it('have their secret in the fragment, on the page that it opens', () => {
    expect(linkAddress(PORTAL, 'RESET_PASSWORD', 't')).toBe('https://kw.example/reset-password#t');
    expect(linkAddress(PORTAL, 'ALREADY_REGISTERED', 't')).toBe('https://kw.example/reset-password#t');
    expect(linkAddress(PORTAL, 'CONFIRM_EMAIL', 't')).toBe('https://kw.example/confirm-email#t');
    expect(linkAddress(PORTAL, 'PASSWORD_CHANGED', 't')).toBeUndefined();
  });

  it('say when, on what and from where, as far as it is known', () => {
    const { text } = accountMailText({ ...mail, kind: 'PASSKEY_ADDED' }, dora, undefined);
    expect(text).toContain('When: 29 Nov 2026, 12:00 UTC. Device: Firefox on Linux. From: 192.0.2.1.');
    const bare = accountMailText(
      { ...mail, kind: 'PASSKEY_ADDED', device: '', address: '' },
      dora,
      undefined,
    );
    expect(bare.text).toContain('12:00 UTC.\n');
  });

  it('are written in the language of their reader, English in one that we do not write', () => {
    const subjects = ['nl-BE', 'de-AT', 'DE', 'fr', 'nld'].map(
      (locale) => accountMailText(mail, { locale, name: 'Dora' }, 'x').subject,
    );
    expect(subjects).toEqual([
      ...['Kies een nieuw wachtwoord', 'Wählen Sie ein neues Passwort', 'Wählen Sie ein neues Passwort'],
      ...['Choose a new password', 'Choose a new password'],
    ]);
  });

  it('are in each language another text', () => {
    for (const kind of ACCOUNT_MAIL_KINDS) {
      const texts = LANGUAGES.map((locale) =>
        accountMailText({ ...mail, kind }, { locale, name: 'Dora' }, undefined).text.split('\n\n'),
      );
      const paragraphs = texts[0]!.map((_, at) => new Set(texts.map((text) => text[at])).size);
      expect(paragraphs).toEqual(paragraphs.map(() => LANGUAGES.length));
    }
  });
});
