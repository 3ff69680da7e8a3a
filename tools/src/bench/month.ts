/**
 * A month of sessions through the processes of metering and billing, with Postgres, NATS and gRPC as they are: what chargers and
 * `sessions` would tell is told by us. The two are measured one after the other, the one that does not work being stopped.
 */
import { randomUUID } from 'node:crypto';
import { events, metering, type EventType, type sessions } from '@kilowatch/contracts';
import { Secret, tenantId } from '@kilowatch/kernel';
import { ensureStream, grpcClient, messagesOf, ServiceTokens, systemClock } from '@kilowatch/platform';
import { aSessionSnapshot, waitFor } from '@kilowatch/testing';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import pg from 'pg';
import { GraphqlClient } from '../client/graphql-client.js';
import { quietSystem } from '../system/quiet-system.js';
import { localSecrets } from '../system/secrets.js';
import type { System } from '../system/start-system.js';
import { DEMO_ADMIN, DEMO_TENANT } from '../system/system-options.js';
import { spent, usageOf } from './cpu.js';
import { MONTH_ZONE, type MonthSession } from './month-sessions.js';
import { MONTH_TARIFF, sheetRow } from './month-sheet.js';

/** What a month needs to run. */
export const MONTH_SERVICES = ['auth', 'metering', 'billing', 'graphql-gateway'] as const;

const TENANT = tenantId(DEMO_TENANT);
const ROWS_A_CALL = 500;
/** Events that are published in one round. */
const AT_ONCE = 500;
/** Whoever waits alone waits for other programs of the machine too, and what processes do without being asked goes on meanwhile. */
const READERS = 4;
const CLOSED = 'metering.metered_session where closed_at is not null';
const BILLED = 'billing.cdr';
const BILLED_WITHIN_MS = 30 * 60_000;

export interface MonthCost {
  readonly seconds: number;
  /** CPU-ms of each process, in all. */
  readonly cpuMs: ReadonlyMap<string, number>;
}

export interface MonthBooks {
  readonly invoices: number;
  readonly exclCents: bigint;
  readonly inclCents: bigint;
  /** Sentences; empty when everything is as the sheet has it. */
  readonly problems: readonly string[];
}

export class Month {
  /** Rows of sessions before this month's, by table. */
  private readonly before = new Map<string, number>();

  constructor(
    private readonly system: System,
    private readonly sessions: readonly MonthSession[],
  ) {}

  async applyTariff(): Promise<GraphqlClient> {
    const { email, password } = DEMO_ADMIN;
    const admin = await new GraphqlClient(this.system.graphqlUrl).signIn(email, password);
    await admin.request(`mutation($input: ApplyTariffInput!) { applyTariff(input: $input) { changed } }`, {
      input: MONTH_TARIFF,
    });
    return admin;
  }

  /** Readings in, starts and ends told, energies closed. Billing is stopped meanwhile: what it is told waits for it. */
  async meter(): Promise<MonthCost> {
    // What is still on its way out of billing would wait for ever.
    await quietSystem(this.system.addresses.databaseUrl);
    for (const rows of [CLOSED, BILLED]) this.before.set(rows, await this.count(rows));
    this.signal('billing', 'SIGSTOP');
    try {
      return await this.measured(async () => {
        await this.tell(events.sessionStarted, 1, (session) => ({ session: startedOf(session) }));
        await this.record();
        await this.tell(events.sessionEnded, 2, (session) => ({ session: endedOf(session) }));
        await this.until(CLOSED);
        await quietSystem(this.system.addresses.databaseUrl);
      });
    } finally {
      this.signal('billing', 'SIGCONT');
    }
  }

  /** From what was told to CDRs, invoices and ledger. Metering is stopped meanwhile: what Postgres does is for billing. */
  async bill(): Promise<MonthCost> {
    this.signal('metering', 'SIGSTOP');
    try {
      return await this.measured(async () => {
        await this.until(BILLED);
        await quietSystem(this.system.addresses.databaseUrl);
      });
    } finally {
      this.signal('metering', 'SIGCONT');
    }
  }

  /** The PDF of so many invoices, some people asking at the same time; metering is stopped: it draws curves by now. */
  async documents(admin: GraphqlClient, count: number): Promise<MonthCost> {
    const ids = await this.query<{ id: string }>('select id from billing.invoice order by id limit $1', [
      count,
    ]);
    this.signal('metering', 'SIGSTOP');
    try {
      return await this.measured(async () => {
        await sideBySide(ids, async ({ id }) => {
          const { invoice } = await admin.request<{ invoice: { pdf: { content: string } } }>(
            'query($id: ID!) { invoice(id: $id) { pdf { content } } }',
            { id },
          );
          if (!Buffer.from(invoice.pdf.content, 'base64').subarray(0, 5).equals(Buffer.from('%PDF-')))
            throw new Error(`the document of ${id} is no PDF`);
        });
      });
    } finally {
      this.signal('metering', 'SIGCONT');
    }
  }

