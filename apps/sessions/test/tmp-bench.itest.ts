import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { Database, tenantScope } from '@kilowatch/platform';
import { SituationRepository } from '../src/persistence/situation.repository.js';
import { ago, SessionsRig } from './sessions-rig.js';
it('bench', async () => {
  const app = await SessionsRig.start();
  const stations = [];
  for (let i = 0; i < 20; i++) stations.push(await app.aStation());
  const db = app.rig.running.get(Database);
  const pids = () => db.read(tenantScope('demo'), (tx) => tx.query<{ pid: number }>(`select pid from pg_stat_activity where datname = current_database()`));
  const pgCpu = async () => (await pids()).reduce((sum, { pid }) => { const f = readFileSync(`/proc/${pid}/stat`, 'utf8').split(' '); return sum + Number(f[13]) + Number(f[14]); }, 0) * 10;
  let t0 = 0;
  const run = async (name: string, n: number, fn: (i: number) => Promise<unknown>) => {
    const p = await pgCpu(); const c = process.cpuUsage(); const t = performance.now();
    let i = 0;
    await Promise.all(Array.from({ length: 20 }, async () => { while (i < n) await fn(i++); }));
    const u = process.cpuUsage(c);
    console.log(name, 'wall', ((performance.now() - t) / n).toFixed(3), 'node cpu', ((u.user + u.system) / 1000 / n).toFixed(3), 'pg cpu', (((await pgCpu()) - p) / n).toFixed(3));
  };
  for (const round of [0, 1, 2]) {
    await run('start+stop', 1000, async (i) => { t0++; const s = stations[i % 20]!.id; const at = new Date(ago(900).getTime() + t0 * 10000); const r = await app.start16(s, `card-u${round}${i}`, at); await app.stop16(s, r.transactionRef, new Date(at.getTime() + 5000)); });
    await run('status same', 1000, async (i) => app.status(stations[i % 20]!.id, 'Available', ago(0)));
    await run('status change', 1000, async (i) => app.status(stations[i % 20]!.id, (i / 20 | 0) % 2 ? 'Available' : 'Preparing', ago(0)));
  }
  const repo = app.rig.running.get(SituationRepository);
  await db.read(tenantScope('demo'), async (tx) => {
    const spy = { ...tx, query: async (sql: string, params: unknown[]) => {
      const rows = await tx.query<Record<string, string>>(`explain (analyze, costs off, timing off, buffers off) ${sql}`, params);
      console.log(rows.map((r) => r['QUERY PLAN']).join('\n'));
      return tx.query(sql, params);
    } };
    await repo.forTransaction(spy as never, 'demo', { kind: 'STARTED', protocol: 'ocpp1.6', transactionRef: '', evseNumber: 1, connectorNumber: 1, at: ago(1), receivedAt: ago(1), trigger: '', offline: false, stoppedReason: '' }, { stationId: stations[0]!.id, startKey: 'x', refCandidates: ['1', '2', '3'] });
  });
  await app.close();
  expect(1).toBe(1);
}, 120000);
