import type { Tx } from '@kilowatch/platform';

const UNSETTLED = {};

/**
 * Bills that a transaction has made and not come to settling yet. Sessions of one driver may be billed side by side in it: each bill is
 * settled by who made it first, by card or wallet, and only then paid by whatever money comes.
 */
export function unsettledBills({ local }: Tx): Set<string> {
  const held = local.get(UNSETTLED) as Set<string> | undefined;
  if (held) return held;
  const made = new Set<string>();
  local.set(UNSETTLED, made);
  return made;
}
