import { splitEnvironment } from '@kilowatch/platform';
import { describe, expect, it } from 'vitest';
import { environmentTogether, startsOf } from './service-starts.js';
import { SERVICES } from './services.js';

const environment = ({ name }: { readonly name: string }) => ({ PATH: '/bin', KW_HTTP_PORT: name });

describe('the processes of a system', () => {
  it('are one for each service', () => {
    const starts = startsOf(SERVICES, environment, false);
    expect(starts.map(({ name }) => name)).toEqual(SERVICES.map(({ name }) => name));
    expect(starts[2]).toEqual({
      name: 'metering',
      entry: 'apps/metering/dist/main.js',
      args: [],
      env: { PATH: '/bin', KW_HTTP_PORT: 'metering' },
    });
  });

  it('are one for all of them together', () => {
    const [start, ...others] = startsOf(SERVICES.slice(1, 4), environment, true);
    expect(others).toEqual([]);
    expect(start).toEqual({
      name: 'together',
      entry: 'apps/together/dist/main.js',
      args: ['sessions', 'metering', 'ocpp-gateway'],
      env: {
        PATH: '/bin',
        KW_SESSIONS__HTTP_PORT: 'sessions',
        KW_METERING__HTTP_PORT: 'metering',
        KW_OCPP_GATEWAY__HTTP_PORT: 'ocpp-gateway',
      },
      graceMs: 60_000,
    });
  });

  it('give each service together what it has alone', () => {
    const alone = new Map<string, Record<string, string>>([
      ['auth', { PATH: '/bin', KW_HTTP_PORT: '1', KW_LOG_LEVEL: 'warn' }],
      ['load-management', { PATH: '/bin', KW_HTTP_PORT: '2', KW_METERING_GRPC_URL: 'localhost:3' }],
    ]);
    const settings = new Set(['KW_HTTP_PORT', 'KW_LOG_LEVEL', 'KW_METERING_GRPC_URL']);
    const known = new Map([...alone.keys()].map((service) => [service, settings]));
    expect(splitEnvironment(known, environmentTogether(alone))).toEqual(alone);
  });
});
