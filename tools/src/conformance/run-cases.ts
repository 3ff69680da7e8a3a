import type { OcppVersion } from '@kilowatch/ocpp';
import { within } from '@kilowatch/platform';
import { CaseContext, type World } from './case-context.js';
import type { Block, ConformanceCase } from './conformance-case.js';
import { NotBuilt } from './judge.js';
import { provisionCases } from './provision-cases.js';

export type Verdict = 'PASS' | 'FAIL' | 'NOT BUILT';

export interface CaseResult {
  readonly id: string;
  readonly block: string;
  readonly requirement: string;
  readonly title: string;
  readonly verdict: Verdict;
  /** Why it is no PASS. */
  readonly reason: string;
  readonly ms: number;
}

export interface RunOptions {
  readonly concurrency?: number;
  readonly timeoutMs?: number;
  readonly onResult?: (result: CaseResult) => void;
}

const CONCURRENCY = 8;
const TIMEOUT_MS = 20_000;

/** Plays the cases against a running system, some at a time; results in the order of the cases. */
export async function runCases(
  world: World,
  version: OcppVersion,
  blocks: readonly Block[],
  options: RunOptions = {},
): Promise<CaseResult[]> {
  const { concurrency = CONCURRENCY, timeoutMs = TIMEOUT_MS, onResult } = options;
  const all = blocks.flatMap(({ name, cases }) => cases.map((each) => ({ block: name, each })));
  const playable = all.map(({ each }) => each).filter(({ notBuilt }) => notBuilt === undefined);
  const provisioned = await provisionCases(world, version, playable);
  const results: CaseResult[] = new Array<CaseResult>(all.length);
  let next = 0;
  const worker = async () => {
    for (let i = next++; i < all.length; i = next++) {
      const { block, each } = all[i]!;
      const started = performance.now();
      const own = provisioned.get(each);
      const context = own && new CaseContext(version, world, own, each.securityProfile ?? 0);
      const [verdict, reason] = context
        ? await play(context, each, each.timeoutMs ?? timeoutMs)
        : (['NOT BUILT', each.notBuilt ?? ''] as const);
      const { id, requirement, title } = each;
      const ms = Math.round(performance.now() - started);
      const result = { id, block, requirement, title, verdict, reason, ms };
      results[i] = result;
      onResult?.(result);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return results;
}

async function play(
  context: CaseContext,
  each: ConformanceCase,
  timeoutMs: number,
): Promise<readonly [Verdict, string]> {
  try {
    await within(begin(context, each), timeoutMs, () => {
      throw new Error(`not over after ${timeoutMs / 1000} s`);
    });
    await context.finish();
    return ['PASS', ''];
  } catch (error) {
    // The first failure counts; what else its sockets heard would hide it.
    await context.finish().catch(() => undefined);
    const reason = error instanceof Error ? error.message : String(error);
    return [error instanceof NotBuilt ? 'NOT BUILT' : 'FAIL', reason];
  }
}

async function begin(context: CaseContext, each: ConformanceCase): Promise<void> {
  const begins = each.begins ?? 'booted';
  if (begins !== 'unconnected') await context.connect();
  if (begins === 'booted') {
    const { status } = await context.boot();
    if (status !== 'Accepted' && !each.registration)
      throw new Error(`the station was not accepted but ${String(status)}`);
  }
  await each.run(context);
}
