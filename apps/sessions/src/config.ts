import { peers, type ConfigOf } from '@kilowatch/platform';
import { z } from 'zod';

/** Settings of this service beside those every service has. */
export const configShape = {
  ...peers('auth', 'ocpp-gateway'),
  /** Heartbeat interval told to a booting station; the gateway adds its jitter. */
  KW_HEARTBEAT_INTERVAL_SECONDS: z.coerce.number().int().min(30).max(86_400).default(300),
};

export type SessionsConfig = ConfigOf<typeof configShape>;
