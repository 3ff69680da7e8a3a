import { readFileSync, rmSync } from 'node:fs';
import type { BaseConfig } from '../config/config.js';

/**
 * Places between two things that belong together and cannot be one transaction. Dying there is what the promises are about
 * (docs/promises.md P1, P3): after a commit and before its event is published, after the publishing and before the stamp, after an
 * effect and before its ack, after a commit and before the answer over gRPC.
 */
export type CrashPoint = 'before-publish' | 'before-stamp' | 'before-ack' | 'before-answer';

/** Called at each passage of a point. What it throws is thrown there. */
export type PassPoint = (point: CrashPoint) => void | Promise<void>;

/**
 * Fault runs only: the process ends as kill -9 would end it when it passes the point that is named in the file
 * KW_CRASH_ORDER_PATH; the file is gone then, so that it happens once. Undefined without that setting, which is refused outside of
 * KW_ENV=test.
 */
export function crashPoints(
  config: Pick<BaseConfig, 'KW_CRASH_ORDER_PATH'>,
  die: () => void = () => process.kill(process.pid, 'SIGKILL'),
): PassPoint | undefined {
  const path = config.KW_CRASH_ORDER_PATH;
  if (path === undefined) return undefined;
  return (point) => {
    if (order(path) !== point) return;
    rmSync(path);
    die();
  };
}

function order(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    // No order: the usual case.
    return undefined;
  }
}
