import { gathered, gatheredRead, type Tx } from '@kilowatch/platform';
import type { Quote } from '../domain/quote.js';

/** A quote as it is kept: its schedule follows from document, zone and time. */
export interface QuoteRecord extends Omit<Quote, 'schedule' | 'timeVariable' | 'conditional' | 'lockedAt'> {
  readonly tenant: string;
  /** Empty when the session's driver is nobody we know. */
  readonly accountId: string;
  readonly connectorId: string;
  /** The one session it prices, once that has begun. */
  readonly sessionId: string | undefined;
  readonly tariffName: string;
  readonly quotedAt: Date;
  /** Of a quote that prices a session: unset while nobody knows whose session it is. */
  readonly lockedAt: Date | undefined;
}

interface Row {
  tenant: string;
  id: string;
  account_id: string;
  connector_id: string;
  session_id: string | null;
  tariff_id: string;
  tariff_version: number;
  tariff_name: string;
  currency: string;
  time_zone: string;
  document: unknown;
  hash: string;
  quoted_at: Date;
  expires_at: Date;
  locked_at: Date | null;
}

const COLUMNS = `tenant, id, account_id, connector_id, session_id, tariff_id, tariff_version, tariff_name, currency, time_zone,
  document, hash, quoted_at, expires_at, locked_at`;

export const insertQuote = gathered<QuoteRecord>(
  ({ id }) => id,
  async (tx, _tenant, quotes) => {
    const rows = quotes.map((quote) => ({
      tenant: quote.tenant,
      id: quote.id,
      account_id: quote.accountId,
      connector_id: quote.connectorId,
      session_id: quote.sessionId,
      tariff_id: quote.tariffId,
      tariff_version: quote.tariffVersion,
      tariff_name: quote.tariffName,
      currency: quote.currency,
      time_zone: quote.timeZone,
      document: quote.document,
      hash: quote.hash,
      quoted_at: quote.quotedAt,
      expires_at: quote.expiresAt,
      locked_at: quote.lockedAt,
    }));
    await tx.query(
      `insert into quote (${COLUMNS}) select ${COLUMNS} from json_populate_recordset(null::quote, $1::json)`,
      [JSON.stringify(rows)],
    );
  },
);

/** Locked: two sessions may name the same quote. */
export async function findQuoteForUpdate(
  tx: Tx,
  tenant: string,
  id: string,
): Promise<QuoteRecord | undefined> {
  const rows = await tx.query<Row>('select * from quote where tenant = $1 and id = $2 for update', [
    tenant,
    id,
  ]);
  return rows[0] && toQuote(rows[0]);
}

export async function bindQuote(
  tx: Tx,
  tenant: string,
  id: string,
  sessionId: string,
  lockedAt: Date,
): Promise<void> {
  await tx.query('update quote set session_id = $3, locked_at = $4 where tenant = $1 and id = $2', [
    tenant,
    id,
    sessionId,
    lockedAt,
  ]);
}

/** The session gets another quote, so this one prices nothing: its driver may use it again, and one of nobody is gone. */
export async function releaseQuote(tx: Tx, tenant: string, id: string): Promise<void> {
  await tx.query(
    `with nobodys as (delete from quote where tenant = $1 and id = $2 and account_id = '')
      update quote set session_id = null, locked_at = null where tenant = $1 and id = $2 and account_id <> ''`,
    [tenant, id],
  );
}

/** What it was to price comes to nothing: its driver may use what they accepted for it. */
export async function releaseQuoteOfSession(tx: Tx, tenant: string, sessionId: string): Promise<void> {
  await tx.query(
    'update quote set session_id = null, locked_at = null where tenant = $1 and session_id = $2',
    [tenant, sessionId],
  );
}

export async function findQuotesOfSessions(
  tx: Tx,
  tenant: string,
  sessionIds: readonly string[],
): Promise<QuoteRecord[]> {
  const rows = await tx.query<Row>('select * from quote where tenant = $1 and session_id = any($2::uuid[])', [
    tenant,
    sessionIds,
  ]);
  return rows.map(toQuote);
}

/** The quote that prices a session. */
export const findQuoteOfSession = gatheredRead<string, QuoteRecord>(
  (sessionId) => sessionId,
  async (tx, tenant, sessionIds) => {
    const quotes = await findQuotesOfSessions(tx, tenant, sessionIds);
    return new Map(quotes.map((quote) => [quote.sessionId ?? '', quote]));
  },
);

function toQuote(row: Row): QuoteRecord {
  return {
    tenant: row.tenant,
    id: row.id,
    accountId: row.account_id,
    connectorId: row.connector_id,
    sessionId: row.session_id ?? undefined,
    tariffId: row.tariff_id,
    tariffVersion: row.tariff_version,
    tariffName: row.tariff_name,
    currency: row.currency,
    timeZone: row.time_zone,
    document: row.document,
    hash: row.hash,
    quotedAt: row.quoted_at,
    expiresAt: row.expires_at,
    lockedAt: row.locked_at ?? undefined,
  };
}
