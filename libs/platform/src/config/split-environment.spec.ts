import { describe, expect, it } from 'vitest';
import { prefixOf, splitEnvironment } from './split-environment.js';

const services = new Map([
  ['metering', new Set(['KW_LOG_LEVEL', 'KW_HTTP_PORT', 'KW_DATABASE_URL', 'KW_LATE_WINDOW_SECONDS'])],
  ['load-management', new Set(['KW_LOG_LEVEL', 'KW_HTTP_PORT', 'KW_DATABASE_URL', 'KW_METERING_GRPC_URL'])],
]);
const split = (environment: Record<string, string | undefined>) => {
  const parts = splitEnvironment(services, environment);
  return { metering: parts.get('metering'), loadManagement: parts.get('load-management') };
};

describe('the environment of services that share a process', () => {
  it('gives a setting without a name to every service that has it', () => {
    expect(split({ KW_LOG_LEVEL: 'warn', KW_LATE_WINDOW_SECONDS: '5' })).toEqual({
      metering: { KW_LOG_LEVEL: 'warn', KW_LATE_WINDOW_SECONDS: '5' },
      loadManagement: { KW_LOG_LEVEL: 'warn' },
    });
  });

  it('gives a setting with a name to that service alone', () => {
    expect(split({ KW_METERING__HTTP_PORT: '1', KW_LOAD_MANAGEMENT__HTTP_PORT: '2' })).toEqual({
      metering: { KW_HTTP_PORT: '1' },
      loadManagement: { KW_HTTP_PORT: '2' },
    });
  });

  it('does not take the address of a service for a setting of that service', () => {
    expect(split({ KW_METERING_GRPC_URL: 'localhost:1' })).toEqual({
      metering: {},
      loadManagement: { KW_METERING_GRPC_URL: 'localhost:1' },
    });
  });

  it.each([
    [{ KW_LOG_LEVEL: 'warn', KW_METERING__LOG_LEVEL: 'debug' }, { KW_LOG_LEVEL: 'debug' }],
    [
      { KW_DATABASE_URL_FILE: '/all', KW_METERING__DATABASE_URL: 'postgres://own' },
      { KW_DATABASE_URL: 'postgres://own' },
    ],
    [
      { KW_DATABASE_URL: 'postgres://all', KW_METERING__DATABASE_URL_FILE: '/own' },
      { KW_DATABASE_URL_FILE: '/own' },
    ],
  ])('prefers what a service is given itself: %j', (environment, expected) => {
    expect(split(environment).metering).toEqual(expected);
  });

  it('leaves what is no setting of ours to everybody', () => {
    expect(split({ PATH: '/bin', HOME: undefined })).toEqual({
      metering: { PATH: '/bin' },
      loadManagement: { PATH: '/bin' },
    });
  });

  it('leaves it to the service to refuse a setting that it does not have', () => {
    expect(split({ KW_METERING__TYPO: '1' }).metering).toEqual({ KW_TYPO: '1' });
  });

  it('refuses what is a setting of none of them, and of a service that is not there', () => {
    expect(() => split({ KW_TYPO: '1', KW_BILLING__HTTP_PORT: '2' })).toThrow(
      /KW_TYPO: not a setting of metering, load-management\n {2}KW_BILLING__HTTP_PORT: not/,
    );
  });

  it('says how a service is named in a setting', () => {
    expect(prefixOf('load-management')).toBe('KW_LOAD_MANAGEMENT__');
  });
});
