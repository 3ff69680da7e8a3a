import type { TlsDoors } from './tls-doors.js';

/** What the gateway is told when cases are played: its TLS ports, and patience where a busy machine is no fault. */
export function gatewayEnv(tls: TlsDoors): Record<string, string> {
  return { ...tls.gatewayEnv, KW_FINAL_COST_WAIT_MS: '10000' };
}
