/** Injection token: how long an ended session waits for closing readings, ms. */
export const LATE_WINDOW = Symbol('LATE_WINDOW');