  /** Every CDR and invoice of this month's against the sheet, invoices, cents and what is owed of drivers who are known; numbers and ledger against the whole of it. */
  async audit(): Promise<MonthBooks> {
    const cents = (amount: string) => BigInt(Math.round(Number(amount) * 100));
    const rows = await this.query<{
      session_id: string;
      excl: string;
      incl: string;
      invoiced: string | null;
    }>(
      `select c.session_id, c.document->'total'->>'excl' as excl, c.document->'total'->>'incl' as incl, i.total_incl::text as invoiced
        from billing.cdr c left join billing.invoice i on i.cdr_id = c.id
        where c.session_id = any ($1::uuid[])`,
      [this.sessions.map(({ sessionId }) => sessionId)],
    );
    const problems: string[] = [];
    const billed = new Map(rows.map((row) => [row.session_id, row]));
    if (rows.length !== this.sessions.length)
      problems.push(`${rows.length} CDRs of ${this.sessions.length} sessions`);
    let [exclCents, inclCents] = [0n, 0n];
    for (const session of this.sessions) {
      const row = billed.get(session.sessionId);
      const { excl, incl } = sheetRow(session);
      // Whom nobody knows gets no invoice.
      const invoiced = session.accountId === '' ? 0n : incl;
      exclCents += excl;
      inclCents += invoiced;
      if (!row) problems.push(`${session.transactionRef} has no CDR`);
      else if (
        cents(row.excl) !== excl ||
        cents(row.incl) !== incl ||
        cents(row.invoiced ?? '0') !== invoiced
      )
        problems.push(
          `${session.transactionRef}: CDR ${row.excl} / ${row.incl}, invoice ${row.invoiced ?? 'none'}; the sheet has ${excl} / ${incl} cents`,
        );
    }
    const [books] = await this.query<
      Record<'ledger' | 'owed' | 'invoices' | 'all' | 'numbers' | 'last', string>
    >(
      `select (select coalesce(sum(amount), 0) from billing.ledger_entry)::text as ledger,
        (select coalesce(sum(amount), 0) from billing.ledger_entry where account = any ($1::text[]))::text as owed,
        (select count(*) from billing.invoice where session_id = any ($2::uuid[]))::text as invoices,
        count(*)::text as all, count(distinct number)::text as numbers,
        coalesce(max(substring(number from '[0-9]+$')::int), 0)::text as last from billing.invoice`,
      [
        [...new Set(this.sessions.map(({ accountId }) => `receivable:${accountId}`))],
        this.sessions.map(({ sessionId }) => sessionId),
      ],
    );
    const { ledger = '', owed = '', invoices = '', all = '', numbers = '', last = '' } = books ?? {};
    if (Number(ledger) !== 0) problems.push(`the ledger sums to ${ledger}`);
    if (cents(owed) !== inclCents) problems.push(`drivers owe ${owed}, the sheet has ${inclCents} cents`);
    if (numbers !== all || last !== all)
      problems.push(`${all} invoices have ${numbers} numbers up to ${last}`);
    return { invoices: Number(invoices), exclCents, inclCents, problems };
  }

  private async record(): Promise<void> {
    const secret = new Secret(localSecrets(this.system.options.dataDir).serviceSecret);
    const client = grpcClient(metering.MeteringServiceClient, {
      url: `127.0.0.1:${this.system.addresses.grpc['metering']}`,
      tokens: new ServiceTokens({ service: 'ocpp-gateway', secret, clock: systemClock }),
      clock: systemClock,
    });
    try {
      let sets: metering.MeterValueSet[] = [];
      const flush = async () => {
        if (sets.length > 0) await client.recordReadings({ sets }, { tenant: TENANT, deadlineMs: 60_000 });
        sets = [];
      };
      for (const session of this.sessions) {
        sets.push(...setsOf(session));
        if (sets.length >= ROWS_A_CALL) await flush();
      }
      await flush();
    } finally {
      client.close();
    }
  }

