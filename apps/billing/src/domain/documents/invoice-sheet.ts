/**
 * What stands on the paper of an invoice, before anybody draws it: texts in the reader's language, from the stored documents alone, so that
 * the same invoice is the same sheet for ever. Fields: VAT Directive 2006/112 art. 226; beside them what a driver needs to check a session.
 */
import { decimal, groupBy, ZERO } from '@kilowatch/kernel';
import { VAT, type SessionCourse } from '@kilowatch/pricing';
import type { Cdr } from '../cdr.js';
import { lastDayToPay } from '../due-date.js';
import { isCreditNote, type Invoice, type InvoiceLine, type Party } from '../invoice.js';
import type { Stored } from '../stored.js';
import { SHEET_TEXTS, type SheetLocale, type SheetTexts } from './sheet-texts.js';
import { sheetWords, type SheetWords } from './sheet-words.js';

export interface SheetSession {
  readonly cdr: Stored<Cdr>;
  readonly course: Stored<SessionCourse>;
  readonly place: string;
  readonly token: string;
  readonly beginMwh: number | undefined;
  readonly endMwh: number | undefined;
  /** What metering says of the signatures of its meter; empty: nothing. */
  readonly signedVerdict: string;
}

export interface SheetInput {
  readonly invoice: Stored<Invoice>;
  readonly sessions: readonly SheetSession[];
  readonly locale: SheetLocale;
  /** Of the seller: in which the invoice was issued. */
  readonly timeZone: string;
}

export interface SheetRow {
  readonly description: string;
  readonly quantity: string;
  readonly unitPrice: string;
  readonly vat: string;
  readonly amount: string;
}

/** The lines of one session. */
export interface SheetGroup {
  /** Of a collective invoice: which session, and what its lines come to. */
  readonly heading: SheetHeading | undefined;
  readonly rows: readonly SheetRow[];
}

export interface SheetHeading {
  readonly title: string;
  readonly amount: string;
}

export interface CurvePoint {
  /** 0 to 1 of the session's time. */
  readonly from: number;
  readonly to: number;
  /** Mean power of the interval, W. */
  readonly powerW: number;
}

export interface SessionSheet {
  readonly title: string;
  readonly facts: readonly (readonly [string, string])[];
  readonly curve: readonly CurvePoint[];
  readonly highest: string;
  readonly times: readonly [string, string];
}

export interface InvoiceSheet {
  readonly title: string;
  readonly seller: readonly string[];
  readonly buyer: readonly string[];
  readonly buyerLabel: string;
  readonly facts: readonly (readonly [string, string])[];
  readonly heads: SheetRow;
  readonly groups: readonly SheetGroup[];
  readonly totals: readonly (readonly [string, string])[];
  readonly grandTotal: readonly [string, string];
  /** Of a bill that came to less than nothing: whose the amount is and where it went. */
  readonly favour: string | undefined;
  readonly sessions: readonly SessionSheet[];
  readonly footer: string;
}

const MOST_POINTS = 400;

export function invoiceSheet({ invoice, sessions, locale, timeZone }: SheetInput): InvoiceSheet {
  const texts = SHEET_TEXTS[locale];
  const words = sheetWords(texts, invoice.currency);
  const { credits } = invoice;
  return {
    title: `${isCreditNote(invoice) ? texts.creditNote : texts.invoice} ${invoice.number}`,
    seller: partyLines(invoice.seller, texts),
    buyer: partyLines(invoice.buyer, texts),
    buyerLabel: texts.billedTo,
    facts: [
      [texts.number, invoice.number],
      [texts.issued, words.day(invoice.issuedAt, timeZone)],
      ...(invoice.dueAt === undefined
        ? []
        : ([[texts.due, words.day(lastDayToPay(new Date(invoice.dueAt)).toISOString(), timeZone)]] as const)),
      [texts.supplied, period(words, invoice, timeZone)],
      ...(credits === null ? [] : ([[texts.credits, credits]] as const)),
    ],
    heads: {
      description: texts.description,
      quantity: texts.quantity,
      unitPrice: texts.unitPrice,
      vat: texts.vat,
      amount: texts.amountExcl,
    },
    groups: groupsOf(invoice, sessions, texts, words),
    totals: [[texts.totalExcl, words.money(invoice.total.excl)], ...taxTotals(invoice, texts, words)],
    grandTotal: [texts.totalIncl, words.money(invoice.total.incl)],
    favour: favourOf(invoice, texts, words),
    sessions: sessions.map((session) => sessionSheet(session, texts, words)),
    footer: texts.footer,
  };
}

/** A credit note that takes back an invoice says which one; this one took back none. */
function favourOf(invoice: Stored<Invoice>, texts: SheetTexts, words: SheetWords): string | undefined {
  if (!isCreditNote(invoice) || invoice.credits !== null) return undefined;
  return texts.favour.replace('%', words.money(decimal(invoice.total.incl).neg().toFixed()));
}

/** By name where there is another tax than VAT, else by rate. */
function taxTotals(
  { byTax, byVatRate }: Stored<Invoice>,
  texts: SheetTexts,
  words: SheetWords,
): (readonly [string, string])[] {
  const share = (name: string, percent: string, base: string) =>
    `${name} ${words.number(percent)} % ${texts.of} ${words.money(base)}`;
  if (byTax) {
    return byTax.map(({ name, percent, base, amount }) => [
      share(name === VAT ? texts.vat : name, percent, base),
      words.money(amount),
    ]);
  }
  return byVatRate.map(({ vatPercent, excl, vat }) => [
    vatPercent === null ? texts.noVat : share(texts.vat, vatPercent, excl),
    words.money(vat),
  ]);
}

