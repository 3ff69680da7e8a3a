/** The only entry of @kilowatch/kernel: pure types and rules shared by every service. */
export * from './car-full.js';
export * from './currency.js';
export * from './decimal.js';
export * from './energy.js';
export * from './errors.js';
export * from './group-by.js';
export * from './ids.js';
export * from './mask.js';
export * from './money.js';
export * from './packed.js';
export * from './secret.js';
export * from './state-machine.js';
export * from './storable-text.js';
export * from './tenant.js';
export * from './time.js';
export * from './token-key.js';
