import { gathered, type Tx } from '@kilowatch/platform';
import type { AccountMail } from '../domain/account-mail.js';
import type { AlertFacts, AlertKind } from '../domain/alert.js';
import type { DeliveryState } from '../domain/delivery.js';
import type { AlertChannel } from '../domain/preference.js';
import { toAccount, type Account, type AccountRow } from './account.repository.js';

export interface Delivery {
  readonly id: string;
  readonly alertId: string;
  /** Account id, or OPERATORS for their common inbox. */
  readonly recipient: string;
  readonly channel: AlertChannel;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly sentAt: Date | undefined;
}

/** A mail that is due, for this transaction. */
export interface DueDelivery {
  readonly tenant: string;
  readonly id: string;
  /** Attempts that began so far. */
  readonly attempts: number;
  /** Whom it goes to; undefined when the account is not known. */
  readonly account: Account | undefined;
  readonly content:
    | {
        readonly alertId: string;
        readonly kind: AlertKind;
        readonly facts: AlertFacts;
        /** Of the session it is about, when there is one. */
        readonly sessionEnded: boolean;
      }
    | { readonly accountMail: AccountMail };
}

export interface NewDelivery extends Omit<Delivery, 'alertId' | 'attempts'> {
  readonly dueAt: Date | undefined;
}

export interface DeliveriesOfAlert {
  readonly alertId: string;
  readonly deliveries: readonly NewDelivery[];
}

export const insertDeliveries = gathered(
  ({ alertId }: DeliveriesOfAlert) => alertId,
  async (tx, tenant, alerts) => {
    const rows = alerts.flatMap(({ alertId, deliveries }) => deliveries.map((row) => ({ alertId, ...row })));
    if (rows.length === 0) return;
    await tx.query(
      `insert into delivery (tenant, id, alert_id, recipient, channel, state, attempts, sent_at, due_at)
        select $1, id, alert_id, recipient, channel, state, 0, sent_at, due_at
        from unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::timestamptz[])
          as d (id, alert_id, recipient, channel, state, sent_at, due_at)`,
      [
        tenant,
        rows.map((row) => row.id),
        rows.map((row) => row.alertId),
        rows.map((row) => row.recipient),
        rows.map((row) => row.channel),
        rows.map((row) => row.state),
        rows.map((row) => row.sentAt ?? null),
        rows.map((row) => row.dueAt ?? null),
      ],
    );
  },
);

/** Due now. Nothing when it is there already. */
export async function insertAccountMail(
  tx: Tx,
  tenant: string,
  wanted: { id: string; accountId: string; mail: AccountMail; dueAt: Date },
): Promise<void> {
  await tx.query(
    `insert into delivery (tenant, id, recipient, channel, state, attempts, due_at, account_mail)
      values ($1, $2, $3, 'EMAIL', 'PENDING', 0, $4, $5) on conflict on constraint delivery_pk do nothing`,
    [tenant, wanted.id, wanted.accountId, wanted.dueAt, JSON.stringify(wanted.mail)],
  );
}

/** Due mails of all tenants, locked for this transaction, with what they say and to whom. */
export async function takeDue(tx: Tx, now: Date, limit: number): Promise<DueDelivery[]> {
  const rows = await tx.query<{
    tenant: string;
    id: string;
    alert_id: string | null;
    attempts: number;
    kind: AlertKind;
    facts: AlertFacts;
    account_mail: AccountMail;
    account: AccountRow | null;
    session_ended: boolean | null;
  }>(
    `with due as materialized (
      select tenant, id, alert_id, recipient, attempts, due_at, account_mail from delivery where due_at <= $1
        order by due_at limit $2 for update skip locked)
      select due.tenant, due.id, due.alert_id, due.attempts, alert.kind, alert.facts, due.account_mail,
        (select to_jsonb(a) from account a where a.tenant = due.tenant and a.account_id = due.recipient) as account,
        (select s.ended from known_session s
          where s.tenant = due.tenant and s.session_id = alert.session_id) as session_ended
      from due left join alert on alert.tenant = due.tenant and alert.id = due.alert_id
      order by due.due_at`,
    [now, limit],
  );
  return rows.map((row) => ({
    tenant: row.tenant,
    id: row.id,
    attempts: row.attempts,
    account: row.account ? toAccount(row.account) : undefined,
    content: row.alert_id
      ? { alertId: row.alert_id, kind: row.kind, facts: row.facts, sessionEnded: row.session_ended ?? false }
      : { accountMail: row.account_mail },
  }));
}

/** Counts the attempt that begins and keeps others off until `until`. */
export const lease = gathered(
  ({ id }: { readonly id: string; readonly until: Date }) => id,
  async (tx, tenant, leases) => {
    await tx.query(
      `update delivery d set attempts = d.attempts + 1, due_at = l.until
        from unnest($2::uuid[], $3::timestamptz[]) as l (id, until) where d.tenant = $1 and d.id = l.id`,
      [tenant, leases.map(({ id }) => id), leases.map(({ until }) => until)],
    );
  },
);

/** Reports an attempt; nothing when another attempt has begun since. */
export async function report(
  tx: Tx,
  delivery: { readonly tenant: string; readonly id: string; readonly attempts: number },
  result: {
    readonly state: DeliveryState;
    readonly dueAt?: Date;
    readonly sentAt?: Date;
    readonly error?: string;
  },
): Promise<void> {
  await tx.query(
    `update delivery set state = $4, due_at = $5, sent_at = $6, last_error = $7
      where tenant = $1 and id = $2 and attempts = $3 and state = 'PENDING'`,
    [
      delivery.tenant,
      delivery.id,
      delivery.attempts,
      result.state,
      result.dueAt ?? null,
      result.sentAt ?? null,
      result.error ?? null,
    ],
  );
}

export async function deliveriesOf(
  tx: Tx,
  tenant: string,
  alertIds: readonly string[],
  recipients: readonly string[],
): Promise<Delivery[]> {
  const rows = await tx.query<{
    id: string;
    alert_id: string;
    recipient: string;
    channel: AlertChannel;
    state: DeliveryState;
    attempts: number;
    sent_at: Date | null;
  }>(
    `select id, alert_id, recipient, channel, state, attempts, sent_at from delivery
      where tenant = $1 and alert_id = any($2::uuid[]) and recipient = any($3) order by channel desc`,
    [tenant, alertIds, recipients],
  );
  return rows.map((row) => ({
    id: row.id,
    alertId: row.alert_id,
    recipient: row.recipient,
    channel: row.channel,
    state: row.state,
    attempts: row.attempts,
    sentAt: row.sent_at ?? undefined,
  }));
}
