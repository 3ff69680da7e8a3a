import type { Tx } from '@kilowatch/platform';

/** What came of a webhook. UNKNOWN_OBJECT: it is about something we do not have. */
export type WebhookOutcome = 'APPLIED' | 'UNKNOWN_OBJECT' | 'IGNORED';

/** False when the event was seen before: it has had its effect. */
export async function noteWebhook(
  tx: Tx,
  tenant: string,
  event: { readonly id: string; readonly type: string },
  at: Date,
): Promise<boolean> {
  const rows = await tx.query(
    `insert into webhook_inbox (tenant, event_id, type, outcome, received_at) values ($1, $2, $3, 'APPLIED', $4)
      on conflict on constraint webhook_inbox_pk do nothing returning event_id`,
    [tenant, event.id, event.type, at],
  );
  return rows.length > 0;
}

export async function setWebhookOutcome(
  tx: Tx,
  tenant: string,
  eventId: string,
  outcome: WebhookOutcome,
): Promise<void> {
  await tx.query('update webhook_inbox set outcome = $3 where tenant = $1 and event_id = $2', [
    tenant,
    eventId,
    outcome,
  ]);
}

/** Those of all tenants that came before `until`. */
export function forgetWebhooks(tx: Tx, until: Date, limit: number): Promise<{ tenant: string }[]> {
  return tx.query<{ tenant: string }>(
    `delete from webhook_inbox where (tenant, event_id) in (select tenant, event_id from webhook_inbox where received_at < $1
      order by received_at limit $2 for update skip locked) returning tenant`,
    [until, limit],
  );
}
