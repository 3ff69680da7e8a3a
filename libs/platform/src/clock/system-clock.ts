import type { Clock } from '@kilowatch/kernel';

/** The only clock of production code; tests inject their own. */
export const systemClock: Clock = { now: () => new Date() };
