/** Mails about the account in words, per locale; English for a language we do not write. */
import type { AccountMail, AccountMailKind } from './account-mail.js';
import { formatLocale, languageOf, type Language } from './wording.js';

interface Words {
  readonly subject: string;
  readonly body: string;
}

interface Wording {
  readonly mails: Readonly<Record<AccountMailKind, Words>>;
  readonly greeting: (name: string) => string;
  readonly where: (at: string, device: string, address: string) => string;
  readonly notYou: string;
  readonly footer: string;
}

const en: Wording = {
  mails: {
    CONFIRM_EMAIL: {
      subject: 'Confirm your e-mail address',
      body: 'Somebody, we hope you, registered with this e-mail address. Open this link within two days and enter the password that you chose. If it was not you, do nothing.',
    },
    ALREADY_REGISTERED: {
      subject: 'You have an account already',
      body: 'Somebody, perhaps you, tried to register with this e-mail address, which has an account. If you forgot the password, choose a new one with this link within an hour. If it was not you, do nothing: nothing was changed.',
    },
    RESET_PASSWORD: {
      subject: 'Choose a new password',
      body: 'Open this link within an hour to choose a new password. If you did not ask for it, do nothing: your password stays as it is.',
    },
    INVITED: {
      subject: 'You have an account',
      body: 'An account was made for you. Open this link within a week and choose a password; later, ask for a new link on the sign-in page.',
    },
    PASSWORD_CHANGED: {
      subject: 'Your password was changed',
      body: 'Your password was changed, and you were signed out everywhere else.',
    },
    SECOND_FACTOR_ON: {
      subject: 'Codes are asked for when you sign in',
      body: 'Codes of an authenticator app were set up for your account.',
    },
    SECOND_FACTOR_OFF: {
      subject: 'Codes are no longer asked for when you sign in',
      body: 'The codes of your authenticator app were taken off your account: the password alone opens it.',
    },
    RECOVERY_CODES_NEW: {
      subject: 'New recovery codes',
      body: 'New recovery codes were made for your account. The old ones work no more.',
    },
    RECOVERY_CODE_USED: {
      subject: 'A recovery code was used',
      body: 'Somebody signed in to your account with one of your recovery codes. It works no more.',
    },
    PASSKEY_ADDED: { subject: 'A passkey was added', body: 'A passkey that opens your account was added.' },
    PASSKEY_REMOVED: { subject: 'A passkey was removed', body: 'A passkey was removed from your account.' },
    SESSION_ENDED: {
      subject: 'A sign-in was ended',
      body: 'A sign-in of yours was used from two places at once, as happens when somebody copied it. It was ended; sign in again where you need to.',
    },
  },
  greeting: (name) => `Hello ${name},`,
  where: (at, device, address) =>
    `When: ${at}.${device ? ` Device: ${device}.` : ''}${address ? ` From: ${address}.` : ''}`,
  notYou: 'If this was not you, change your password now and end the sign-ins that you do not know.',
  footer: 'This is about the security of your account; such mails cannot be switched off.',
};

const nl: Wording = {
  mails: {
    CONFIRM_EMAIL: {
      subject: 'Bevestig uw e-mailadres',
      body: 'Iemand, hopelijk u, heeft zich met dit e-mailadres aangemeld. Open deze link binnen twee dagen en vul het wachtwoord in dat u hebt gekozen. Was u het niet, doe dan niets.',
    },
    ALREADY_REGISTERED: {
      subject: 'U hebt al een account',
      body: 'Iemand, misschien u, wilde zich met dit e-mailadres aanmelden, maar er is al een account. Bent u het wachtwoord vergeten, kies dan binnen een uur een nieuw met deze link. Was u het niet, doe dan niets: er is niets veranderd.',
    },
    RESET_PASSWORD: {
      subject: 'Kies een nieuw wachtwoord',
      body: 'Open deze link binnen een uur om een nieuw wachtwoord te kiezen. Hebt u er niet om gevraagd, doe dan niets: uw wachtwoord blijft zoals het is.',
    },
    INVITED: {
      subject: 'U hebt een account',
      body: 'Er is een account voor u gemaakt. Open deze link binnen een week en kies een wachtwoord; vraag daarna een nieuwe link op de inlogpagina.',
    },
    PASSWORD_CHANGED: {
      subject: 'Uw wachtwoord is gewijzigd',
      body: 'Uw wachtwoord is gewijzigd en u bent overal elders afgemeld.',
    },
    SECOND_FACTOR_ON: {
      subject: 'Bij het inloggen wordt om codes gevraagd',
      body: 'Codes van een authenticator-app zijn voor uw account ingesteld.',
    },
    SECOND_FACTOR_OFF: {
      subject: 'Bij het inloggen wordt niet meer om codes gevraagd',
      body: 'De codes van uw authenticator-app zijn van uw account verwijderd: alleen het wachtwoord opent het.',
    },
    RECOVERY_CODES_NEW: {
      subject: 'Nieuwe herstelcodes',
      body: 'Voor uw account zijn nieuwe herstelcodes gemaakt. De oude werken niet meer.',
    },
    RECOVERY_CODE_USED: {
      subject: 'Een herstelcode is gebruikt',
      body: 'Iemand heeft zich met een van uw herstelcodes bij uw account aangemeld. De code werkt niet meer.',
    },
    PASSKEY_ADDED: {
      subject: 'Een passkey is toegevoegd',
      body: 'Een passkey die uw account opent is toegevoegd.',
    },
    PASSKEY_REMOVED: {
      subject: 'Een passkey is verwijderd',
      body: 'Een passkey is van uw account verwijderd.',
    },
    SESSION_ENDED: {
      subject: 'Een aanmelding is beëindigd',
      body: 'Een aanmelding van u is op twee plaatsen tegelijk gebruikt, zoals wanneer iemand haar heeft gekopieerd. Zij is beëindigd; meld u opnieuw aan waar dat nodig is.',
    },
  },
  greeting: (name) => `Hallo ${name},`,
  where: (at, device, address) =>
    `Wanneer: ${at}.${device ? ` Apparaat: ${device}.` : ''}${address ? ` Vanaf: ${address}.` : ''}`,
  notYou: 'Was u het niet, wijzig dan nu uw wachtwoord en beëindig de aanmeldingen die u niet kent.',
  footer: 'Dit gaat over de veiligheid van uw account; zulke mails kunnen niet worden uitgezet.',
};

