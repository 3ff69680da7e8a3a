import type { Decimal } from '@kilowatch/kernel';
import { shownMoney } from '../../domain/cost-lines.js';
import { chargesOpen, isBlocking, letterOf } from '../../domain/dunning.js';
import type { ShownDunning } from '../../usecases/dunning/agree-dunning.js';
import type {
  AccountDebt,
  CaseEntry,
  CaseRecord,
  InvoicePayment,
} from '../../usecases/dunning/view-dunning.js';

export interface CaseNode extends ReturnType<typeof caseFields> {
  readonly record: CaseRecord;
}

export function toCaseNode(record: CaseRecord): CaseNode {
  return { ...caseFields(record), record };
}

function caseFields(record: CaseRecord) {
  const { id, state, level, number, openedAt, updatedAt, currency, accountId } = record;
  const shown = (amount: Decimal) => shownMoney(amount.toFixed(), currency);
  return {
    ...{ id, state, level, openedAt, updatedAt },
    letter: letterOf(level) ?? null,
    account: { id: accountId },
    invoiceNumber: number,
    fees: shown(record.fees),
    interest: shown(record.interest),
    chargesOpen: shown(chargesOpen(record)),
    blocks: isBlocking(record),
    pausedUntil: record.pausedUntil ?? null,
  };
}

export function toEntryNode({ at, change, level, by, reason, ...amounts }: CaseEntry, currency: string) {
  const shown = (amount: Decimal) => shownMoney(amount.toFixed(), currency);
  return {
    ...{ at, change, level, reason },
    owed: shown(amounts.owed),
    fee: shown(amounts.fee),
    interest: shown(amounts.interest),
    amount: shown(amounts.amount),
    by: by === undefined ? null : { id: by },
  };
}

export function toTransferNode({ id, amount, split, currency, ...payment }: InvoicePayment) {
  const shown = (sum: Decimal) => shownMoney(sum.toFixed(), currency);
  return {
    id,
    amount: shown(amount),
    toInvoice: shown(split.invoice),
    recovered: shown(split.recovered),
    toCharges: shown(split.charges),
    toWallet: shown(split.wallet),
    reference: payment.reference,
    receivedOn: payment.receivedOn,
    recordedAt: payment.recordedAt,
  };
}

export function toDebtNode({ accountId, currency, blocked, instructions, ...debt }: AccountDebt) {
  const shown = (sum: Decimal) => shownMoney(sum.toFixed(), currency);
  return {
    ...{ accountId, blocked, instructions },
    open: shown(debt.open),
    overdue: shown(debt.overdue),
    charges: shown(debt.charges),
    total: shown(debt.total),
  };
}

export function toSettingsNode({ said, currency, levels, smallest, ...settings }: ShownDunning) {
  const { enabled, end, endDays, interestPercent, timeZone, instructions } = settings;
  return {
    ...{ enabled, currency, end, endDays, timeZone, instructions },
    interestPercent: interestPercent.toFixed(),
    smallest: shownMoney(smallest.toFixed(), currency),
    levels: levels.map(({ days, fee, blocks }, index) => ({
      letter: letterOf(index + 1)!,
      ...{ days, blocks },
      fee: shownMoney(fee.toFixed(), currency),
    })),
    updatedAt: said?.changedAt ?? null,
  };
}
