// Loaded into a service of a fault run (`--import`): its clock, whoever reads it, is off by the milliseconds in the file that
// SKEWED_DATE_PATH names. Timers go on as they are, as on a machine whose time is set. The services know nothing of it.
import { readFileSync } from 'node:fs';

const path = process.env['SKEWED_DATE_PATH'];
/** Reading the file at each look would be most of the work. */
const KEPT_MS = 100;

if (path !== undefined) {
  const RealDate = Date;
  let offsetMs = 0;
  let readAt = -Infinity;
  const now = () => {
    if (performance.now() - readAt >= KEPT_MS) {
      readAt = performance.now();
      offsetMs = offsetIn(path);
    }
    return RealDate.now() + offsetMs;
  };
  const SkewedDate = new Proxy(RealDate, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as Date,
    apply: () => new RealDate(now()).toString(),
    get: (target, key) => (key === 'now' ? now : (Reflect.get(target, key) as unknown)),
  });
  RealDate.prototype.constructor = SkewedDate;
  globalThis.Date = SkewedDate;
}

/** 0 when there is no file. */
function offsetIn(file: string): number {
  try {
    return Number(readFileSync(file, 'utf8')) || 0;
  } catch {
    return 0;
  }
}
