import type { z } from 'zod';
import { baseShape } from '../config/base-shape.js';
import { loadConfig, type ConfigOf, type Environment } from '../config/config.js';
import type { KnownSettings } from '../config/split-environment.js';
import type { ServiceOptions } from './service-options.js';

/** A service as its `service.ts` gives it to whoever starts it, in a process of its own (`main.ts`) or in one with others. */
export interface Startable {
  readonly settings: KnownSettings;
  /** By the environment of the process, or by the part of it that is meant. @throws CONFIG_INVALID */
  configured(environment?: Environment): ServiceOptions;
}

export function startable<S extends z.ZodRawShape>(
  shape: S,
  create: (config: ConfigOf<S>) => ServiceOptions,
): Startable {
  return {
    settings: new Set([...Object.keys(baseShape), ...Object.keys(shape)]),
    configured: (environment) => create(loadConfig(shape, environment)),
  };
}
