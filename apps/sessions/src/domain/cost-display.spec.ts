import { describe, expect, it } from 'vitest';
import { costAbilityOf, costDisplayOf } from './cost-display.js';

const ability = (values: Record<string, string>) => costAbilityOf(new Map(Object.entries(values)));
const ABLE = { able: true, currency: 'EUR' };

describe('a station that shows costs', () => {
  it.each([
    ['is told of by Enabled[Cost]', { 'tariffcostctrlr.enabled.cost': 'true' }, true],
    ['is told of by Available[Cost] alone', { 'tariffcostctrlr.available.cost': 'True' }, true],
    [
      'is none while it is switched off',
      { 'tariffcostctrlr.available.cost': 'true', 'tariffcostctrlr.enabled.cost': 'false' },
      false,
    ],
    ['is none for showing tariffs', { 'tariffcostctrlr.enabled.tariff': 'true' }, false],
    ['is none by silence', {}, false],
  ])('%s', (_title, values, able) => {
    expect(ability(values)).toEqual({ able, currency: '' });
  });

  it('shows one currency; what is none counts as not said', () => {
    expect(ability({ 'tariffcostctrlr.currency.': ' eur ' }).currency).toBe('EUR');
    expect(ability({ 'tariffcostctrlr.currency.': '€' }).currency).toBe('');
  });

  it('is what its model says, unless an operator says otherwise', () => {
    expect(costDisplayOf('ocpp2.0.1', 'AUTO', ABLE)).toEqual({ currency: 'EUR' });
    expect(costDisplayOf('ocpp2.0.1', 'OFF', ABLE)).toBeUndefined();
    expect(costDisplayOf('ocpp2.1', 'AUTO', { able: false, currency: '' })).toBeUndefined();
    expect(costDisplayOf('ocpp2.1', 'ON', { able: false, currency: '' })).toEqual({ currency: '' });
  });

  it('speaks 2.x: 1.6 has no message for it', () => {
    expect(costDisplayOf('ocpp1.6', 'ON', ABLE)).toBeUndefined();
  });
});
