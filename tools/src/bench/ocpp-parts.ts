import { quietSystem } from '../system/quiet-system.js';
import type { GraphqlClient } from '../client/graphql-client.js';
import type { System } from '../system/start-system.js';
import { WORKSPACE_ROOT } from '../workspace-root.js';
import { FEW_READINGS, type BenchOptions } from './bench-options.js';
import { withFloor } from './floor.js';
import { HeapInspector } from './heap-inspector.js';
import { storeHistory, vacuumed } from './history.js';
import { IdleFleet } from './idle.js';
import { runLoad, type BenchCharger, type LoadResult, type Target } from './load.js';
import { provisionChargers } from './ocpp-bench.js';
import { runJoin, runOpenLoop } from './open-loop.js';
import { cpuByProcess, elsewhere, idleLines, tableHead, tableRow } from './report.js';
import {
  cheapest,
  judgeCost,
  judgeGrowth,
  judgeIdle,
  judgeJoin,
  judgeOpenLoop,
  type Verdict,
} from './verdict.js';

/** Each of the loads that are compared runs so often: other processes on the machine disturb one of them less. */
const RUNS = 3;
type Version = '1.6' | '2.0.1';
const FEW = 50;
const MANY = 500;
const WARM_UP_LOADS = 2;
/**
 * V8 optimises what is called seldom late: in the first half minute of load compiling takes 9 % of all CPU, after two minutes 4 %, and
 * the number of functions that are optimised in 20 s falls from some 130 a service to 20.
 */
const COMPILED_AFTER_S = 90;
const SHORT_S = 6;
/** A connection is pinged every 30 to 60 s, and every 30 s it is noted who was heard. */
const IDLE_LOOK_S = 30;

/** The parts of `bench ocpp`: each prints what it measures and keeps its verdicts. */
export class OcppParts {
  readonly verdicts: Verdict[] = [];
  /** Everything a verdict rests on. */
  readonly judged: LoadResult[] = [];
  private readonly target: Target;
  private chargers: readonly BenchCharger[] = [];
  private warm = false;

  constructor(
    private readonly system: System,
    private readonly operator: GraphqlClient,
    private readonly inspectPorts: ReadonlyMap<string, number>,
    private readonly options: BenchOptions,
    private readonly print: (line?: string) => void,
  ) {
    this.target = {
      url: system.ocppUrl,
      pids: () => system.pids(),
      quiet: () => quietSystem(system.addresses.databaseUrl),
    };
  }

  /** 50 and 500 chargers in closed loop, the floors, and with `history` the 50 once more on top of it. */
  async closedLoop(withHistory: boolean, whole: boolean): Promise<void> {
    const { cpuMsPerMessage, history } = this.options;
    await this.has(MANY);
    this.print(tableHead());
    if (whole) {
      await this.floors();
      elsewhere().forEach((line) => this.print(line));
    }
    await this.warmUp();
    const few = await this.withReadings(FEW_READINGS);
    if (whole) {
      await this.heat('1.6');
      const old = await this.cheapestLoad('Kilowatch, 50 chargers, 1.6', '1.6');
      const many = this.judge('Kilowatch, 500 chargers, 2.0.1', await this.load(MANY, '2.0.1'));
      this.verdicts.push(
        judgeCost('50 chargers, 2.0.1', few, cpuMsPerMessage),
        judgeCost('50 chargers, 1.6', old, cpuMsPerMessage),
        judgeCost('500 chargers, 2.0.1', many, cpuMsPerMessage),
      );
      this.print();
      cpuByProcess([
        ['50 chargers', few],
        ['500 chargers', many],
      ]).forEach((line) => this.print(line));
    }
    if (!withHistory) return;
    const late = await this.withReadings(history);
    const readings = history.toLocaleString('en');
    this.verdicts.push(
      judgeCost(`50 chargers, 2.0.1, ${readings} readings stored`, late, cpuMsPerMessage),
      judgeGrowth(`${FEW_READINGS.toLocaleString('en')} to ${readings} readings stored`, few, late),
    );
  }

  async openLoop(): Promise<void> {
    const { messagesPerSecond, seconds } = this.options;
    await this.has(MANY);
    await this.warmUp();
    const chargers = this.chargers.slice(0, MANY);
    const name = `open loop, 500 chargers, ${messagesPerSecond} msg/s`;
    this.print(tableHead());
    const result = this.judge(
      name,
      await runOpenLoop({ ...this.target, chargers, messagesPerSecond, seconds }),
    );
    this.verdicts.push(judgeOpenLoop(name, result, messagesPerSecond * seconds));
  }

  async join(): Promise<void> {
    const { messagesPerSecond, joining } = this.options;
    await this.has(2 * joining);
    await this.warmUp();
    this.print(tableHead());
    const result = await runJoin({
      ...this.target,
      chargers: this.chargers.slice(0, joining),
      joining: this.chargers.slice(joining, 2 * joining),
      messagesPerSecond,
    });
    this.judge(`${joining} at work while ${joining} join, ${messagesPerSecond} msg/s`, result.working);
    this.print(
      `last of ${joining} booted after ${(result.lastBootedAfterMs / 1000).toFixed(1)} s, ${result.refusals} times one was told to come back later`,
    );
    this.verdicts.push(...judgeJoin(result));
  }

