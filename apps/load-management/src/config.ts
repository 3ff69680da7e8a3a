import { peers } from '@kilowatch/platform';
import { z } from 'zod';

/** Settings of load management alone; what every service has is in the platform's base shape. */
export const configShape = {
  ...peers('ocpp-gateway'),
  /** How long a charger keeps a limit that is not renewed. Renewed with a third of it left. */
  KW_PROFILE_LEASE_SECONDS: z.coerce.number().int().min(60).max(86_400).default(900),
  /** How long a charger may take to answer. */
  KW_PROFILE_TIMEOUT_SECONDS: z.coerce.number().int().min(1).max(60).default(15),
};
