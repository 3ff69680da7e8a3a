import { readdirSync } from 'node:fs';
import { startable } from '@kilowatch/platform';
import { describe, expect, it } from 'vitest';
import { SERVICES, chosenServices, configured } from './services.js';

const APPS = new URL('../../', import.meta.url);
/** Pages, and what starts the others. */
const NO_SERVICES = ['portal', 'together'];

describe('the services of one process', () => {
  it('are all there are when none is named', () => {
    expect(chosenServices([])).toEqual(SERVICES);
    const apps = readdirSync(APPS).filter((name) => !NO_SERVICES.includes(name));
    expect([...SERVICES].sort()).toEqual(apps.sort());
  });

  it('start in their own order, however they are named', () => {
    expect(chosenServices(['ocpp-gateway', 'auth', 'metering'])).toEqual([
      'auth',
      'metering',
      'ocpp-gateway',
    ]);
  });

  it('are not guessed', () => {
    expect(() => chosenServices(['auth', 'biling'])).toThrow(/There is no service biling: there are auth,/);
  });
});

describe('their configuration', () => {
  class Nothing {}
  const services = new Map(
    ['auth', 'metering'].map((name) => [
      name,
      startable({}, (config) => ({ name, config, module: Nothing })),
    ]),
  );
  const secret = { KW_SERVICE_SECRET: 'a-secret-of-thirty-two-bytes-or-more' };

  it('is each one’s own', () => {
    const options = configured(services, {
      ...secret,
      KW_AUTH__HTTP_PORT: '81',
      KW_METERING__HTTP_PORT: '82',
    });
    expect(options.map(({ name, config }) => [name, config.KW_HTTP_PORT])).toEqual([
      ['auth', 81],
      ['metering', 82],
    ]);
  });

  it('names the service of each mistake', () => {
    const wrong = { ...secret, KW_AUTH__HTTP_PORT: 'eighty', KW_METERING__TYPO: '1' };
    expect(() => configured(services, wrong)).toThrow(
      /auth: .*\n {2}KW_HTTP_PORT: .*\nmetering: .*\n {2}KW_TYPO: not a setting of this service/,
    );
  });
});
