import type { Tx } from '@kilowatch/platform';
import type { AlertFacts, AlertKind } from '../domain/alert.js';
import type { DeliveryState } from '../domain/delivery.js';
import type { AlertChannel } from '../domain/preference.js';

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

/** A mail whose attempt `attempts` is ours until the lease ends. */
export interface DueDelivery {
  readonly tenant: string;
  readonly id: string;
  readonly alertId: string;
  readonly accountId: string;
  readonly attempts: number;
}

export async function insertDeliveries(
  tx: Tx,
  tenant: string,
  deliveries: readonly (Omit<Delivery, 'attempts'> & { readonly dueAt: Date | undefined })[],
): Promise<void> {
  if (deliveries.length === 0) return;
  await tx.query(
    `insert into delivery (tenant, id, alert_id, recipient, channel, state, attempts, sent_at, due_at)
      select $1, id, alert_id, recipient, channel, state, 0, sent_at, due_at
      from unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::timestamptz[])
        as d (id, alert_id, recipient, channel, state, sent_at, due_at)`,
    [
      tenant,
      deliveries.map((delivery) => delivery.id),
      deliveries.map((delivery) => delivery.alertId),
      deliveries.map((delivery) => delivery.recipient),
      deliveries.map((delivery) => delivery.channel),
      deliveries.map((delivery) => delivery.state),
      deliveries.map((delivery) => delivery.sentAt ?? null),
      deliveries.map((delivery) => delivery.dueAt ?? null),
    ],
  );
}

/** Due mails of all tenants, locked for this transaction. */
export async function takeDue(tx: Tx, now: Date, limit: number): Promise<DueDelivery[]> {
  const rows = await tx.query<{
    tenant: string;
    id: string;
    alert_id: string;
    recipient: string;
    attempts: number;
  }>(
    `select tenant, id, alert_id, recipient, attempts from delivery where due_at <= $1
      order by due_at limit $2 for update skip locked`,
    [now, limit],
  );
  return rows.map((row) => ({
    tenant: row.tenant,
    id: row.id,
    alertId: row.alert_id,
    accountId: row.recipient,
    attempts: row.attempts,
  }));
}

/** Counts the attempt that begins and keeps others off until `leaseUntil`. */
export async function lease(tx: Tx, delivery: DueDelivery, leaseUntil: Date): Promise<void> {
  await tx.query('update delivery set attempts = $3, due_at = $4 where tenant = $1 and id = $2', [
    delivery.tenant,
    delivery.id,
    delivery.attempts + 1,
    leaseUntil,
  ]);
}

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

/** What the mail says, or undefined when alert or row are gone. */
export async function findMailContent(
  tx: Tx,
  tenant: string,
  alertId: string,
): Promise<{ kind: AlertKind; facts: AlertFacts } | undefined> {
  const rows = await tx.query<{ kind: AlertKind; facts: AlertFacts }>(
    'select kind, facts from alert where tenant = $1 and id = $2',
    [tenant, alertId],
  );
  return rows[0];
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
