import { cpus, loadavg } from 'node:os';
import type { System } from '../system/start-system.js';
import { total } from './cpu.js';
import { Month, type MonthCost } from './month.js';
import { madeUpStays, monthOf, staysOfFile } from './month-sessions.js';
import { BILLED_CPU_MS, judgeBilled, judgeBooks, PDF_CPU_MS, type Verdict } from './verdict.js';

/** Enough for the mean of them. */
const DOCUMENTS = 200;

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
    const metered = await run.meter();
    const billed = await run.bill();
    const books = await run.audit();
    const documents = await run.documents(admin, Math.min(DOCUMENTS, count));
    await admin.close();
    this.table([
      ['readings to closed energy', metered, count],
      ['start and energy to CDR, invoice, ledger', billed, count],
      ['PDF of an invoice', documents, Math.min(DOCUMENTS, count)],
    ]);
    this.print(
      `${Math.round(count / billed.seconds)} sessions priced a second, ${Math.round((count * 1000) / cpuOf(billed))} a second of CPU`,
    );
    const eachMs = cpuOf(billed) / count;
    const verdicts: Verdict[] = [
      judgeBooks(books, count),
      judgeBilled('price, CDR, invoice and ledger of a session', eachMs, BILLED_CPU_MS),
      judgeBilled(
        'the same with the PDF',
        eachMs + cpuOf(documents) / Math.min(DOCUMENTS, count),
        PDF_CPU_MS,
      ),
    ];
    this.print();
    verdicts.forEach(({ line }) => this.print(line));
    books.problems.slice(0, 10).forEach((problem) => this.print(`  ${problem}`));
    return verdicts.every(({ passed }) => passed) ? 0 : 1;
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
