import { z } from 'zod';

/** Settings of metering alone; what every service has is in the platform's base shape. */
export const configShape = {
  /** How long an ended session waits for closing readings that did not come with its end. */
  KW_LATE_WINDOW_SECONDS: z.coerce.number().int().min(0).max(86_400).default(60),
  /** Readings as they came are kept for so long, whole months of them; of a session that is not closed they are kept anyway. */
  KW_READINGS_KEEP_DAYS: z.coerce.number().int().min(31).max(36_500).default(400),
  /** The curves of sessions, in minutes. */
  KW_CURVES_KEEP_DAYS: z.coerce.number().int().min(31).max(36_500).default(1_500),
};
