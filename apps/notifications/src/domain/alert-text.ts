/** Alerts in words: one title and one or two sentences per kind and locale, times on the location's own clock. */
import { isTimeZone } from '@kilowatch/kernel';
import type { AlertFacts, AlertKind } from './alert.js';
import type { Papers } from './papers.js';
import { de } from './texts-de.js';
import { en } from './texts-en.js';
import { nl } from './texts-nl.js';
import {
  formatLocale,
  languageOf,
  type AlertText,
  type Language,
  type Locale,
  type Words,
} from './wording.js';

export const LOCALES: Readonly<Record<Language, Locale>> = { en, nl, de };

export function alertText(kind: AlertKind, facts: AlertFacts, locale: string): AlertText {
  const language = languageOf(locale);
  return LOCALES[language].texts[kind](wordsOf(facts, language));
}

/** The same as a plain-text mail. `link` leads to the alert in the portal; `papers`: of the invoice it is about. */
export function mailText(
  kind: AlertKind,
  facts: AlertFacts,
  reader: { readonly locale: string; readonly name: string },
  link: string,
  papers?: Papers,
): { subject: string; text: string } {
  const { title, body } = alertText(kind, facts, reader.locale);
  const { mail } = LOCALES[languageOf(reader.locale)];
  const about = papers ? papersText(mail.papers, papers) : [];
  const text = [mail.greeting(reader.name), body, ...about, `${mail.link} ${link}`, mail.footer].join('\n\n');
  return { subject: title, text: `${text}\n` };
}

/** What is attached, and what is not. */
function papersText(words: Locale['mail']['papers'], { attached, tooLarge, missing }: Papers): string[] {
  const names = attached.map(({ name }) => name);
  return [
    ...(names.length > 0 ? [words.attached(names.join(', '))] : []),
    ...(tooLarge.length > 0 ? [words.tooLarge(tooLarge.join(', '))] : []),
    ...(missing ? [words.missing] : []),
  ];
}

function wordsOf(facts: AlertFacts, language: Language): Words {
  const station = facts.stationIdentity || undefined;
  const location = facts.locationName || undefined;
  return {
    station,
    place: location && station ? `${location} (${station})` : (location ?? station),
    evse: facts.evseNumber ? String(facts.evseNumber) : undefined,
    connector: facts.connectorNumber ? String(facts.connectorNumber) : undefined,
    time: facts.at ? timeText(new Date(facts.at), facts.timeZone, language) : undefined,
    cause: facts.cause || undefined,
    suspect: facts.suspect || undefined,
    money: facts.amount && facts.currency ? moneyText(facts.amount, facts.currency, language) : undefined,
    invoice: facts.invoiceNumber || undefined,
    payment: facts.paymentId || undefined,
    month: facts.month ? monthText(facts.month, language) : undefined,
    charges: facts.charges && facts.currency ? moneyText(facts.charges, facts.currency, language) : undefined,
    day: facts.day ? dayText(facts.day, language) : undefined,
    blocked: facts.blocked ?? false,
    purpose: facts.purpose || undefined,
    instructions: facts.instructions || undefined,
    contract: facts.contract || undefined,
    remark: facts.remark || undefined,
  };
}

/** Weekday, day and time; UTC is named when the location's zone is not known. */
function timeText(at: Date, timeZone: string | undefined, language: Language): string {
  const known = timeZone !== undefined && timeZone !== '' && isTimeZone(timeZone);
  return new Intl.DateTimeFormat(formatLocale(language), {
    timeZone: known ? timeZone : 'UTC',
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    ...(known ? {} : { timeZoneName: 'short' }),
  }).format(at);
}

function monthText(month: string, language: Language): string {
  const format = new Intl.DateTimeFormat(formatLocale(language), {
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  });
  return format.format(new Date(`${month}-01T00:00:00Z`));
}

function dayText(day: string, language: Language): string {
  const format = new Intl.DateTimeFormat(formatLocale(language), {
    dateStyle: 'long',
    timeZone: 'UTC',
  });
  return format.format(new Date(`${day}T00:00:00Z`));
}

/** The decimal text is formatted as it is: no float in between. */
function moneyText(amount: string, currency: string, language: Language): string {
  const format = new Intl.NumberFormat(formatLocale(language), {
    style: 'currency',
    currency,
  });
  return format.format(amount as Intl.StringNumericLiteral);
}
