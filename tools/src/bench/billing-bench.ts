import { cpus, loadavg } from 'node:os';
import type { System } from '../system/start-system.js';
import { total } from './cpu.js';
import { vacuumed } from './history.js';
import { Month, type MonthCost } from './month.js';
import { madeUpStays, monthOf, staysOfFile, type Stay } from './month-sessions.js';
import { BILLED_CPU_MS, judgeBilled, judgeBooks, PDF_CPU_MS, type Verdict } from './verdict.js';

/** Enough for the mean of them. */
const DOCUMENTS = 200;
const WARM_UP = 800;
const WARM_UP_DOCUMENTS = 400;

export interface BillingBenchOptions {
  readonly sessions: number;
  /** Of real sessions; without it they are made up. */
  readonly data: string | undefined;
}

/** What a month of sessions costs to meter and to bill, and whether each cent is where a spreadsheet puts it. */
export class BillingBench {
  constructor(
    private readonly system: System,
    private readonly options: BillingBenchOptions,
    private readonly print: (line?: string) => void,
  ) {}

  async run(): Promise<number> {
    this.print(`${cpus().length} CPUs, load of the machine ${loadavg()[0]?.toFixed(1)} at the start`);
    const { sessions: count, data } = this.options;
    const stays = (data === undefined ? madeUpStays(count, 1) : staysOfFile(data)).slice(0, count);
    if (stays.length < count) throw new Error(`${data} has ${stays.length} usable sessions, not ${count}`);
    const { year, month } = monthBefore(new Date());
    const sessions = monthOf(stays, year, month);
    const readings = total(sessions.map((session) => session.readings.length));
    this.print(
      `${count.toLocaleString('en')} sessions of ${year}-${String(month).padStart(2, '0')} with ${readings.toLocaleString('en')} readings, ${data ?? 'made up'}`,
    );
    const run = new Month(this.system, sessions);
    const admin = await run.applyTariff();
    const priced = await this.priced(stays);
    const metered = await run.meter();
    const billed = await run.bill();
    const books = await run.audit();
    // As `warmUp`: the first hundreds that a process makes cost nearly twice as much.
    await run.documents(admin, Math.min(WARM_UP_DOCUMENTS, count));
    const documents = await run.documents(admin, Math.min(DOCUMENTS, count));
    await admin.close();
    this.table([
      ['start and energy to price and CDR alone', priced.cost, priced.sessions],
      ['readings to closed energy', metered, count],
      ['start and energy to CDR, invoice, ledger', billed, count],
      ['PDF of an invoice', documents, Math.min(DOCUMENTS, count)],
    ]);
    this.print(
      `${Math.round(count / billed.seconds)} sessions priced a second, ${Math.round((count * 1000) / cpuOf(billed))} a second of CPU`,
    );
    const pricedMs = cpuOf(priced.cost) / priced.sessions;
    const billedMs = cpuOf(billed) / count;
    const documentMs = cpuOf(documents) / Math.min(DOCUMENTS, count);
    const verdicts: Verdict[] = [
      judgeBooks(books, count),
      judgeBilled('price and CDR of a session', pricedMs, BILLED_CPU_MS),
      judgeBilled('price, CDR, invoice, ledger and PDF', billedMs + documentMs, PDF_CPU_MS),
    ];
    this.print();
    verdicts.forEach(({ line }) => this.print(line));
    const problems = [...priced.problems, ...books.problems];
    problems.slice(0, 10).forEach((problem) => this.print(`  ${problem}`));
    return verdicts.every(({ passed }) => passed) && problems.length === 0 ? 0 : 1;
  }

  /**
   * The same stays by drivers whom nobody knows, as those of roaming partners are: they get a CDR and no invoice.
   */
  private async priced(
    stays: readonly Stay[],
  ): Promise<{ cost: MonthCost; sessions: number; problems: readonly string[] }> {
    const { year, month } = monthBefore(new Date());
    const unknown = monthOf(stays, year, month, 2).map((session) => ({ ...session, accountId: '' }));
    await this.warmUp();
    const run = new Month(this.system, unknown);
    await run.meter();
    const cost = await run.bill();
    const { problems } = await run.audit();
    return { cost, sessions: unknown.length, problems };
  }

  /**
   * Some stays that are not counted, with and without a known driver: compiled code, and plans of a database that is not empty. Services run
   * for months, and autovacuum soon has been everywhere.
   */
  private async warmUp(): Promise<void> {
    const { year, month } = monthBefore(new Date());
    const sessions = monthOf(madeUpStays(WARM_UP, 2), year, month, 3);
    const half = sessions.length / 2;
    const first = new Month(
      this.system,
      sessions.map((session, index) => (index < half ? session : { ...session, accountId: '' })),
    );
    await first.meter();
    await first.bill();
    await vacuumed(this.system.addresses.databaseUrl);
  }

  private table(rows: readonly (readonly [name: string, cost: MonthCost, count: number])[]): void {
    this.print('CPU-ms of each');
    for (const [name, cost, count] of rows) {
      const parts = [...cost.cpuMs]
        .filter(([, ms]) => ms / count >= 0.005)
        .map(([process, ms]) => `${process} ${(ms / count).toFixed(2)}`);
      this.print(
        `  ${name.padEnd(42)} ${(cpuOf(cost) / count).toFixed(2).padStart(6)}  (${parts.join(', ')}; ${cost.seconds.toFixed(0)} s)`,
      );
    }
  }
}

function cpuOf({ cpuMs }: MonthCost): number {
  return total(cpuMs.values());
}

/** A whole one, so that all of it is over. */
export function monthBefore(now: Date): { year: number; month: number } {
  const last = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 0));
  return { year: last.getUTCFullYear(), month: last.getUTCMonth() + 1 };
}
