import type { SetTariffSourceInput } from '../api/documents/inputs.js';
import type { TariffSourceParts } from '../api/documents/prices.js';
import { feedName } from './price-feed-words.js';
import type { Word } from './session-words.js';

type Kind = TariffSourceParts['kind'];
type Curve = NonNullable<TariffSourceParts['curve']>;

/** As they are stored: decimals as text. */
interface Settings {
  readonly marginPercent?: string;
  readonly margin?: string;
  readonly floor?: string;
  readonly cap?: string;
  readonly steps?: readonly { readonly below?: string; readonly price: string }[];
  readonly percent?: string;
  readonly perKwh?: string;
}

export const SOURCE_KINDS: Readonly<Record<Kind, string>> = {
  SPOT: 'The market price and a margin',
  STEPS: 'Steps of a curve: load, CO2, renewable energy',
  DISCOUNT: 'A discount for subscribers',
};

export const settingsOf = ({ settings }: TariffSourceParts): Settings => settings as Settings;

export function curveName({ source, area }: Curve): string {
  return source === 'OWN' ? `curve ${area}` : feedName({ source, area });
}

/** What is made, in a sentence. */
export function ruleText(source: TariffSourceParts): string {
  const { kind, currency, curve, fallbackTariffId, baseTariffId, plan } = source;
  const rule = settingsOf(source);
  if (kind === 'DISCOUNT') {
    const parts = [
      rule.percent === undefined ? [] : [`${rule.percent} %`],
      rule.perKwh === undefined ? [] : [`${rule.perKwh} a kWh`],
    ];
    return `${parts.flat().join(' and ')} off tariff ${baseTariffId} for plan ${plan}.`;
  }
  const name = curve ? curveName(curve) : 'a curve';
  const fallback = `Where it says nothing: tariff ${fallbackTariffId}.`;
  if (kind === 'STEPS') {
    const steps = (rule.steps ?? []).map(({ below, price }) =>
      below === undefined ? `else ${price}` : `below ${below}: ${price}`,
    );
    return `${currency} a kWh by ${name}: ${steps.join(', ')}. ${fallback}`;
  }
  const parts = [
    ...(rule.marginPercent === undefined ? [] : [`plus ${rule.marginPercent} %`]),
    ...(rule.margin === undefined ? [] : [`plus ${rule.margin} ${currency} a kWh`]),
    ...(rule.floor === undefined ? [] : [`not below ${rule.floor}`]),
    ...(rule.cap === undefined ? [] : [`not above ${rule.cap}`]),
  ];
  return `${[`The price of ${name}`, ...parts].join(', ')}. ${fallback}`;
}

export function sourceWord({ madeAt, failure }: TariffSourceParts): Word {
  if (failure !== null) return { text: 'Not made', tone: 'bad' };
  return madeAt === null ? { text: 'Being made', tone: 'info' } : { text: 'Made', tone: 'good' };
}

const FAILURES: Readonly<Record<string, string>> = {
  BILLING_SOURCE_FALLBACK: 'The fallback tariff is not there, or does not fit: same currency, same taxes.',
  BILLING_SOURCE_BASE: 'The tariff that the discount is on is not there.',
  BILLING_SOURCE_TOO_MANY: 'It has as many versions today as it may have; the next is made tomorrow.',
  BILLING_TARIFF_UNLAWFUL:
    'It would break a law on prices where it is assigned, which this company refuses. What was made before counts.',
};

/** Why no version can be made, and what to do. Undefined: one can. */
export function sourceFailureText({ failure }: TariffSourceParts): string | undefined {
  if (failure === null) return undefined;
  return FAILURES[failure] ?? `No version can be made (${failure}): change what it is made from.`;
}

/** What is stored as it would be set again. */
export function inputOf(source: TariffSourceParts): SetTariffSourceInput {
  const { tariffId, name, kind, plan, baseTariffId } = source;
  const { steps, percent, perKwh, ...spot } = settingsOf(source);
  if (kind === 'DISCOUNT')
    return {
      tariffId,
      name,
      discount: {
        baseTariffId: baseTariffId ?? '',
        plan: plan ?? '',
        ...(percent === undefined ? {} : { percent }),
        ...(perKwh === undefined ? {} : { perKwh }),
      },
    };
  const { currency, definition, idleGraceMinutes, timeZone, curve, fallbackTariffId } = source;
  const common = { tariffId, name, currency, definition, idleGraceMinutes, timeZone, fallbackTariffId };
  const of = curve && { source: curve.source, area: curve.area };
  return kind === 'SPOT' ? { ...common, curve: of, spot } : { ...common, curve: of, steps: steps ?? [] };
}
