// @kilowatch/pricing: what a charging session costs under an OCPI tariff. Pure: no I/O, clock or randomness; times are arguments.
export * from './amounts.js';
export * from './choices.js';
export * from './periods-from-cdr.js';
export * from './periods-from-session.js';
export * from './price-case.js';
export * from './price-lines.js';
export * from './price-schedule.js';
export * from './pricing.js';
export * from './restrictions.js';
export * from './slices.js';
export * from './tariff.js';
export * from './tariff-221.js';
export * from './tariff-check.js';
export { parseTariff } from './tariff-document.js';
export * from './tariff-request.js';
export * from './tariff-summary.js';
export * from './totals.js';
export * from './uses.js';
