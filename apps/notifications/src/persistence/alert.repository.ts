import { gathered, type SortKey, type Tx } from '@kilowatch/platform';
import type { AlertFacts, AlertIntent, AlertKind, AlertSeverity } from '../domain/alert.js';
import type { AlertPreference } from '../domain/preference.js';
import { toAccount, type Account, type AccountRow } from './account.repository.js';

export interface StoredAlert {
  readonly id: string;
  readonly recipient: string;
  readonly kind: AlertKind;
  readonly severity: AlertSeverity;
  readonly sessionId: string | undefined;
  readonly stationId: string | undefined;
  readonly facts: AlertFacts;
  readonly raisedAt: Date;
  /** When the reader marked it read. */
  readonly readAt: Date | undefined;
}

/** Whose inbox is read: the recipients that mean this person, less the kinds switched off. */
export interface Reader {
  readonly tenant: string;
  readonly accountId: string;
  readonly recipients: readonly string[];
  readonly hiddenKinds: readonly AlertKind[];
}

interface Row {
  id: string;
  recipient: string;
  kind: AlertKind;
  severity: AlertSeverity;
  session_id: string | null;
  station_id: string | null;
  facts: AlertFacts;
  raised_at: Date;
  read_at: Date | null;
}

// $1 tenant, $2 reader's account, $3 recipients, $4 hidden kinds
const VISIBLE = `from alert a
  left join alert_read r on r.tenant = a.tenant and r.alert_id = a.id and r.account_id = $2
  where a.tenant = $1 and a.recipient = any($3) and a.kind <> all($4)
    and exists (select 1 from delivery d where d.tenant = a.tenant and d.alert_id = a.id and d.channel = 'IN_APP')`;
const COLUMNS =
  'a.id, a.recipient, a.kind, a.severity, a.session_id, a.station_id, a.facts, a.raised_at, r.read_at';

export interface NewAlert extends AlertIntent {
  readonly id: string;
  readonly severity: AlertSeverity;
}

/** Whom an alert is for. */
export interface Recipient {
  /** Undefined for operators, and for an account that is not known. */
  readonly account: Account | undefined;
  readonly chosen: readonly AlertPreference[];
}

const NEW_COLUMNS = `tenant, id, recipient, dedupe_key, kind, severity, session_id, station_id, facts, raised_at`;

/** Answers whom the alert is for, or nothing when this recipient has it already. */
export const insertAlert = gathered<NewAlert, Recipient>(
  ({ recipient, dedupeKey }) => keyOf(recipient, dedupeKey),
  async (tx, tenant, alerts) => {
    const rows = alerts.map((alert) => ({
      tenant,
      id: alert.id,
      recipient: alert.recipient,
      dedupe_key: alert.dedupeKey,
      kind: alert.kind,
      severity: alert.severity,
      session_id: alert.sessionId || null,
      station_id: alert.stationId || null,
      facts: alert.facts,
      raised_at: alert.raisedAt,
    }));
    const inserted = await tx.query<{
      recipient: string;
      dedupe_key: string;
      account: AccountRow | null;
      chosen: AlertPreference[] | null;
    }>(
      `with fresh as (
        insert into alert (${NEW_COLUMNS}) select ${NEW_COLUMNS} from json_populate_recordset(null::alert, $2::json)
          on conflict on constraint alert_once do nothing returning recipient, dedupe_key)
        select f.recipient, f.dedupe_key,
          (select to_jsonb(a) from account a where a.tenant = $1 and a.account_id = f.recipient) as account,
          (select jsonb_agg(jsonb_build_object('kind', p.kind, 'channel', p.channel, 'enabled', p.enabled))
            from preference p where p.tenant = $1 and p.account_id = f.recipient) as chosen
        from fresh f`,
      [tenant, JSON.stringify(rows)],
    );
    return new Map(
      inserted.map(({ recipient, dedupe_key: dedupeKey, account, chosen }) => [
        keyOf(recipient, dedupeKey),
        { account: account ? toAccount(account) : undefined, chosen: chosen ?? [] },
      ]),
    );
  },
);

function keyOf(recipient: string, dedupeKey: string): string {
  return `${recipient}|${dedupeKey}`;
}

/** Latest first: ids are made in the order in which alerts were raised. */
export async function listAlerts(
  tx: Tx,
  reader: Reader,
  page: { readonly limit: number; readonly after: SortKey | undefined; readonly unreadOnly: boolean },
): Promise<StoredAlert[]> {
  const rows = await tx.query<Row>(
    `select ${COLUMNS} ${VISIBLE} and ($5::uuid is null or a.id < $5) and (not $6 or r.read_at is null)
      order by a.id desc limit $7`,
    [...readerOf(reader), page.after?.[0] ?? null, page.unreadOnly, page.limit],
  );
  return rows.map(toAlert);
}

export async function countUnread(tx: Tx, reader: Reader): Promise<number> {
  const rows = await tx.query<{ n: string }>(
    `select count(*) as n ${VISIBLE} and r.read_at is null`,
    readerOf(reader),
  );
  return Number(rows[0]?.n ?? 0);
}

export async function findAlert(tx: Tx, reader: Reader, id: string): Promise<StoredAlert | undefined> {
  const rows = await tx.query<Row>(`select ${COLUMNS} ${VISIBLE} and a.id = $5`, [...readerOf(reader), id]);
  return rows[0] && toAlert(rows[0]);
}

export async function alertsOfSessions(
  tx: Tx,
  reader: Reader,
  sessionIds: readonly string[],
): Promise<StoredAlert[]> {
  const rows = await tx.query<Row>(
    `select ${COLUMNS} ${VISIBLE} and a.session_id = any($5::uuid[]) order by a.id`,
    [...readerOf(reader), sessionIds],
  );
  return rows.map(toAlert);
}

export async function markRead(
  tx: Tx,
  tenant: string,
  alertId: string,
  accountId: string,
  at: Date,
): Promise<void> {
  await tx.query(
    `insert into alert_read (tenant, alert_id, account_id, read_at) values ($1, $2, $3, $4)
      on conflict on constraint alert_read_pk do nothing`,
    [tenant, alertId, accountId, at],
  );
}

function readerOf(reader: Reader): unknown[] {
  return [reader.tenant, reader.accountId, reader.recipients, reader.hiddenKinds];
}

function toAlert(row: Row): StoredAlert {
  return {
    id: row.id,
    recipient: row.recipient,
    kind: row.kind,
    severity: row.severity,
    sessionId: row.session_id ?? undefined,
    stationId: row.station_id ?? undefined,
    facts: row.facts,
    raisedAt: row.raised_at,
    readAt: row.read_at ?? undefined,
  };
}