  private async tell<T>(
    event: EventType<T>,
    version: number,
    payload: (session: MonthSession) => Omit<T, 'meta'>,
  ): Promise<void> {
    const connection = await connect({ servers: this.system.addresses.natsUrl });
    try {
      await ensureStream(await jetstreamManager(connection), event.service);
      const js = jetstream(connection);
      const told = this.sessions.map((session) => {
        const meta = {
          eventId: randomUUID(),
          tenant: TENANT,
          aggregateId: session.sessionId,
          aggregateVersion: version,
          occurredAt: new Date(version === 1 ? session.start : session.end),
          producer: event.service,
        };
        const message = event.encode({ ...payload(session), meta } as T);
        return {
          eventId: meta.eventId,
          subject: event.subject(TENANT),
          payload: message,
          traceparent: undefined,
        };
      });
      // As the relay of `sessions` does with what waits together.
      for (let i = 0; i < told.length; i += AT_ONCE)
        await Promise.all(
          messagesOf(told.slice(i, i + AT_ONCE)).map(({ subject, payload: bytes, id }) =>
            js.publish(subject, bytes, { msgID: id }),
          ),
        );
    } finally {
      await connection.close();
    }
  }

  private async measured(work: () => Promise<void>): Promise<MonthCost> {
    const before = usageOf(this.system.pids());
    const began = performance.now();
    await work();
    const seconds = (performance.now() - began) / 1000;
    return { seconds, cpuMs: spent(before, usageOf(this.system.pids())) };
  }

  private async until(rows: string): Promise<void> {
    const all = (this.before.get(rows) ?? 0) + this.sessions.length;
    const done = async () => (await this.count(rows)) >= all;
    await waitFor(`${this.sessions.length} of ${rows}`, done, {
      timeoutMs: BILLED_WITHIN_MS,
      everyMs: 1_000,
    });
  }

  private async count(rows: string): Promise<number> {
    const [count] = await this.query<{ n: number }>(`select count(*)::int as n from ${rows}`);
    return count?.n ?? 0;
  }

  private async query<R extends pg.QueryResultRow>(sql: string, parameters: unknown[] = []): Promise<R[]> {
    const client = new pg.Client({ connectionString: this.system.addresses.databaseUrl });
    await client.connect();
    try {
      return (await client.query<R>(sql, parameters)).rows;
    } finally {
      await client.end();
    }
  }

  private signal(service: string, signal: 'SIGSTOP' | 'SIGCONT'): void {
    process.kill(this.system.pids().get(service)!, signal);
  }
}

/** Work on all items, `READERS` of them at a time. */
async function sideBySide<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const reader = async () => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await work(item);
  };
  await Promise.all(Array.from({ length: READERS }, reader));
}

function snapshotOf(
  session: MonthSession,
  over: Partial<sessions.SessionSnapshot>,
): sessions.SessionSnapshot {
  const { sessionId, stationId, transactionRef, accountId, start } = session;
  return aSessionSnapshot({
    sessionId,
    stationId,
    transactionRef,
    accountId,
    timeZone: MONTH_ZONE,
    startedAt: new Date(start),
    ...over,
  });
}

const startedOf = (session: MonthSession) =>
  snapshotOf(session, {
    statePeriods: [{ state: 'CHARGING', from: new Date(session.start), to: undefined }],
  });

function endedOf(session: MonthSession): sessions.SessionSnapshot {
  const [start, full, end] = [session.start, session.full, session.end].map((at) => new Date(at)) as [
    Date,
    Date,
    Date,
  ];
  return snapshotOf(session, {
    status: 'ENDED',
    endedAt: end,
    statePeriods: [
      { state: 'CHARGING', from: start, to: full },
      ...(full < end ? [{ state: 'SUSPENDED_EV', from: full, to: end }] : []),
    ],
  });
}

/** As stations of OCPP 1.6 tell it: register and power. */
function setsOf(session: MonthSession): metering.MeterValueSet[] {
  const { stationId, transactionRef, readings } = session;
  return readings.map(({ at, wh }, index) => {
    const context =
      index === 0
        ? 'Transaction.Begin'
        : index === readings.length - 1
          ? 'Transaction.End'
          : 'Sample.Periodic';
    const before = readings[index - 1];
    const watts = before ? Math.round(((wh - before.wh) * 3_600_000) / (at - before.at)) : 0;
    const sample = (measurand: string, value: number, unit: string): metering.SampledValue =>
      metering.SampledValue.fromPartial({
        value: String(value),
        context,
        measurand,
        unit,
        location: 'Outlet',
      });
    return metering.MeterValueSet.fromPartial({
      tenant: TENANT,
      stationId,
      evseNumber: 1,
      connectorNumber: 1,
      transactionRef,
      measuredAt: new Date(at),
      receivedAt: new Date(at),
      samples: [
        sample('Energy.Active.Import.Register', 5_000_000 + wh, 'Wh'),
        sample('Power.Active.Import', watts, 'W'),
      ],
    });
  });
}
