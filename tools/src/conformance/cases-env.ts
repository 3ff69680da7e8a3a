import { DEMO_TENANT } from '../system/system-options.js';
import type { TlsDoors } from './tls-doors.js';

/** What services are told when cases are played. */
export function casesEnv(tls: TlsDoors): Record<string, Record<string, string>> {
  const pools = [{ kind: 'SIMULATED', tenant: DEMO_TENANT }];
  return {
    'ocpp-gateway': gatewayEnv(tls),
    auth: { ...tls.authEnv, KW_EGRESS_ALLOW: '127.0.0.1', KW_CONTRACT_POOLS: JSON.stringify(pools) },
  };
}

/** The gateway: its TLS ports, and patience where a busy machine is no fault. */
function gatewayEnv(tls: TlsDoors): Record<string, string> {
  return { ...tls.gatewayEnv, KW_FINAL_COST_WAIT_MS: '10000' };
}
