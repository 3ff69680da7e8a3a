import { invalid, toAppError } from '@kilowatch/kernel';
import { splitEnvironment, type Environment, type ServiceOptions, type Startable } from '@kilowatch/platform';

/** They start in this order and stop in the reverse: the doors to the outside open last and close first. */
export const SERVICES = [
  'auth',
  'sessions',
  'metering',
  'billing',
  'load-management',
  'insights',
  'notifications',
  'feedback',
  'ocpi',
  'ocpp-gateway',
  'graphql-gateway',
] as const;
export type ServiceName = (typeof SERVICES)[number];

/** All services, or those of the command line, in the order they start. @throws CONFIG_INVALID for a name that is none */
export function chosenServices(names: readonly string[]): readonly ServiceName[] {
  const unknown = names.filter((name) => !SERVICES.some((service) => service === name));
  if (unknown.length > 0) {
    throw invalid(
      'CONFIG_INVALID',
      `There is no service ${unknown.join(', ')}: there are ${SERVICES.join(', ')}`,
    );
  }
  return names.length === 0 ? SERVICES : SERVICES.filter((service) => names.includes(service));
}

/** By path, since no service is a dependency of another project: what is not chosen is not even loaded. */
export async function loadService(name: ServiceName): Promise<Startable> {
  const { service } = (await import(new URL(`../../${name}/dist/service.js`, import.meta.url).href)) as {
    service: Startable;
  };
  return service;
}

/** Each by its part of the environment. @throws CONFIG_INVALID that says of every service what is wrong with its part */
export function configured(
  services: ReadonlyMap<string, Startable>,
  environment?: Environment,
): ServiceOptions[] {
  const settings = new Map([...services].map(([name, service]) => [name, service.settings]));
  const environments = splitEnvironment(settings, environment);
  const problems: string[] = [];
  const options = [...services].flatMap(([name, service]) => {
    try {
      return [service.configured(environments.get(name))];
    } catch (thrown) {
      problems.push(`${name}: ${toAppError(thrown).publicText}`);
      return [];
    }
  });
  if (problems.length > 0) throw invalid('CONFIG_INVALID', problems.join('\n'));
  return options;
}
