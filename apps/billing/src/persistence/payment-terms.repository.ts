import { gatheredRead, type Tx } from '@kilowatch/platform';
import {
  fromMinor,
  toMinor,
  type Invoicing,
  type PaymentKind,
  type PaymentTerms,
} from '../domain/payment-terms.js';

export interface AgreedTerms extends PaymentTerms {
  /** Empty: the tenant's default. */
  readonly accountId: string;
  /** Counted from 1 by each account. */
  readonly version: number;
  readonly updatedBy: string;
  readonly updatedAt: Date;
}

export interface TermsChange extends AgreedTerms {
  readonly reason: string;
}

interface Row {
  account_id: string;
  version: number;
  kind: PaymentKind;
  currency: string;
  floor: string;
  minimum_to_start: string;
  credit_limit: string | null;
  days_to_pay: number;
  blocked: boolean;
  invoicing: Invoicing;
  updated_by: string;
  updated_at: Date;
}

/** The account id of the tenant's default. */
export const DEFAULT_TERMS = '';

/** Agreed with the account itself, else the tenant's default; undefined: neither. */
export const agreedTerms = gatheredRead<string, AgreedTerms>(
  (accountId) => accountId,
  async (tx, tenant, accountIds) => {
    const rows = await tx.query<Row>(
      `select * from payment_terms where tenant = $1 and account_id = any($2::text[] || '{""}')`,
      [tenant, accountIds],
    );
    const agreed = new Map(rows.map((row) => [row.account_id, toTerms(row)]));
    return new Map(
      accountIds.flatMap((accountId) => {
        const terms = agreed.get(accountId) ?? agreed.get(DEFAULT_TERMS);
        return terms ? [[accountId, terms] as const] : [];
      }),
    );
  },
);

/** One change of an account's terms at a time; the caller sees the ones before it. */
export function lockTerms(tx: Tx, tenant: string, accountId: string): void {
  tx.lock(`terms|${tenant}|${accountId}`);
}

export async function saveTerms(tx: Tx, tenant: string, terms: AgreedTerms, reason: string): Promise<void> {
  const { currency, creditLimit } = terms;
  const values = [
    tenant,
    terms.accountId,
    terms.version,
    terms.kind,
    currency,
    toMinor(terms.floor, currency),
    toMinor(terms.minimumToStart, currency),
    creditLimit ? toMinor(creditLimit, currency) : null,
    terms.daysToPay,
    terms.blocked,
    terms.updatedBy,
    terms.updatedAt,
    terms.invoicing,
  ];
  await tx.query(
    `insert into payment_terms (${COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
      on conflict on constraint payment_terms_pk do update set version = excluded.version, kind = excluded.kind,
        currency = excluded.currency, floor = excluded.floor, minimum_to_start = excluded.minimum_to_start,
        credit_limit = excluded.credit_limit, days_to_pay = excluded.days_to_pay, blocked = excluded.blocked,
        updated_by = excluded.updated_by, updated_at = excluded.updated_at, invoicing = excluded.invoicing`,
    values,
  );
  await tx.query(
    `insert into payment_terms_change (${COLUMNS}, reason) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
    [...values, reason],
  );
}

const COLUMNS = `tenant, account_id, version, kind, currency, floor, minimum_to_start, credit_limit, days_to_pay, blocked,
  updated_by, updated_at, invoicing`;

/** Latest first. */
export async function termsChanges(
  tx: Tx,
  tenant: string,
  accountId: string,
  limit: number,
): Promise<TermsChange[]> {
  const rows = await tx.query<Row & { reason: string }>(
    'select * from payment_terms_change where tenant = $1 and account_id = $2 order by version desc limit $3',
    [tenant, accountId, limit],
  );
  return rows.map((row) => ({ ...toTerms(row), reason: row.reason }));
}

function toTerms(row: Row): AgreedTerms {
  const { currency } = row;
  return {
    accountId: row.account_id,
    version: row.version,
    kind: row.kind,
    currency,
    floor: fromMinor(row.floor, currency),
    minimumToStart: fromMinor(row.minimum_to_start, currency),
    creditLimit: row.credit_limit === null ? undefined : fromMinor(row.credit_limit, currency),
    daysToPay: row.days_to_pay,
    blocked: row.blocked,
    invoicing: row.invoicing,
    updatedBy: row.updated_by,
    updatedAt: row.updated_at,
  };
}