const de: Wording = {
  mails: {
    CONFIRM_EMAIL: {
      subject: 'Bestätigen Sie Ihre E-Mail-Adresse',
      body: 'Jemand, hoffentlich Sie, hat sich mit dieser E-Mail-Adresse registriert. Öffnen Sie diesen Link innerhalb von zwei Tagen und geben Sie das Passwort ein, das Sie gewählt haben. Waren Sie es nicht, tun Sie nichts.',
    },
    ALREADY_REGISTERED: {
      subject: 'Sie haben schon ein Konto',
      body: 'Jemand, vielleicht Sie, wollte sich mit dieser E-Mail-Adresse registrieren, zu der es schon ein Konto gibt. Haben Sie das Passwort vergessen, wählen Sie mit diesem Link innerhalb einer Stunde ein neues. Waren Sie es nicht, tun Sie nichts: Es wurde nichts geändert.',
    },
    RESET_PASSWORD: {
      subject: 'Wählen Sie ein neues Passwort',
      body: 'Öffnen Sie diesen Link innerhalb einer Stunde, um ein neues Passwort zu wählen. Haben Sie nicht darum gebeten, tun Sie nichts: Ihr Passwort bleibt, wie es ist.',
    },
    INVITED: {
      subject: 'Sie haben ein Konto',
      body: 'Für Sie wurde ein Konto angelegt. Öffnen Sie diesen Link innerhalb einer Woche und wählen Sie ein Passwort; danach verlangen Sie auf der Anmeldeseite einen neuen Link.',
    },
    PASSWORD_CHANGED: {
      subject: 'Ihr Passwort wurde geändert',
      body: 'Ihr Passwort wurde geändert, und Sie wurden überall sonst abgemeldet.',
    },
    SECOND_FACTOR_ON: {
      subject: 'Bei der Anmeldung wird nach Codes gefragt',
      body: 'Codes einer Authenticator-App wurden für Ihr Konto eingerichtet.',
    },
    SECOND_FACTOR_OFF: {
      subject: 'Bei der Anmeldung wird nicht mehr nach Codes gefragt',
      body: 'Die Codes Ihrer Authenticator-App wurden von Ihrem Konto entfernt: Das Passwort allein öffnet es.',
    },
    RECOVERY_CODES_NEW: {
      subject: 'Neue Wiederherstellungscodes',
      body: 'Für Ihr Konto wurden neue Wiederherstellungscodes erstellt. Die alten gelten nicht mehr.',
    },
    RECOVERY_CODE_USED: {
      subject: 'Ein Wiederherstellungscode wurde benutzt',
      body: 'Jemand hat sich mit einem Ihrer Wiederherstellungscodes bei Ihrem Konto angemeldet. Der Code gilt nicht mehr.',
    },
    PASSKEY_ADDED: {
      subject: 'Ein Passkey wurde hinzugefügt',
      body: 'Ein Passkey, der Ihr Konto öffnet, wurde hinzugefügt.',
    },
    PASSKEY_REMOVED: {
      subject: 'Ein Passkey wurde entfernt',
      body: 'Ein Passkey wurde von Ihrem Konto entfernt.',
    },
    SESSION_ENDED: {
      subject: 'Eine Anmeldung wurde beendet',
      body: 'Eine Ihrer Anmeldungen wurde an zwei Orten zugleich benutzt, wie es geschieht, wenn jemand sie kopiert hat. Sie wurde beendet; melden Sie sich dort neu an, wo Sie es brauchen.',
    },
  },
  greeting: (name) => `Guten Tag ${name},`,
  where: (at, device, address) =>
    `Wann: ${at}.${device ? ` Gerät: ${device}.` : ''}${address ? ` Von: ${address}.` : ''}`,
  notYou:
    'Waren Sie es nicht, ändern Sie jetzt Ihr Passwort und beenden Sie die Anmeldungen, die Sie nicht kennen.',
  footer: 'Es geht um die Sicherheit Ihres Kontos; solche Mails lassen sich nicht abschalten.',
};

const WORDINGS: Readonly<Record<Language, Wording>> = { en, nl, de };

/** `link`: undefined for a mail that has none. */
export function accountMailText(
  mail: AccountMail,
  reader: { readonly locale: string; readonly name: string },
  link: string | undefined,
): { subject: string; text: string } {
  const language = languageOf(reader.locale);
  const { mails, ...words } = WORDINGS[language];
  const { subject, body } = mails[mail.kind];
  const at = new Intl.DateTimeFormat(formatLocale(language), {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: 'UTC',
  }).format(new Date(mail.at));
  const where = words.where(`${at} UTC`, mail.device, mail.address);
  const more = link === undefined ? [where, words.notYou] : [link, where];
  const text = [words.greeting(reader.name), body, ...more, words.footer].join('\n\n');
  return { subject, text: `${text}\n` };
}
