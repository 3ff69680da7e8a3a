import { afterEach, expect, it, vi } from 'vitest';
import { environmentOf } from './environment.js';
import { SERVICES } from './services.js';
import type { SystemOptions } from './system-options.js';

const at = {
  databaseUrl: 'postgres://root:secret@127.0.0.1:5432/kilowatch',
  natsUrl: 'nats://127.0.0.1:4222',
  smtpUrl: 'smtp://127.0.0.1:25',
  ports: { public: 4000, ocpp: 9000, ocpi: 4100 },
  http: {},
  grpc: {},
};
const secrets = {
  serviceSecret: 's',
  signingKeyPem: 'p',
  tokenKey: 't',
  ocpiTokenKey: 'o',
  databasePassword: 'd',
};
const options = { root: '/kilowatch', logLevel: 'info' } as SystemOptions;
const environments = () => SERVICES.map((service) => environmentOf(service, at, secrets, options));

afterEach(() => vi.unstubAllEnvs());

it('hands the identity providers to trust to every service, because each verifies tokens', () => {
  vi.stubEnv('KW_JWT_ISSUERS', '[{"issuer":"https://login.example","jwksUrl":"https://login.example/jwks"}]');
  for (const env of environments()) expect(env['KW_JWT_ISSUERS']).toBe(process.env['KW_JWT_ISSUERS']);
});

it.each(['', undefined])('hands on nothing when it is %j, and no other variable of ours', (value) => {
  vi.stubEnv('KW_JWT_ISSUERS', value);
  vi.stubEnv('KW_SERVICE_SECRET', 'of the shell');
  for (const env of environments()) {
    expect(env).not.toHaveProperty('KW_JWT_ISSUERS');
    expect(env['KW_SERVICE_SECRET']).toBe('s');
  }
});
