import { Inject, Injectable } from '@nestjs/common';
import {
  assertCurrency,
  conflict,
  invalid,
  isUuid,
  notFound,
  precondition,
  storableText,
  type Clock,
  type Decimal,
  type IdSource,
} from '@kilowatch/kernel';
import {
  argsHash,
  CLOCK,
  Database,
  IDS,
  idempotent,
  tenantScope,
  type Principal,
  type Tx,
} from '@kilowatch/platform';
import { addToMonth, monthOf } from '../../domain/calendar-month.js';
import { checkTerm, postStatementPaid, type PayeeTermKind } from '../../domain/payee-statement.js';
import { checkReference } from '../../domain/top-up.js';
import { insertPosting } from '../../persistence/ledger.repository.js';
import { findStatement, markStatementPaid } from '../../persistence/payee-statement.repository.js';
import {
  endTerm,
  findPayee,
  findTerm,
  insertTerm,
  savePayee,
  termsOfPayees,
  type Payee,
} from '../../persistence/payee.repository.js';
import { SELLER, type Seller } from '../seller.js';
import { statementDueAt } from './state-month.js';

export interface PayeeInput {
  /** Absent: a new one. */
  readonly id?: string | null;
  readonly name: string;
  readonly address: string;
  readonly vatId?: string | null;
  readonly currency: string;
  readonly idempotencyKey: string;
}

export interface TermInput {
  readonly payeeId: string;
  readonly locationId: string;
  readonly kind: PayeeTermKind;
  readonly value: Decimal;
  readonly firstMonth: string;
  readonly lastMonth?: string | null;
  readonly reason: string;
  readonly idempotencyKey: string;
}

export interface TermEnd {
  readonly termId: string;
  readonly lastMonth: string;
  readonly reason: string;
}

export interface StatementPayment {
  readonly statementId: string;
  readonly reference: string;
  readonly idempotencyKey: string;
}

