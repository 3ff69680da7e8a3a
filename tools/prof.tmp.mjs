import { mkdtempSync, rmSync, mkdirSync } from 'node:fs';
import { startPostgres } from '@kilowatch/testing';
import pg from 'pg';
const root = process.cwd();
const d = (p) => import(`${root}/tools/dist/${p}.js`);
const { seedDemo } = await d('seed/seed-demo');
const { systemOptionsFrom } = await d('system/command-line');
const { startSystem } = await d('system/start-system');
const { quietSystem } = await d('system/quiet-system');
const { runLoad } = await d('bench/load');
const { provisionChargers, tableRow } = await d('bench/ocpp-bench');
const dataDir = mkdtempSync('/tmp/kilowatch-prof-');
const pgs = await startPostgres({ dataDir: `${dataDir}/pg`, settings: { shared_preload_libraries: 'pg_stat_statements', 'pg_stat_statements.track_planning': 'on', max_connections: '300' } });
const log = [];
const options = systemOptionsFrom(['--data-dir', dataDir, '--log-level', 'warn'], { ports: 'any', dataDir, fsync: true }, (s, l) => log.push(`${s}: ${l}`));
const prof = process.env.PROF ? process.env.PROF.split(',') : [];
const extraEnv = Object.fromEntries(prof.map((s) => [s, { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=/tmp/prof/${s}` }]));
rmSync('/tmp/prof', { recursive: true, force: true });
const T0 = Date.now();
const system = await startSystem({ ...options, environment: 'production', databaseUrl: pgs.url, extraEnv });
const client = new pg.Client({ connectionString: pgs.url });
await client.connect();
await client.query('create extension if not exists pg_stat_statements');
try {
  const { operator } = await seedDemo(system.graphqlUrl);
  const n = Number(process.env.N ?? 50);
  const chargers = await provisionChargers(operator, n);
  const quiet = () => quietSystem(system.addresses.databaseUrl);
  await quiet();
  await client.query('select pg_stat_statements_reset()');
  const { writeFileSync } = await import('node:fs'); writeFileSync('/tmp/prof.window', String(Date.now() - T0 + 4000));
  const r = await runLoad({ url: system.ocppUrl, chargers, version: process.env.V ?? '2.0.1', seconds: Number(process.env.S ?? 10), pids: () => new Map([...system.pids(), ['postgres', pgs.pid]]), quiet });
  console.log(tableRow('load', r), r.messages);
  for (const [k, v] of r.cpuMsPerMessage) console.log(k.padEnd(20), v.toFixed(3));
  if (process.env.EXPLAIN) {
    const c2 = new pg.Client({ connectionString: pgs.url }); await c2.connect();
    await c2.query("set role kw_insights; set search_path=insights; select set_config('kilowatch.tenant','demo',false)");
    const keys = (await c2.query('select station_id, transaction_ref from detector_state order by random() limit 22')).rows;
    const { readFileSync } = await import('node:fs');
    const src = readFileSync('/work/main/apps/insights/dist/persistence/watch.repository.js', 'utf8');
    const sql = src.slice(src.indexOf('`')+1, src.indexOf('`;', src.indexOf('`')+1)).replace('${lock}', 'for update');
    for (let i=0;i<2;i++) { await c2.query('begin'); const e = await c2.query('explain (analyze, buffers) ' + sql, ['demo', keys.map(k=>k.station_id), keys.map(k=>k.transaction_ref)]); console.log(e.rows.map(r=>r['QUERY PLAN']).join('\n')); await c2.query('rollback'); }
    console.log((await c2.query("select relname, n_live_tup, n_dead_tup, n_tup_upd, n_tup_hot_upd from pg_stat_user_tables where schemaname='insights'")).rows);
    await c2.end();
  }
  const q = await client.query(`select calls, round((total_exec_time)::numeric,0) as exec, round(total_plan_time::numeric,0) as plan, rows, left(regexp_replace(query, '\\s+', ' ', 'g'), 150) as q from pg_stat_statements order by total_exec_time + total_plan_time desc limit 45`);
  let sum = await client.query('select sum(total_exec_time)::int e, sum(total_plan_time)::int p, sum(calls)::int c from pg_stat_statements');
  console.log(sum.rows[0]);
  for (const x of q.rows) console.log(String(x.calls).padStart(7), String(x.exec).padStart(7), String(x.plan).padStart(6), String(x.rows).padStart(8), x.q);
} catch (e) { console.log(log.slice(-20).join('\n')); throw e; } finally { await client.end(); await system.stop(); await pgs.stop(); rmSync(dataDir, { recursive: true, force: true }); }
process.exit(0);
