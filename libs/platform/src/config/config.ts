import { existsSync, readFileSync } from 'node:fs';
import { Secret, invalid } from '@kilowatch/kernel';
import { z } from 'zod';
import { baseShape } from './base-shape.js';

export type Environment = Readonly<Record<string, string | undefined>>;
export type ConfigOf<S extends z.ZodRawShape> = Readonly<z.infer<z.ZodObject<typeof baseShape & S>>>;
/** What every service's configuration has; services add their own keys by their shape. */
export type BaseConfig = ConfigOf<Record<never, never>>;

const PREFIX = 'KW_';

/**
 * Parses the process environment once. Keys of the shape are the names of the variables (`KW_...`), the result has the same
 * keys. `KW_X_FILE=/path` gives `KW_X` from a file (secrets). A `KW_` variable nobody declared is an error: it is a typo.
 */
export function loadConfig<S extends z.ZodRawShape>(
  shape: S,
  environment: Environment = process.env,
): ConfigOf<S> {
  const schema = z.object({ ...baseShape, ...shape });
  const values = readPrefixed(environment);
  const unknown = Object.keys(values).filter((key) => !(key in schema.shape));
  const parsed = schema.safeParse(values);
  const problems = [
    ...unknown.map((key) => `${key}: not a setting of this service`),
    ...(parsed.success
      ? []
      : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)),
  ];
  if (problems.length > 0 || !parsed.success) {
    throw invalid('CONFIG_INVALID', `The configuration is wrong:\n  ${problems.join('\n  ')}`);
  }
  return Object.freeze(parsed.data) as ConfigOf<S>;
}

function readPrefixed(environment: Environment): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (!name.startsWith(PREFIX) || value === undefined) continue;
    if (name.endsWith('_FILE')) {
      if (!existsSync(value)) throw invalid('CONFIG_INVALID', `${name}: there is no file ${value}`);
      values[name.slice(0, -'_FILE'.length)] = readFileSync(value, 'utf8').trimEnd();
    } else {
      values[name] ??= value;
    }
  }
  return values;
}

/** The configuration as it may be logged: secrets are replaced, undefined settings left out. */
export function redacted(config: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(config)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key, value instanceof Secret ? '[redacted]' : value]),
  );
}
