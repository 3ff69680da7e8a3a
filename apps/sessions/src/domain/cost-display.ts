/**
 * Whether a station shows its driver what the session costs (OCPP 2.0.1 use cases I02 and I03). By its device model:
 * TariffCostCtrlr.Enabled[Cost], or Available[Cost] where it does not say whether that is switched on; by an operator, where the
 * model is silent or wrong. OCPP 1.6 has no message for it. Whatever is not of the station's currency would be shown as if it were.
 */
import { isProtocol16 } from './charging-state.js';

export const COST_COMPONENT = 'TariffCostCtrlr';
export const COST_VARIABLES = ['Enabled', 'Available', 'Currency'] as const;

export type CostWish = 'AUTO' | 'ON' | 'OFF';
export const COST_WISHES: readonly string[] = ['AUTO', 'ON', 'OFF'] satisfies CostWish[];

/** What the device model says. */
export interface CostAbility {
  readonly able: boolean;
  /** ISO 4217, empty when it says none. */
  readonly currency: string;
}

export interface CostDisplay {
  readonly currency: string;
}

/** @param values by lower-case `component.variable.instance` */
export function costAbilityOf(values: ReadonlyMap<string, string>): CostAbility {
  const value = (variable: string, instance = '') =>
    values.get(`${COST_COMPONENT}.${variable}.${instance}`.toLowerCase())?.trim();
  const said = value('Enabled', 'Cost') ?? value('Available', 'Cost') ?? '';
  const currency = value('Currency')?.toUpperCase() ?? '';
  return { able: said.toLowerCase() === 'true', currency: /^[A-Z]{3}$/.test(currency) ? currency : '' };
}

/** Undefined: this station is told no costs. */
export function costDisplayOf(
  protocol: string,
  wish: CostWish,
  { able, currency }: CostAbility,
): CostDisplay | undefined {
  if (isProtocol16(protocol)) return undefined;
  return wish === 'ON' || (wish === 'AUTO' && able) ? { currency } : undefined;
}
