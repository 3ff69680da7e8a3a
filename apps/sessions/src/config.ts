import { flag, peers, type ConfigOf } from '@kilowatch/platform';
import { z } from 'zod';
import { parseDefaults } from './domain/default-settings.js';

/** Settings of this service beside those every service has. */
export const configShape = {
  ...peers('auth', 'ocpp-gateway'),
  /** Heartbeat interval told to a booting station; the gateway adds its jitter. */
  KW_HEARTBEAT_INTERVAL_SECONDS: z.coerce.number().int().min(30).max(86_400).default(300),
  /** Told to a station that is not accepted: when it boots again. */
  KW_BOOT_RETRY_SECONDS: z.coerce.number().int().min(10).max(86_400).default(60),
  /** Whether stations are read and set up after they boot. */
  KW_PROVISION_ON_BOOT: flag().default(true),
  /** After a boot: the first minute belongs to the driver who waits. */
  KW_PROVISION_DELAY_SECONDS: z.coerce.number().int().min(0).max(3_600).default(15),
  /** How long a connection may go without a boot before the station is asked for one (Q23). */
  KW_PROVISION_SETTLE_SECONDS: z.coerce.number().int().min(0).max(3_600).default(30),
  /** Whether connectors that misbehave without a session are helped (Q47). */
  KW_RECOVER_CONNECTORS: flag().default(true),
  /** What accepted stations are set to: JSON `{"<tenant or *>": {"sampleInterval": "30", "webSocketPingInterval": null}}`. */
  KW_STATION_DEFAULTS: z
    .string()
    .default('{}')
    .transform((text, context) => {
      const defaults = parseDefaults(text);
      if (defaults) return defaults;
      context.addIssue({ code: 'custom', message: 'not a JSON object of settings by tenant' });
      return z.NEVER;
    }),
};

export type SessionsConfig = ConfigOf<typeof configShape>;
