import { z } from 'zod';

/** Settings of metering alone; what every service has is in the platform's base shape. */
export const configShape = {
  /** How long an ended session waits for closing readings that did not come with its end. */
  KW_LATE_WINDOW_SECONDS: z.coerce.number().int().min(0).max(86_400).default(60),
};
