import { events } from '@kilowatch/contracts';
import { groupBy } from '@kilowatch/kernel';
import { eventsOf } from '@kilowatch/platform';
import type { LedgerEntry } from '@kilowatch/testing';
import pg from 'pg';

/** Events that everybody named must have worked on (ARCHITECTURE.md): a session, its energy, its bill. */
const CONSUMERS: readonly {
  readonly producer: string;
  readonly event: string;
  readonly by: readonly string[];
}[] = [
  ...['session_started', 'session_charging_state_changed', 'session_ended'].map((event) => ({
    producer: 'sessions',
    event,
    by: ['auth', 'metering', 'billing', 'load_management', 'insights', 'notifications', 'feedback', 'ocpi'],
  })),
  { producer: 'metering', event: 'readings_recorded', by: ['insights'] },
  { producer: 'metering', event: 'session_metered', by: ['auth', 'billing', 'insights', 'ocpi'] },
  { producer: 'billing', event: 'cdr_issued', by: ['ocpi'] },
  ...['invoice_issued', 'credit_note_issued', 'dispute_opened', 'dispute_decided'].map((event) => ({
    producer: 'billing',
    event,
    by: ['notifications'],
  })),
  { producer: 'ocpp_gateway', event: 'station_connected', by: ['sessions'] },
  { producer: 'ocpp_gateway', event: 'station_disconnected', by: ['sessions'] },
];

/**
 * Periodic readings that a charger got an answer for and that metering does not hold (P1), one sentence per session. Those of a 1.6
 * charger that had no transaction id yet are stored under none: they count for whichever session of the station lacks some.
 */
export async function storedReadings(adminUrl: string, ledger: readonly LedgerEntry[]): Promise<string[]> {
  const rows = await query<{ identity: string; ref: string; n: number }>(
    adminUrl,
    `select s.identity, r.transaction_ref as ref, count(distinct r.measured_at)::int as n
       from metering.reading r join sessions.station s on s.tenant = r.tenant and s.id = r.station_id
      where r.context = 'PERIODIC' group by 1, 2`,
  );
  const stored = new Map(rows.map(({ identity, ref, n }) => [`${identity} ${ref}`, n]));
  return ledger.flatMap((entry) => {
    const held = stored.get(`${entry.identity} ${entry.transactionId ?? ''}`) ?? 0;
    const nameless = stored.get(`${entry.identity} `) ?? 0;
    const missing = entry.acknowledgedReadings - held;
    if (missing <= nameless) {
      stored.set(`${entry.identity} `, nameless - Math.max(0, missing));
      return [];
    }
    return [
      `${entry.identity}: ${entry.acknowledgedReadings} readings were answered, ${held + nameless} are stored`,
    ];
  });
}

/** Committed events that a consumer has not worked on (P3), one sentence per event and consumer. */
export async function lostEffects(adminUrl: string): Promise<string[]> {
  const problems: string[] = [];
  for (const [producer, told] of groupBy(CONSUMERS, (one) => one.producer)) {
    const published = await publishedIds(adminUrl, producer);
    for (const { event, by } of told) {
      for (const consumer of by) {
        const [row] = await query<{ n: number }>(
          adminUrl,
          `select count(*)::int as n from unnest($1::uuid[]) as o (event_id)
            where not exists (select 1 from "${consumer}".inbox i where i.event_id = o.event_id)`,
          [published.get(event) ?? []],
        );
        if (row && row.n > 0) problems.push(`${row.n} ${event} had no effect in ${consumer}`);
      }
    }
  }
  return problems;
}

const TYPES = new Map(Object.values(events).map((type) => [`${type.service}.${type.name}`, type]));

/** Ids of what a service has told, by the name of the event: a row of the outbox may hold several. */
export async function publishedIds(adminUrl: string, producer: string): Promise<Map<string, string[]>> {
  const rows = await query<{ subject: string; payload: Buffer }>(
    adminUrl,
    `select subject, payload from "${producer}".outbox order by seq`,
  );
  const told = rows
    .flatMap((row) => eventsOf({ ...row, traceparent: undefined }))
    .map(({ subject, payload }) => {
      const [, service, name] = subject.split('.');
      const id = TYPES.get(`${service}.${name}`)?.decode(payload).meta?.eventId;
      if (name === undefined || id === undefined) throw new Error(`${subject} is no event that is known`);
      return { name, id };
    });
  return new Map(
    [...groupBy(told, ({ name }) => name)].map(([name, some]) => [name, some.map(({ id }) => id)]),
  );
}

export async function query<T extends pg.QueryResultRow>(
  url: string,
  text: string,
  values: readonly unknown[] = [],
): Promise<T[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<T>(text, [...values])).rows;
  } finally {
    await client.end();
  }
}
