import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SERVICES, chosenServices } from './services.js';

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
