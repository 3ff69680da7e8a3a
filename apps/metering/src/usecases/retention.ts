/** How long what is kept. */
export interface Retention {
  readonly readingDays: number;
  readonly curveDays: number;
}

/** Injection token. */
export const RETENTION = Symbol('RETENTION');
