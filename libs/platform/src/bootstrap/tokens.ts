/** Injection tokens for what is no class: `@Inject(CLOCK) clock: Clock`. */
export const CONFIG = Symbol('kilowatch.config');
export const LOGGER = Symbol('kilowatch.logger');
export const CLOCK = Symbol('kilowatch.clock');
export const IDS = Symbol('kilowatch.ids');
