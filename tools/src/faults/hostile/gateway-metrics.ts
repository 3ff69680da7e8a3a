import type { Stage } from '../stage.js';

/** How often the gateway has refused something (`kw_ocpp_refused_total`) since it started, for that reason or for any. */
export async function refusals({ system }: Stage, reason?: string): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${system.addresses.http['ocpp-gateway']}/metrics`);
  return countOf(await response.text(), reason);
}

export function countOf(metrics: string, reason?: string): number {
  const wanted = `kw_ocpp_refused_total{${reason === undefined ? '' : `reason="${reason}"`}`;
  return metrics
    .split('\n')
    .filter((line) => line.startsWith(wanted))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}