/** Who gets a part of what is earned where, and what was agreed; who agreed it, and why, stays with it. */
@Injectable()
export class ManagePayees {
  constructor(
    private readonly database: Database,
    @Inject(SELLER) private readonly seller: Seller,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  /** Answers with its id. The currency of one that is there stays: INVALID for another. */
  set(principal: Principal, input: PayeeInput): Promise<string> {
    const { tenant, accountId } = principal;
    const { id = null, currency } = input;
    assertCurrency(currency);
    const told = {
      name: text(input.name, 'name', 1, 100),
      address: text(input.address, 'address', 1, 300),
      vatId: text(input.vatId ?? '', 'VAT id', 0, 30),
      currency,
    };
    return this.once(principal, 'setPayee', input.idempotencyKey, { id, ...told }, async (tx) => {
      const held = id === null ? undefined : await this.known(tx, tenant, id);
      if (held && held.currency !== currency) {
        throw invalid(
          'BILLING_PAYEE_CURRENCY',
          `This payee is paid in ${held.currency}. Add another for ${currency}.`,
        );
      }
      const updated = { updatedBy: accountId, updatedAt: this.clock.now() };
      const month = held?.month ?? monthOf(updated.updatedAt, this.seller.timeZone);
      const dueAt = held?.dueAt ?? statementDueAt(month, this.seller.timeZone);
      const payee: Payee = { tenant, id: held?.id ?? this.ids.newId(), ...told, month, dueAt, ...updated };
      await savePayee(tx, payee);
      return payee.id;
    });
  }

  /** Answers with the payee's id. CONFLICT when it overlaps, PRECONDITION for a month that was stated. */
  agree(principal: Principal, input: TermInput): Promise<string> {
    const { tenant, accountId: agreedBy } = principal;
    const { payeeId, locationId, kind, value, firstMonth } = input;
    const lastMonth = input.lastMonth ?? undefined;
    const reason = text(input.reason, 'reason', 1, 500);
    for (const month of [firstMonth, lastMonth]) if (month !== undefined) addToMonth(month, 0);
    if (!isUuid(locationId)) throw invalid('BILLING_LOCATION', 'This is not the id of a location.');
    const args = {
      payeeId,
      locationId,
      kind,
      value: value.toFixed(),
      firstMonth,
      lastMonth: lastMonth ?? '',
      reason,
    };
    return this.once(principal, 'agreePayeeTerm', input.idempotencyKey, args, async (tx) => {
      const payee = await this.known(tx, tenant, payeeId);
      assertOpen(payee, firstMonth);
      const term = { locationId, kind, value, firstMonth, lastMonth };
      checkTerm(term, await termsOfPayees(tx, tenant, [payeeId]));
      const agreed = { reason, agreedBy, agreedAt: this.clock.now(), endReason: undefined };
      await insertTerm(tx, tenant, { ...term, ...agreed, id: this.ids.newId(), payeeId });
      return payeeId;
    });
  }

  /** Answers with the payee's id. Months that were stated stay as they were agreed. */
  end({ tenant, accountId: by }: Principal, { termId, lastMonth, reason: why }: TermEnd): Promise<string> {
    const reason = text(why, 'reason', 1, 500);
    const next = addToMonth(lastMonth, 1);
    return this.database.transaction(tenantScope(tenant), async (tx) => {
      const found = isUuid(termId) ? await findTerm(tx, tenant, termId) : undefined;
      if (!found) throw notFound('BILLING_PAYEE_TERM', 'There is no such agreement.');
      const payee = await this.known(tx, tenant, found.payeeId);
      const term = (await findTerm(tx, tenant, termId))!;
      if (term.lastMonth === lastMonth) return payee.id;
      assertOpen(payee, next);
      if (lastMonth < addToMonth(term.firstMonth, -1)) {
        throw invalid(
          'BILLING_PAYEE_MONTHS',
          'It ends the month before it begins at the earliest, and then never counts.',
        );
      }
      if (term.lastMonth !== undefined && term.lastMonth < lastMonth) {
        throw conflict(
          'BILLING_PAYEE_TERM',
          'It ends earlier already: agree another for the months after it.',
        );
      }
      await endTerm(tx, tenant, termId, { lastMonth, reason, by, at: this.clock.now() });
      return payee.id;
    });
  }

  /** The transfer to the payee was made. Answers with the statement's id; PRECONDITION when it is paid, or there is nothing to pay. */
  pay(
    principal: Principal,
    { statementId, reference: told, idempotencyKey }: StatementPayment,
  ): Promise<string> {
    const { tenant, accountId: by } = principal;
    checkReference(told);
    const reference = told.trim();
    return this.once(
      principal,
      'payPayeeStatement',
      idempotencyKey,
      { statementId, reference },
      async (tx) => {
        const statement = isUuid(statementId)
          ? await findStatement(tx, tenant, statementId, 'for update')
          : undefined;
        if (!statement) throw unknownStatement();
        const { number, payeeId, currency, due, state } = statement;
        if (state === 'PAID') throw precondition('BILLING_STATEMENT_PAID', 'This statement is paid.');
        if (due.eq('0')) {
          throw precondition(
            'BILLING_STATEMENT_NOTHING',
            'Nothing is to be paid: the rest goes into the next statement.',
          );
        }
        const at = this.clock.now();
        await markStatementPaid(tx, statement, { reference, by, at });
        const money = { payeeId, currency, reference: number };
        await insertPosting(
          tx,
          tenant,
          postStatementPaid(money, due, { id: this.ids.newId(), postedAt: at }),
        );
        return statementId;
      },
    );
  }

  private async once(
    { tenant, accountId }: Principal,
    operation: string,
    key: string,
    args: Readonly<Record<string, string | null>>,
    work: (tx: Tx) => Promise<string>,
  ): Promise<string> {
    const request = { operation, subject: accountId, key, argsHash: argsHash(args) };
    const { id } = await this.database.transaction(tenantScope(tenant), (tx) =>
      idempotent(tx, request, async () => ({ id: await work(tx) })),
    );
    return id;
  }

  /** Locked: what is agreed and what is stated follow each other. */
  private async known(tx: Tx, tenant: string, id: string): Promise<Payee> {
    const payee = isUuid(id) ? await findPayee(tx, tenant, id) : undefined;
    if (!payee) throw unknownPayee();
    return payee;
  }
}

function assertOpen({ month: next }: Payee, month: string): void {
  if (month >= next) return;
  throw precondition(
    'BILLING_PAYEE_STATED',
    `The months before ${next} are stated, or were before this payee: they stay.`,
  );
}

function text(given: string, what: string, least: number, most: number): string {
  const kept = storableText(given).trim();
  if (kept.length >= least && kept.length <= most) return kept;
  throw invalid('BILLING_PAYEE_TEXT', `The ${what} has ${least} to ${most} characters.`);
}

export const unknownPayee = () => notFound('BILLING_PAYEE', 'There is no such payee.');
export const unknownStatement = () => notFound('BILLING_STATEMENT', 'There is no such statement.');