/** One group for an invoice over one session; of a collective one each session has its own, in their order. */
function groupsOf(
  invoice: Stored<Invoice>,
  sessions: readonly SheetSession[],
  texts: SheetTexts,
  words: SheetWords,
): SheetGroup[] {
  const rows = (lines: readonly Stored<InvoiceLine>[]) => lines.map((line) => rowOf(line, texts, words));
  if (invoice.month === undefined) return [{ heading: undefined, rows: rows(invoice.lines) }];
  const known = new Map(sessions.map((session) => [session.cdr.id, session]));
  return [...groupBy(invoice.lines, ({ cdrId }) => cdrId)].map(([cdrId, lines]) => {
    const session = known.get(cdrId);
    const amount = lines.reduce((sum, { excl }) => sum.plus(excl), ZERO);
    const title = session ? headingOf(session, words) : cdrId;
    return { heading: { title, amount: words.money(amount.toFixed()) }, rows: rows(lines) };
  });
}

function headingOf({ cdr, place }: SheetSession, words: SheetWords): string {
  const when = `${words.moment(cdr.start, cdr.timeZone)} – ${words.clock(cdr.end, cdr.timeZone)}`;
  return [when, place, `${words.fixed(decimal(cdr.energyMwh).div('1000000').toFixed(3))} kWh`]
    .filter((part) => part !== '')
    .join(', ');
}

function rowOf(line: Stored<InvoiceLine>, texts: SheetTexts, words: SheetWords): SheetRow {
  const unit = line.unit === null ? '' : (texts.units[line.unit] ?? line.unit);
  return {
    description: `${texts.dimensions[line.dimension] ?? line.dimension}\n${line.description}`,
    quantity: line.quantity === null ? '' : `${words.number(line.quantity)} ${unit}`.trim(),
    unitPrice: line.unitPrice === null ? '' : `${words.price(line.unitPrice)} / ${unit}`,
    vat: line.vatPercent === null ? '' : `${words.number(line.vatPercent)} %`,
    amount: words.money(line.excl),
  };
}

function sessionSheet(session: SheetSession, texts: SheetTexts, words: SheetWords): SessionSheet {
  const { cdr, course, place, token, beginMwh, endMwh, signedVerdict } = session;
  const zone = cdr.timeZone;
  const kwh = (mwh: number) => `${words.fixed(decimal(mwh).div('1000000').toFixed(3))} kWh`;
  const curve = curveOf(course);
  const highest = curve.reduce((most, { powerW }) => Math.max(most, powerW), 0);
  const registers: [string, string][] =
    beginMwh === undefined || endMwh === undefined
      ? []
      : [[texts.registers, `${kwh(beginMwh)} – ${kwh(endMwh)}`]];
  return {
    title: `${texts.session} ${words.moment(cdr.start, zone)} – ${words.moment(cdr.end, zone)}`,
    facts: [
      [texts.place, place],
      [texts.token, token],
      [texts.energy, kwh(cdr.energyMwh)],
      ...registers,
      [texts.charging, duration(cdr.chargingMs)],
      [texts.idle, duration(cdr.idleMs)],
      [texts.tariff, `${cdr.tariffId}, ${texts.version} ${cdr.tariffVersion}`],
      [texts.quote, `${cdr.quoteId}`],
      ...(signedVerdict === ''
        ? []
        : ([[texts.signatures, texts.verdicts[signedVerdict] ?? signedVerdict]] as const)),
    ].filter((fact): fact is [string, string] => fact[1] !== ''),
    curve,
    highest: `${words.fixed(decimal(highest).div('1000').toFixed(1))} kW`,
    times: [words.clock(cdr.start, zone), words.clock(cdr.end, zone)],
  };
}

/** Mean power from the intervals of energy; neighbours are joined when there are more than paper can show. */
export function curveOf({ start, end, intervals }: Stored<SessionCourse>): CurvePoint[] {
  const [from, to] = [Date.parse(start), Date.parse(end)];
  const whole = to - from;
  if (whole <= 0) return [];
  const size = Math.ceil(intervals.length / MOST_POINTS) || 1;
  const points: CurvePoint[] = [];
  for (let i = 0; i < intervals.length; i += size) {
    const part = intervals.slice(i, i + size);
    const [begin, finish] = [Date.parse(part[0]!.from), Date.parse(part.at(-1)!.to)];
    if (finish <= begin) continue;
    const energyMwh = part.reduce((sum, { energyMwh: one }) => sum + one, 0);
    const powerW = Math.round((energyMwh * 3_600) / (finish - begin));
    const at = (time: number) => Math.min(1, Math.max(0, (time - from) / whole));
    points.push({ from: at(begin), to: at(finish), powerW });
  }
  return points;
}

function partyLines(party: Stored<Party>, texts: SheetTexts): string[] {
  return [
    party.name,
    ...party.address.split('\n'),
    party.country,
    ...(party.vatId ? [`${texts.vatId} ${party.vatId}`] : []),
  ]
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function period(words: SheetWords, { suppliedFrom, suppliedTo }: Stored<Invoice>, zone: string): string {
  const [from, to] = [words.day(suppliedFrom, zone), words.day(suppliedTo, zone)];
  return from === to ? from : `${from} – ${to}`;
}

function duration(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes === 0) return '';
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')} h`;
}
