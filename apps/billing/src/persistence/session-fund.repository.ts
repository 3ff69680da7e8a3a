import { groupBy, type Decimal } from '@kilowatch/kernel';
import { gathered, gatheredRead, pgArray, type Tx } from '@kilowatch/platform';
import { fromMinor, toMinor, type PaymentKind } from '../domain/payment-terms.js';
import type { FundState } from '../domain/session-fund.js';

export interface FundRecord {
  readonly sessionId: string;
  readonly accountId: string;
  readonly stationId: string;
  readonly kind: PaymentKind | '';
  /** Empty: its price is not locked yet. */
  readonly currency: string;
  readonly state: FundState;
  /** What it may cost in all, as it was looked at last; undefined: no limit. */
  readonly limit: Decimal | undefined;
  /** As it was looked at last. */
  readonly cost: Decimal;
  readonly cardLimit: Decimal | undefined;
  readonly stoppedAt: Decimal | undefined;
  readonly lowTold: boolean;
  readonly usedUpAt: Date | undefined;
  readonly version: number;
  /** When its station is to be asked to stop it. */
  readonly dueAt: Date | undefined;
}

interface Row {
  tenant: string;
  session_id: string;
  account_id: string;
  station_id: string;
  kind: PaymentKind | '';
  currency: string;
  state: FundState;
  spend_limit: string | null;
  cost: string;
  card_limit: string | null;
  stopped_at_left: string | null;
  low_told: boolean;
  used_up_at: Date | null;
  version: number;
  lease: number;
  due_at: Date | null;
}

type NewFund = Pick<FundRecord, 'sessionId' | 'accountId' | 'stationId'>;

/** A session of a known driver has begun. One that is there stays as it is: it waits for nobody who works on it. */
export const openFund = gathered<NewFund>(
  ({ sessionId }) => sessionId,
  async (tx, tenant, funds) => {
    await tx.query(
      `insert into session_fund (tenant, session_id, account_id, station_id) select $1, * from unnest($2::uuid[], $3::text[], $4::text[])
        on conflict on constraint session_fund_pk do nothing`,
      [
        tenant,
        pgArray.uuid(funds.map(({ sessionId }) => sessionId)),
        pgArray.text(funds.map(({ accountId }) => accountId)),
        pgArray.text(funds.map(({ stationId }) => stationId)),
      ],
    );
  },
);

/** Of sessions that are not billed yet. */
export async function fundsOfAccount(tx: Tx, tenant: string, accountId: string): Promise<FundRecord[]> {
  return (await openFunds(tx, tenant, accountId)) ?? [];
}

const openFunds = gatheredRead<string, FundRecord[]>(
  (accountId) => accountId,
  async (tx, tenant, accountIds) => {
    const rows = await tx.query<Row>(
      `select * from session_fund where tenant = $1 and account_id = any($2::text[]) and state <> 'CLOSED' order by session_id`,
      [tenant, pgArray.text(accountIds)],
    );
    return groupBy(rows.map(toFund), ({ accountId }) => accountId);
  },
);

export async function findFunds(
  tx: Tx,
  tenant: string,
  sessionIds: readonly string[],
): Promise<FundRecord[]> {
  const rows = await tx.query<Row>(
    'select * from session_fund where tenant = $1 and session_id = any($2::uuid[])',
    [tenant, sessionIds],
  );
  return rows.map(toFund);
}

/**
 * What a look found. A flight that is out goes on, unless the state says otherwise: `dueAt`. The ids are compared with values too: of
 * the set alone the planner may think that it is large, and read all funds there are.
 */
export const saveFund = gathered<FundRecord>(
  ({ sessionId }) => sessionId,
  async (tx, tenant, funds) => {
    const rows = funds.map((fund) => {
      const minor = (amount: Decimal | undefined) => (amount ? toMinor(amount, fund.currency) : null);
      return {
        session_id: fund.sessionId,
        station_id: fund.stationId,
        kind: fund.kind,
        currency: fund.currency,
        state: fund.state,
        spend_limit: minor(fund.limit),
        cost: toMinor(fund.cost, fund.currency),
        stopped_at_left: minor(fund.stoppedAt),
        low_told: fund.lowTold,
        used_up_at: fund.usedUpAt ?? null,
        version: fund.version,
        due_at: fund.dueAt ?? null,
      };
    });
    await tx.query(
      `update session_fund f set station_id = r.station_id, kind = r.kind, currency = r.currency, state = r.state,
          spend_limit = r.spend_limit, cost = r.cost, stopped_at_left = r.stopped_at_left, low_told = r.low_told,
          used_up_at = r.used_up_at, version = r.version, due_at = r.due_at
        from json_populate_recordset(null::session_fund, $2::json) r
        where f.tenant = $1 and f.session_id = r.session_id and f.session_id = any($3::uuid[])`,
      [tenant, JSON.stringify(rows), pgArray.uuid(funds.map(({ sessionId }) => sessionId))],
    );
  },
);

