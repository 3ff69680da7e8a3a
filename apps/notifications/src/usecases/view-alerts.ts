import { Injectable } from '@nestjs/common';
import {
  Database,
  mayAll,
  mayOn,
  tenantScope,
  type Principal,
  type SortKey,
  type Tx,
} from '@kilowatch/platform';
import { ALERT_KINDS, OPERATORS } from '../domain/alert.js';
import { alertText } from '../domain/alert-text.js';
import { isEnabled } from '../domain/preference.js';
import { findAccount } from '../persistence/account.repository.js';
import {
  alertsOfSessions,
  countUnread,
  findAlert,
  listAlerts,
  type Reader,
  type StoredAlert,
} from '../persistence/alert.repository.js';
import { deliveriesOf, type Delivery } from '../persistence/delivery.repository.js';
import { findSessions } from '../persistence/known-session.repository.js';
import { findPreferences } from '../persistence/preference.repository.js';

/** An alert in the words of its reader. */
export interface AlertView extends StoredAlert {
  readonly title: string;
  readonly body: string;
}

/** Drivers read their own alerts, operators those of the tenant's operators and their own. */
@Injectable()
export class ViewAlerts {
  constructor(private readonly database: Database) {}

  list(
    principal: Principal,
    page: { readonly limit: number; readonly after: SortKey | undefined; readonly unreadOnly: boolean },
  ): Promise<{ rows: AlertView[]; unread: number }> {
    return this.read(principal, async (tx, reader) => {
      const rows = await listAlerts(tx, reader, page);
      return { rows: await inWords(tx, reader, rows), unread: await countUnread(tx, reader) };
    });
  }

  find(principal: Principal, id: string): Promise<AlertView | undefined> {
    return this.read(principal, async (tx, reader) => {
      const alert = await findAlert(tx, reader, id);
      return alert && (await inWords(tx, reader, [alert]))[0];
    });
  }

  /** The sessions of `ids` that are the driver's own, or the tenant's for operators. */
  async visibleSessions(principal: Principal, ids: readonly string[]): Promise<Map<string, true>> {
    const sessions = await this.database.read(tenantScope(principal.tenant), (tx) =>
      findSessions(tx, principal.tenant, ids),
    );
    const visible = sessions.filter((session) => mayOn(principal, 'alerts:read', session));
    return new Map(visible.map((session) => [session.sessionId, true]));
  }

  ofSessions(principal: Principal, sessionIds: readonly string[]): Promise<Map<string, AlertView[]>> {
    return this.read(principal, async (tx, reader) => {
      const alerts = await inWords(tx, reader, await alertsOfSessions(tx, reader, sessionIds));
      return new Map(sessionIds.map((id) => [id, alerts.filter((alert) => alert.sessionId === id)]));
    });
  }

  /** How each alert went out to this reader, by alert. */
  deliveries(principal: Principal, alertIds: readonly string[]): Promise<Map<string, Delivery[]>> {
    return this.read(principal, async (tx, reader) => {
      const found = await deliveriesOf(tx, reader.tenant, alertIds, reader.recipients);
      return new Map(alertIds.map((id) => [id, found.filter((delivery) => delivery.alertId === id)]));
    });
  }

  private read<T>(principal: Principal, fn: (tx: Tx, reader: Reader) => Promise<T>): Promise<T> {
    return this.database.read(tenantScope(principal.tenant), async (tx) =>
      fn(tx, await readerOf(tx, principal)),
    );
  }
}

/** Whose inbox the principal reads. A kind switched off for the inbox does not show, new or old. */
export async function readerOf(tx: Tx, principal: Principal): Promise<Reader> {
  const { tenant, accountId } = principal;
  const chosen = (await findPreferences(tx, tenant, [accountId])).get(accountId) ?? [];
  return {
    tenant,
    accountId,
    recipients: mayAll(principal, 'alerts:read') ? [accountId, OPERATORS] : [accountId],
    hiddenKinds: ALERT_KINDS.filter((kind) => !isEnabled(chosen, kind, 'IN_APP')),
  };
}

export async function inWords(tx: Tx, reader: Reader, alerts: readonly StoredAlert[]): Promise<AlertView[]> {
  const locale = (await findAccount(tx, reader.tenant, reader.accountId))?.locale ?? 'en';
  return alerts.map((alert) => ({ ...alert, ...alertText(alert.kind, alert.facts, locale) }));
}
