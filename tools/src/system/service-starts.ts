import { SETTING_PREFIX, prefixOf } from '@kilowatch/platform';
import type { ServiceSpec } from './services.js';

/** Name of the process in which all services are (apps/together). */
export const TOGETHER = 'together';

/** A process to start: a service by itself, or several in one. */
export interface ServiceStart {
  readonly name: string;
  /** From the repository's root. */
  readonly entry: string;
  readonly args: readonly string[];
  readonly env: Record<string, string>;
  readonly graceMs?: number;
}

/** They stop one after the other. */
const GRACE_TOGETHER_MS = 60_000;

export function startsOf(
  services: readonly ServiceSpec[],
  environment: (service: ServiceSpec) => Record<string, string>,
  together: boolean,
): ServiceStart[] {
  if (together) {
    const names = services.map(({ name }) => name);
    const environments = new Map(services.map((service) => [service.name, environment(service)]));
    const env = environmentTogether(environments);
    return [
      {
        name: TOGETHER,
        entry: `apps/${TOGETHER}/dist/main.js`,
        args: names,
        env,
        graceMs: GRACE_TOGETHER_MS,
      },
    ];
  }
  return services.map((service) => ({
    name: service.name,
    entry: `apps/${service.name}/dist/main.js`,
    args: [],
    env: environment(service),
  }));
}

/** Each setting under the name of its service; of what is no setting of ours, the first service's. */
export function environmentTogether(
  environments: ReadonlyMap<string, Record<string, string>>,
): Record<string, string> {
  const together: Record<string, string> = {};
  for (const [service, environment] of environments) {
    for (const [name, value] of Object.entries(environment)) {
      if (name.startsWith(SETTING_PREFIX))
        together[prefixOf(service) + name.slice(SETTING_PREFIX.length)] = value;
      else together[name] ??= value;
    }
  }
  return together;
}