/** The card of a session was asked for money: `limit` zero when it was declined. The session may not be known yet. */
export async function saveCardLimit(
  tx: Tx,
  tenant: string,
  card: {
    readonly sessionId: string;
    readonly accountId: string;
    readonly currency: string;
    readonly limit: Decimal;
  },
): Promise<void> {
  await tx.query(
    `insert into session_fund as held (tenant, session_id, account_id, kind, currency, card_limit) values ($1, $2, $3, 'CARD', $4, $5)
      on conflict on constraint session_fund_pk do update set card_limit = excluded.card_limit,
        currency = case when held.currency = '' then excluded.currency else held.currency end where held.state <> 'CLOSED'`,
    [tenant, card.sessionId, card.accountId, card.currency, toMinor(card.limit, card.currency)],
  );
}

/** Whoever runs on it is told once more that most of it is used. */
export async function forgetLow(tx: Tx, tenant: string, sessionId: string): Promise<void> {
  await tx.query('update session_fund set low_told = false where tenant = $1 and session_id = $2', [
    tenant,
    sessionId,
  ]);
}

export interface DueStop {
  readonly tenant: string;
  readonly sessionId: string;
  readonly stationId: string;
  readonly state: FundState;
  readonly lease: number;
}

export async function takeDueStops(tx: Tx, now: Date, limit: number): Promise<DueStop[]> {
  const rows = await tx.query<Row>(
    'select * from session_fund where due_at <= $1 order by due_at limit $2 for update skip locked',
    [now, limit],
  );
  return rows.map((row) => ({
    tenant: row.tenant,
    sessionId: row.session_id,
    stationId: row.station_id,
    state: row.state,
    lease: row.lease,
  }));
}

/** A stop leaves: `dueAt` is when it lapses. Without one nothing is due any more. */
export async function leaseStop(
  tx: Tx,
  { tenant, sessionId }: Pick<DueStop, 'tenant' | 'sessionId'>,
  next: Pick<DueStop, 'state' | 'lease'> & { readonly dueAt: Date | undefined },
): Promise<void> {
  await tx.query(
    'update session_fund set state = $3, lease = $4, due_at = $5 where tenant = $1 and session_id = $2',
    [tenant, sessionId, next.state, next.lease, next.dueAt ?? null],
  );
}

/** What came of a stop; the time counts only while nothing else happened: another flight, money, the end. */
export async function landStop(
  tx: Tx,
  { tenant, sessionId, lease }: Pick<DueStop, 'tenant' | 'sessionId' | 'lease'>,
  dueAt: Date,
): Promise<void> {
  await tx.query(
    `update session_fund set due_at = $4 where tenant = $1 and session_id = $2 and lease = $3 and state = 'STOPPING' and due_at is not null`,
    [tenant, sessionId, lease, dueAt],
  );
}

/** A station came back: what it was not told is due now. */
export async function wakeStops(tx: Tx, tenant: string, stationId: string, at: Date): Promise<void> {
  await tx.query(
    'update session_fund set due_at = $3 where tenant = $1 and station_id = $2 and due_at > $3',
    [tenant, stationId, at],
  );
}

function toFund(row: Row): FundRecord {
  const { currency } = row;
  const amount = (minor: string | null) => (minor === null ? undefined : fromMinor(minor, currency));
  return {
    sessionId: row.session_id,
    accountId: row.account_id,
    stationId: row.station_id,
    kind: row.kind,
    currency,
    state: row.state,
    limit: amount(row.spend_limit),
    cost: fromMinor(row.cost, currency),
    cardLimit: amount(row.card_limit),
    stoppedAt: amount(row.stopped_at_left),
    lowTold: row.low_told,
    usedUpAt: row.used_up_at ?? undefined,
    version: row.version,
    dueAt: row.due_at ?? undefined,
  };
}
