import { gatheredRead, type Tx } from '@kilowatch/platform';

export interface Payer {
  readonly accountId: string;
  /** By card, whatever else is agreed (payment-terms.repository.ts). */
  readonly prefersCard: boolean;
  readonly customerRef: string | undefined;
}

export interface Card {
  readonly id: string;
  readonly accountId: string;
  readonly providerRef: string;
  readonly brand: string;
  readonly last4: string;
  readonly expiresMonth: number;
  readonly expiresYear: number;
  readonly isDefault: boolean;
  readonly addedAt: Date;
}

interface PayerRow {
  account_id: string;
  prefers_card: boolean;
  customer_ref: string | null;
}

interface CardRow {
  id: string;
  account_id: string;
  provider_ref: string;
  brand: string;
  last4: string;
  expires_month: number;
  expires_year: number;
  is_default: boolean;
  added_at: Date;
}

/** Undefined: never had to do with cards. */
export const findPayer = gatheredRead<string, Payer>(
  (accountId) => accountId,
  async (tx, tenant, accountIds) => {
    const rows = await tx.query<PayerRow>(
      'select account_id, prefers_card, customer_ref from payer where tenant = $1 and account_id = any($2)',
      [tenant, accountIds],
    );
    return new Map(
      rows.map((row) => [
        row.account_id,
        {
          accountId: row.account_id,
          prefersCard: row.prefers_card,
          customerRef: row.customer_ref ?? undefined,
        },
      ]),
    );
  },
);

export async function savePreference(
  tx: Tx,
  tenant: string,
  accountId: string,
  prefersCard: boolean,
): Promise<void> {
  await tx.query(
    `insert into payer (tenant, account_id, prefers_card) values ($1, $2, $3)
      on conflict on constraint payer_pk do update set prefers_card = excluded.prefers_card`,
    [tenant, accountId, prefersCard],
  );
}

/** The first that was made for a driver stays. */
export async function saveCustomer(
  tx: Tx,
  tenant: string,
  accountId: string,
  customerRef: string,
): Promise<string> {
  const rows = await tx.query<{ customer_ref: string }>(
    `insert into payer as held (tenant, account_id, prefers_card, customer_ref) values ($1, $2, false, $3)
      on conflict on constraint payer_pk do update set customer_ref = coalesce(held.customer_ref, excluded.customer_ref)
      returning customer_ref`,
    [tenant, accountId, customerRef],
  );
  return rows[0]!.customer_ref;
}

/** The driver's first card is the default. Nothing happens when it is known. */
export async function insertCard(tx: Tx, tenant: string, card: Omit<Card, 'isDefault'>): Promise<void> {
  // Two that come at once: the second sees the first.
  tx.lock(`cards|${tenant}|${card.accountId}`);
  await tx.query(
    `insert into card (tenant, id, account_id, provider_ref, brand, last4, expires_month, expires_year, is_default, added_at)
      select $1, $2, $3, $4, $5, $6, $7, $8,
        not exists (select 1 from card where tenant = $1 and account_id = $3 and is_default and removed_at is null), $9
      on conflict on constraint card_provider_ref do nothing`,
    [
      tenant,
      card.id,
      card.accountId,
      card.providerRef,
      card.brand,
      card.last4,
      card.expiresMonth,
      card.expiresYear,
      card.addedAt,
    ],
  );
}

/** The default first, then the latest. */
export async function listCards(tx: Tx, tenant: string, accountId: string): Promise<Card[]> {
  const rows = await tx.query<CardRow>(
    `select * from card where tenant = $1 and account_id = $2 and removed_at is null order by is_default desc, id desc`,
    [tenant, accountId],
  );
  return rows.map(toCard);
}

/** That was not removed. */
export async function findCard(tx: Tx, tenant: string, id: string): Promise<Card | undefined> {
  const rows = await tx.query<CardRow>(
    'select * from card where tenant = $1 and id = $2 and removed_at is null',
    [tenant, id],
  );
  return rows[0] && toCard(rows[0]);
}

/** Those that were removed too: payments name them. */
export async function findCards(tx: Tx, tenant: string, ids: readonly string[]): Promise<Card[]> {
  const rows = await tx.query<CardRow>('select * from card where tenant = $1 and id = any($2::uuid[])', [
    tenant,
    ids,
  ]);
  return rows.map(toCard);
}

export async function makeDefault(tx: Tx, tenant: string, { id, accountId }: Card): Promise<void> {
  tx.lock(`cards|${tenant}|${accountId}`);
  await tx.query(
    'update card set is_default = false where tenant = $1 and account_id = $2 and is_default and removed_at is null',
    [tenant, accountId],
  );
  await tx.query('update card set is_default = true where tenant = $1 and id = $2 and removed_at is null', [
    tenant,
    id,
  ]);
}

/** The latest of the others becomes the default. Answers whether one is left. */
export async function dropCard(tx: Tx, tenant: string, card: Card, at: Date): Promise<boolean> {
  const { id, accountId } = card;
  tx.lock(`cards|${tenant}|${accountId}`);
  await tx.query(
    'update card set removed_at = $3, is_default = false where tenant = $1 and id = $2 and removed_at is null',
    [tenant, id, at],
  );
  const [next] = await listCards(tx, tenant, accountId);
  if (next && !next.isDefault) await makeDefault(tx, tenant, next);
  return next !== undefined;
}

export async function findCardByRef(tx: Tx, tenant: string, providerRef: string): Promise<Card | undefined> {
  const rows = await tx.query<CardRow>(
    'select * from card where tenant = $1 and provider_ref = $2 and removed_at is null',
    [tenant, providerRef],
  );
  return rows[0] && toCard(rows[0]);
}

/** In a system transaction: whose customer that is, whatever the tenant. */
export async function findCustomer(
  tx: Tx,
  customerRef: string,
): Promise<{ tenant: string; accountId: string } | undefined> {
  const rows = await tx.query<{ tenant: string; account_id: string }>(
    'select tenant, account_id from payer where customer_ref = $1 limit 1',
    [customerRef],
  );
  return rows[0] && { tenant: rows[0].tenant, accountId: rows[0].account_id };
}

function toCard(row: CardRow): Card {
  return {
    id: row.id,
    accountId: row.account_id,
    providerRef: row.provider_ref,
    brand: row.brand,
    last4: row.last4,
    expiresMonth: row.expires_month,
    expiresYear: row.expires_year,
    isDefault: row.is_default,
    addedAt: row.added_at,
  };
}
