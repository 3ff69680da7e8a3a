import { invalid } from '@kilowatch/kernel';
import { FILE_SUFFIX, SETTING_PREFIX, type Environment } from './config.js';

/** Names of the settings that a service has, `KW_...`. */
export type KnownSettings = ReadonlySet<string>;

interface Setting {
  /** As the service knows it: without the service's name, with `_FILE` where the value stands in a file. */
  readonly name: string;
  readonly value: string;
}

/**
 * The environment of each of several services that share a process. `KW_METERING__HTTP_PORT` is the `KW_HTTP_PORT` of metering alone
 * (`KW_LOAD_MANAGEMENT__...` of load-management), `KW_LOG_LEVEL` is that of every service that has such a setting and is not given its
 * own. Both may name a file (`_FILE`). What has no prefix is everybody's. @throws CONFIG_INVALID for a setting that is nobody's: it is a typo
 */
export function splitEnvironment(
  services: ReadonlyMap<string, KnownSettings>,
  environment: Environment = process.env,
): ReadonlyMap<string, Environment> {
  const { common, own, rest } = sorted(services, environment);
  return new Map(
    [...services].map(([service, known]) => {
      const ofOwn = own.get(service) ?? [];
      const given = new Set(ofOwn.map(({ name }) => settingOf(name)));
      const shared = common.filter(({ name }) => knows(known, name) && !given.has(settingOf(name)));
      const settings = [...shared, ...ofOwn].map(({ name, value }) => [name, value] as const);
      return [service, { ...rest, ...Object.fromEntries(settings) }];
    }),
  );
}

interface Sorted {
  readonly common: readonly Setting[];
  readonly own: ReadonlyMap<string, readonly Setting[]>;
  /** No settings of ours. */
  readonly rest: Environment;
}

function sorted(services: ReadonlyMap<string, KnownSettings>, environment: Environment): Sorted {
  const names = [...services.keys()];
  const common: Setting[] = [];
  const own = new Map<string, Setting[]>(names.map((service) => [service, []]));
  const rest: Record<string, string> = {};
  const nobodys: string[] = [];
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined) continue;
    const owner = names.find((service) => name.startsWith(prefixOf(service)));
    if (!name.startsWith(SETTING_PREFIX)) rest[name] = value;
    else if (owner !== undefined)
      // Whether the service has such a setting is for its own configuration to say.
      own.get(owner)?.push({ name: SETTING_PREFIX + name.slice(prefixOf(owner).length), value });
    else if ([...services.values()].some((known) => knows(known, name))) common.push({ name, value });
    else nobodys.push(`${name}: not a setting of ${names.join(', ')}`);
  }
  if (nobodys.length > 0) {
    throw invalid('CONFIG_INVALID', `The configuration is wrong:\n  ${nobodys.join('\n  ')}`);
  }
  return { common, own, rest };
}

/** `load-management` -> `KW_LOAD_MANAGEMENT__`. Two underscores: `KW_METERING_GRPC_URL` is a setting that others have. */
export function prefixOf(service: string): string {
  return `${SETTING_PREFIX}${service.replaceAll('-', '_').toUpperCase()}__`;
}

/** `KW_X_FILE` gives `KW_X`, whether or not there is a setting of that very name. */
const knows = (known: KnownSettings, name: string) => known.has(name) || known.has(settingOf(name));

const settingOf = (name: string) => (name.endsWith(FILE_SUFFIX) ? name.slice(0, -FILE_SUFFIX.length) : name);
