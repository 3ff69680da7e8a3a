import pg from 'pg';

/** Between the sessions of one station, as history has them. */
const EVERY = "interval '2 hours'";

/**
 * Stored readings as if these stations had charged cars for long: their own sessions copied into the past, so that the load meets
 * each index where it is full. With the readings come the sessions, their energy, quotes and CDRs. What other readings there were is
 * removed. Returns how many are stored: whole sessions, so a few more than asked for.
 *
 * @throws when one of the stations has no billed session to copy
 */
export async function storeHistory(
  adminUrl: string,
  identities: readonly string[],
  readings: number,
): Promise<number> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query('begin');
    const perRound = await copyTemplates(client, identities);
    await client.query('truncate metering.reading');
    await planCopies(client, Math.ceil((readings / perRound) * identities.length));
    await client.query(MONTHS);
    for (const statement of COPIES) await client.query(statement);
    const { rows } = await client.query<{ stored: number }>(
      'select count(*)::int as stored from metering.reading',
    );
    await client.query('commit');
    await vacuumed(adminUrl);
    return rows[0]?.stored ?? 0;
  } finally {
    await client.end();
  }
}

/** As autovacuum and the checkpointer would leave it: what a filling left behind (dead rows, statistics, unwritten pages) is nobody else's bill. */
export async function vacuumed(adminUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query('vacuum (analyze)');
    await client.query('checkpoint');
  } finally {
    await client.end();
  }
}

/** The latest billed session of each station, with its readings. Returns the readings of all of them. */
async function copyTemplates(client: pg.Client, identities: readonly string[]): Promise<number> {
  await client.query(
    `create temp table template on commit drop as
       select row_number() over (order by station_id) - 1 as n, * from (
         select distinct on (session.station_id) session.* from sessions.session
           join sessions.station on station.tenant = session.tenant and station.id = session.station_id
           join billing.cdr on cdr.tenant = session.tenant and cdr.session_id = session.id
          where station.identity = any($1) and exists (select from metering.reading
            where reading.tenant = session.tenant and reading.station_id = session.station_id
              and reading.transaction_ref = session.transaction_ref)
          order by session.station_id, session.started_at desc) latest`,
    [identities],
  );
  await client.query(
    `create temp table template_reading on commit drop as
       select template.n, reading.* from template join metering.reading using (tenant, station_id, transaction_ref)`,
  );
  const { rows } = await client.query<{ stations: number; readings: number }>(
    `select (select count(distinct n) from template_reading)::int as stations,
       (select count(*) from template_reading)::int as readings`,
  );
  const { stations = 0, readings = 0 } = rows[0] ?? {};
  if (stations < identities.length)
    throw new Error(
      `only ${stations} of ${identities.length} stations have a billed session with readings to copy`,
    );
  return readings;
}

/** Which template is copied under which id, and how far back. Copies of an earlier call are further back still. */
async function planCopies(client: pg.Client, sessions: number): Promise<void> {
  await client.query(
    `create temp table copy on commit drop as
       select template.tenant, template.id as template_id, template.n, gen_random_uuid() as session_id,
         'history-' || gen_random_uuid() as ref,
         (i / (select count(*) from template) + 1 + before.rounds) * ${EVERY} as back
       from generate_series(0, $1::int - 1) i
       join template on template.n = i % (select count(*) from template)
       cross join (select count(*) / (select count(*) from template) as rounds
         from sessions.session where transaction_ref like 'history-%') before`,
    [sessions],
  );
  await client.query('analyze copy');
}

/** Whole rows with some columns changed: what else a table has is taken over, whatever it is. */
const copied = (table: string, where: string, changes: Readonly<Record<string, string>>) =>
  `insert into ${table} select (jsonb_populate_record(null::${table}, to_jsonb(original) || jsonb_build_object(${Object.entries(
    changes,
  )
    .map(([column, value]) => `'${column}', ${value}`)
    .join(
      ', ',
    )}))).* from copy join ${table} original on original.tenant = copy.tenant and original.${where} = copy.template_id`;

const shifted = (column: string) => `original.${column} - copy.back`;

/** The service makes the months ahead; history needs those behind. */
const MONTHS = `select metering.make_reading_partition('reading', month::date)
  from (select distinct date_trunc('month', (measured_at - back) at time zone 'UTC') as month
    from copy join template_reading using (n)) months order by 1`;

const COPIES = [
  copied('sessions.session', 'id', {
    id: 'copy.session_id',
    transaction_ref: 'copy.ref',
    start_key: 'copy.ref',
    started_at: shifted('started_at'),
    ended_at: shifted('ended_at'),
    last_updated: shifted('last_updated'),
  }),
  copied('metering.metered_session', 'session_id', {
    session_id: 'copy.session_id',
    transaction_ref: 'copy.ref',
    started_at: shifted('started_at'),
    ended_at: shifted('ended_at'),
    closed_at: shifted('closed_at'),
    // Drawing the curves of history is no cost of a message.
    curve_due_at: 'null',
  }),
  copied('billing.billed_session', 'session_id', { session_id: 'copy.session_id' }),
  copied('billing.quote', 'session_id', { id: 'gen_random_uuid()', session_id: 'copy.session_id' }),
  copied('billing.cdr', 'session_id', {
    id: 'gen_random_uuid()',
    session_id: 'copy.session_id',
    issued_at: shifted('issued_at'),
  }),
  // The many, column by column: a fifth of the time.
  `insert into metering.reading (tenant, station_id, transaction_ref, evse_number, measured_at, sample_hash, context, received_at,
       connector_number, seq_no, offline, energy_import_mwh, energy_export_mwh, power_w, soc_percent, current_ma, voltage_mv,
       offered_current_ma, deviations, samples, sampled)
     select original.tenant, station_id, copy.ref, evse_number, measured_at - copy.back, sample_hash, context,
       received_at - copy.back, connector_number, seq_no, offline, energy_import_mwh, energy_export_mwh, power_w, soc_percent,
       current_ma, voltage_mv, offered_current_ma, deviations, samples, sampled
     from copy join template_reading original on original.n = copy.n`,
];
