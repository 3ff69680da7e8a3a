import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { fileOfSetting, loadConfig as load, redacted, type Environment } from './config.js';
import { flag, list, peers, secret } from './fields.js';

const loadConfig = <S extends z.ZodRawShape>(shape: S, environment: Environment) =>
  load(shape, { KW_SERVICE_SECRET: 'a secret of all services', ...environment });

describe('configuration', () => {
  it('parses declared settings and fills defaults', () => {
    const config = loadConfig(
      { KW_GRACE_SECONDS: z.coerce.number() },
      { KW_GRACE_SECONDS: '5', PATH: '/bin' },
    );
    expect(config.KW_GRACE_SECONDS).toBe(5);
    expect(config.KW_LOG_LEVEL).toBe('info');
  });

  it('refuses a prefixed variable nobody declared, naming every problem at once', () => {
    expect(() => loadConfig({ KW_A: z.string() }, { KW_DATABSE_URL: 'x' })).toThrow(
      /KW_DATABSE_URL[\s\S]*KW_A/,
    );
  });

  it('refuses what is for fault runs unless the environment is a test', () => {
    const order = { KW_CRASH_ORDER_PATH: '/tmp/order' };
    expect(() => loadConfig({}, order)).toThrow(/KW_CRASH_ORDER_PATH: for tests only/);
    expect(() => loadConfig({}, { ...order, KW_ENV: 'production' })).toThrow(/for tests only/);
    expect(loadConfig({}, { ...order, KW_ENV: 'test' }).KW_CRASH_ORDER_PATH).toBe('/tmp/order');
  });

  it('reads a secret from a file and never shows it', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'kw-config-')), 'secret');
    writeFileSync(file, 's3cr3t-value\n');
    const config = loadConfig({ KW_PAYMENT_KEY: secret() }, { KW_PAYMENT_KEY_FILE: file });
    expect(config.KW_PAYMENT_KEY.reveal()).toBe('s3cr3t-value');
    expect(JSON.stringify(config)).not.toContain('s3cr3t');
    expect(redacted(config)['KW_PAYMENT_KEY']).toBe('[redacted]');
  });

  it('remembers which file a setting came from', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'kw-config-')), 'certificate');
    writeFileSync(file, 'pem');
    const shape = { KW_CERT: z.string(), KW_NAME: z.string() };
    const config = loadConfig(shape, { KW_CERT_FILE: file, KW_NAME: 'x' });
    expect([fileOfSetting(config, 'KW_CERT'), fileOfSetting(config, 'KW_NAME')]).toEqual([file, undefined]);
  });

  it('is refused without the secret of all services, by name', () => {
    expect(() => load({}, {})).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
    expect(() => load({}, {})).toThrow(/KW_SERVICE_SECRET/);
  });

  it('says which file is missing', () => {
    expect(() => loadConfig({}, { KW_SERVICE_SECRET_FILE: '/does/not/exist' })).toThrow(
      /KW_SERVICE_SECRET_FILE/,
    );
  });

  it('takes flags, lists and peer addresses', () => {
    const config = loadConfig(
      { KW_ON: flag(), KW_HOSTS: list(), ...peers('auth', 'ocpp-gateway') },
      { KW_ON: '1', KW_HOSTS: 'a, b', KW_AUTH_GRPC_URL: 'auth:50051', KW_OCPP_GATEWAY_GRPC_URL: 'gw:50051' },
    );
    expect([config.KW_ON, config.KW_HOSTS, config.KW_OCPP_GATEWAY_GRPC_URL]).toEqual([
      true,
      ['a', 'b'],
      'gw:50051',
    ]);
    expect(() => loadConfig({ KW_ON: flag() }, { KW_ON: 'yes' })).toThrow(/KW_ON/);
  });
});