  async idle(): Promise<void> {
    const { idleConnections } = this.options;
    await this.has(FEW + idleConnections, FEW);
    const idle = this.chargers.slice(FEW, FEW + idleConnections);
    await withFloor({}, async (floor) => {
      const inspector = await HeapInspector.attach(floor.pid, floor.inspectPort);
      const fleet = IdleFleet.start(WORKSPACE_ROOT, floor, new Map([['floor', inspector]]));
      idleLines('floor: raw ws', await fleet.open(idle)).forEach((line) => this.print(line));
      await fleet.close();
      inspector.close();
    });
    await this.warmUp();
    this.print(tableHead());
    const without = await this.cheapestLoad('Kilowatch, 50 chargers, 2.0.1');
    const inspectors = await this.inspectors();
    const fleet = IdleFleet.start(WORKSPACE_ROOT, this.target, inspectors);
    try {
      const before = await fleet.cpuMsPerSecond(IDLE_LOOK_S);
      const memory = await fleet.open(idle);
      inspectors.forEach((inspector) => inspector.close());
      const after = await fleet.cpuMsPerSecond(IDLE_LOOK_S);
      // Collecting all garbage to weigh a connection throws away compiled code too, in every service.
      await this.compiled();
      const among = `Kilowatch, 50 chargers among ${idleConnections.toLocaleString('en')} idle`;
      const beside = await this.cheapestLoad(among);
      idleLines('Kilowatch', memory).forEach((line) => this.print(line));
      this.print(
        `nothing to do: ${before.toFixed(0)} CPU-ms a second without them, ${after.toFixed(0)} with all open`,
      );
      cpuByProcess([
        ['alone', without],
        ['among idle', beside],
      ]).forEach((line) => this.print(line));
      const verdict = judgeIdle(memory);
      if (verdict) this.verdicts.push(verdict);
      this.verdicts.push(
        judgeGrowth(`0 to ${idleConnections.toLocaleString('en')} idle connections`, without, beside),
      );
    } finally {
      await fleet.close();
    }
  }

  /** Stations up to `count`, those below `charging` with a token. */
  private async has(count: number, charging = count): Promise<void> {
    if (this.chargers.length >= count) return;
    this.chargers = await provisionChargers(this.operator, count, charging);
    await this.target.quiet();
  }

  private async floors(): Promise<void> {
    const { databaseUrl } = this.system.addresses;
    const chargers = this.chargers.slice(0, FEW);
    const load = (target: Target) =>
      runLoad({ ...target, chargers, version: '2.0.1', seconds: this.shortSeconds });
    const postgresPid = this.system.pids().get('postgres');
    this.print(tableRow('floor: raw ws, canned answer', await withFloor({}, load)));
    // A Postgres that was given by URL is not ours to measure.
    if (postgresPid === undefined) return;
    const durable = { databaseUrl, postgresPid };
    this.print(tableRow('floor: the same, committed by group', await withFloor({ durable }, load)));
  }

  /**
   * Compiled code, filled caches and a database with statistics for all that follow, and sessions whose copies become the history.
   * Services run for weeks: what V8 spends in their first minute on compiling is no cost of a message, nor are plans that Postgres
   * made for empty tables, until autovacuum looked at them for the first time.
   */
  private async warmUp(): Promise<void> {
    if (this.warm) return;
    await this.compiled();
    await vacuumed(this.system.addresses.databaseUrl);
    this.warm = true;
  }

  private compiled(): Promise<LoadResult> {
    return this.load(FEW, '2.0.1', COMPILED_AFTER_S);
  }

  private heat(version: Version = '2.0.1'): Promise<LoadResult> {
    return this.load(FEW, version, WARM_UP_LOADS * this.options.seconds);
  }

  private get shortSeconds(): number {
    return Math.min(this.options.seconds, SHORT_S);
  }

  private load(count: number, version: Version, seconds = this.options.seconds): Promise<LoadResult> {
    return runLoad({ ...this.target, chargers: this.chargers.slice(0, count), version, seconds });
  }

  private async withReadings(readings: number): Promise<LoadResult> {
    const identities = this.chargers.slice(0, FEW).map(({ identity }) => identity);
    const stored = await storeHistory(this.system.addresses.databaseUrl, identities, readings);
    // New statistics throw away every plan of every connection.
    await this.heat();
    return this.cheapestLoad(`Kilowatch, 50 chargers, 2.0.1, ${stored.toLocaleString('en')} readings`);
  }

  private async cheapestLoad(name: string, version: Version = '2.0.1'): Promise<LoadResult> {
    const runs: LoadResult[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      const result = await this.load(FEW, version);
      this.print(tableRow(name, result));
      runs.push(result);
    }
    const best = cheapest(runs);
    this.judged.push(best);
    return best;
  }

  private judge(name: string, result: LoadResult): LoadResult {
    this.print(tableRow(name, result));
    this.judged.push(result);
    return result;
  }

  private async inspectors(): Promise<Map<string, HeapInspector>> {
    const inspectors = new Map<string, HeapInspector>();
    for (const [name, pid] of this.system.pids()) {
      const port = this.inspectPorts.get(name);
      if (port !== undefined) inspectors.set(name, await HeapInspector.attach(pid, port));
    }
    return inspectors;
  }
}
