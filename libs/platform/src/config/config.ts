import { existsSync, readFileSync } from 'node:fs';
import { Secret, invalid } from '@kilowatch/kernel';
import { z } from 'zod';
import { baseShape } from './base-shape.js';

export type Environment = Readonly<Record<string, string | undefined>>;
export type ConfigOf<S extends z.ZodRawShape> = Readonly<z.infer<z.ZodObject<typeof baseShape & S>>>;
/** What every service's configuration has; services add their own keys by their shape. */
export type BaseConfig = ConfigOf<Record<never, never>>;

export const SETTING_PREFIX = 'KW_';
export const FILE_SUFFIX = '_FILE';
/** What makes a service worse on purpose. */
const TESTS_ONLY = ['KW_CRASH_ORDER_PATH'];
/** Settings that came from a file, by configuration: some are read again while the service runs. */
const files = new WeakMap<object, ReadonlyMap<string, string>>();

/**
 * Parses the process environment once. Keys of the shape are the names of the variables (`KW_...`), the result has the same
 * keys. `KW_X_FILE=/path` gives `KW_X` from a file (secrets). A `KW_` variable nobody declared is an error: it is a typo.
 */
export function loadConfig<S extends z.ZodRawShape>(
  shape: S,
  environment: Environment = process.env,
): ConfigOf<S> {
  const schema = z.object({ ...baseShape, ...shape });
  const { values, paths } = readPrefixed(environment);
  const unknown = Object.keys(values).filter((key) => !(key in schema.shape));
  const parsed = schema.safeParse(values);
  const problems = [
    ...unknown.map((key) => `${key}: not a setting of this service`),
    ...TESTS_ONLY.filter((key) => key in values && values['KW_ENV'] !== 'test').map(
      (key) => `${key}: for tests only (KW_ENV=test)`,
    ),
    ...(parsed.success
      ? []
      : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)),
  ];
  if (problems.length > 0 || !parsed.success) {
    throw invalid('CONFIG_INVALID', `The configuration is wrong:\n  ${problems.join('\n  ')}`);
  }
  const config = Object.freeze(parsed.data) as ConfigOf<S>;
  files.set(config, paths);
  return config;
}

/** Where `KW_X_FILE` said that the setting stands; undefined when it was given itself. */
export function fileOfSetting<C extends object>(config: C, name: keyof C & string): string | undefined {
  return files.get(config)?.get(name);
}

interface Prefixed {
  readonly values: Record<string, string>;
  readonly paths: ReadonlyMap<string, string>;
}

function readPrefixed(environment: Environment): Prefixed {
  const values: Record<string, string> = {};
  const paths = new Map<string, string>();
  for (const [name, value] of Object.entries(environment)) {
    if (!name.startsWith(SETTING_PREFIX) || value === undefined) continue;
    if (name.endsWith(FILE_SUFFIX)) {
      if (!existsSync(value)) throw invalid('CONFIG_INVALID', `${name}: there is no file ${value}`);
      values[name.slice(0, -FILE_SUFFIX.length)] = readFileSync(value, 'utf8').trimEnd();
      paths.set(name.slice(0, -FILE_SUFFIX.length), value);
    } else {
      values[name] ??= value;
    }
  }
  return { values, paths };
}

/** The configuration as it may be logged: secrets are replaced, undefined settings left out. */
export function redacted(config: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(config)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key, value instanceof Secret ? '[redacted]' : value]),
  );
}
