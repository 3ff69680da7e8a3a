import type { CollectiveCalendar } from '../domain/collective.js';

/** Injection token: the seller's calendar, and how long after a month its invoice waits. */
export const COLLECTIVE = Symbol('COLLECTIVE');

export type CollectiveSettings = CollectiveCalendar;
