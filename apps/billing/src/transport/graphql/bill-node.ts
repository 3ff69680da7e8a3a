import { metering } from '@kilowatch/contracts';
import { mwh, whNumber } from '@kilowatch/kernel';
import { invoiceLines, percent, priceLines, shownAmount, shownMoney } from '../../domain/cost-lines.js';
import { isCreditNote } from '../../domain/invoice.js';
import type { BilledPrice } from '../../domain/quote.js';
import type { Stored } from '../../domain/stored.js';
import { placeOf } from '../../usecases/place-text.js';
import { chargingSeconds, idleSeconds } from '../../usecases/cdr-message.js';
import type { SessionCost } from '../../usecases/session-cost.js';
import { openOf, type InvoicedPart, type InvoiceRecord } from '../../usecases/view-invoices.js';
import type { CdrRecord, DecisionRecord, StoredEnergy } from '../../usecases/view-session.js';

type Totals = Stored<BilledPrice>['total'];

function totals(total: Totals, currency: string) {
  const { exclVat, vat, inclVat } = shownAmount(total, currency);
  return { totalExclVat: exclVat, totalVat: vat, totalInclVat: inclVat };
}

export function toCostNode({ final, asOf, price }: SessionCost) {
  return { final, asOf, ...totals(price.total, price.currency), lines: priceLines(price) };
}

export function toCdrNode({ document: cdr, revision }: CdrRecord) {
  return {
    id: cdr.id,
    energyWh: whNumber(mwh(cdr.energyMwh)),
    startedAt: new Date(cdr.start),
    endedAt: new Date(cdr.end),
    chargingSeconds: chargingSeconds(cdr),
    idleSeconds: idleSeconds(cdr),
    ...totals(cdr.total, cdr.currency),
    lines: priceLines(cdr.price),
    remark: cdr.remark,
    revision,
  };
}

/** `namesPersons`: whether the reader may know who decided. */
export function toDecisionNode(decision: DecisionRecord, namesPersons: boolean) {
  const { id, kind, energyMwh, inclVat, reason, decidedAt, decidedBy } = decision;
  return {
    id,
    kind,
    energyWh: energyMwh === null ? null : whNumber(energyMwh),
    totalInclVat: inclVat,
    reason,
    decidedAt,
    decidedBy: namesPersons ? { id: decidedBy } : null,
  };
}

export interface InvoiceNode extends ReturnType<typeof invoiceFields> {
  /** Of an invoice over one session. */
  readonly sessionId: string | undefined;
  /** It has or had a case. */
  readonly inDunning: boolean;
  /** For what is made of the whole of it. */
  readonly record: InvoiceRecord;
}

export function toInvoiceNode(invoice: InvoiceRecord): InvoiceNode {
  return {
    ...invoiceFields(invoice),
    sessionId: invoice.sessionId,
    inDunning: invoice.inDunning,
    record: invoice,
  };
}

function invoiceFields(invoice: InvoiceRecord) {
  const { document, currency } = invoice;
  const { name, address, vatId } = document.seller;
  return {
    id: invoice.id,
    number: invoice.number,
    // Which paper it is: a bill in the driver's favour is a credit note that takes nothing back.
    kind: isCreditNote(document) ? 'CREDIT_NOTE' : 'INVOICE',
    credits: document.credits,
    notes: document.notes ?? [],
    status: invoice.status,
    issuedAt: invoice.issuedAt,
    dueAt: invoice.dueAt ?? null,
    paidAt: invoice.paidAt ?? null,
    paymentMethod: invoice.paymentMethod ?? null,
    cardPaid: shownMoney(invoice.cardPaid.toFixed(), currency),
    transferPaid: shownMoney(invoice.transferPaid.toFixed(), currency),
    writtenOff: shownMoney(invoice.writtenOff.toFixed(), currency),
    seller: { name, address, vatId: vatId ?? null },
    ...totals(document.total, currency),
    vat: document.byVatRate.map((row) => ({
      percent: percent(row.vatPercent),
      base: shownMoney(row.excl, currency),
      vat: shownMoney(row.vat, currency),
    })),
    lines: invoiceLines(document),
    account: { id: invoice.accountId },
    month: document.month ?? null,
    creditedInclVat: shownMoney(invoice.creditedIncl.toFixed(), currency),
    owedInclVat: shownMoney(openOf(invoice).toFixed(), currency),
    taxes: (document.byTax ?? []).map((row) => ({
      name: row.name,
      percent: percent(row.percent),
      base: shownMoney(row.base, currency),
      amount: shownMoney(row.amount, currency),
    })),
  };
}

/** What a session has in an invoice. */
export function toInvoicedNode({ sessionId, cdr }: InvoicedPart) {
  const { document, snapshot } = cdr;
  const { exclVat, inclVat } = shownAmount(document.total, document.currency);
  return {
    sessionId,
    startedAt: new Date(document.start),
    endedAt: new Date(document.end),
    energyWh: whNumber(mwh(document.energyMwh)),
    place: placeOf(snapshot),
    totalExclVat: exclVat,
    totalInclVat: inclVat,
  };
}

/** What billing was told of the energy of a session. */
export function toMeterNode(energy: StoredEnergy | undefined) {
  if (!energy) return undefined;
  const register = (value: number | undefined) => (value === undefined ? null : whNumber(mwh(value)));
  return {
    energyWh: whNumber(mwh(energy.energyMwh)),
    beginRegisterWh: register(energy.beginRegisterMwh),
    endRegisterWh: register(energy.endRegisterMwh),
    maxPowerW: energy.maxPowerW,
    doubts: energy.deviations,
    signedVerdict: SIGNED[energy.signedVerdict] ?? null,
    signedReasons: energy.signedReasons ?? [],
  };
}

/** The others: closed before anybody looked. */
const SIGNED: Readonly<Partial<Record<metering.SignedVerdict, string>>> = {
  [metering.SignedVerdict.SIGNED_VERDICT_VERIFIED]: 'VERIFIED',
  [metering.SignedVerdict.SIGNED_VERDICT_FAILED]: 'FAILED',
  [metering.SignedVerdict.SIGNED_VERDICT_UNKNOWN_KEY]: 'UNKNOWN_KEY',
  [metering.SignedVerdict.SIGNED_VERDICT_INCOMPLETE]: 'INCOMPLETE',
  [metering.SignedVerdict.SIGNED_VERDICT_UNSIGNED]: 'UNSIGNED',
};
