/** Which months of readings there have to be. */

const MONTHS_BEHIND = 1;
const MONTHS_AHEAD = 3;

/** Their first days, as 2026-01-01, by UTC: the month before, this one and those that chargers' clocks may be ahead by. */
export function monthsWanted(now: Date): string[] {
  const months: string[] = [];
  for (let i = -MONTHS_BEHIND; i <= MONTHS_AHEAD; i += 1) {
    const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + i, 1));
    months.push(month.toISOString().slice(0, 10));
  }
  return months;
}
