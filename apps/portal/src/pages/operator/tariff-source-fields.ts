/** What the form of a made tariff holds, and what it says. Pure. */
import type { SetTariffSourceInput } from '../../api/documents/inputs.js';
import type { TariffSourceParts } from '../../api/documents/prices.js';
import { fieldOf } from '../../ui/field.js';
import { settingsOf } from '../../words/tariff-source-words.js';

export type SourceKind = TariffSourceParts['kind'];
type Fields = Readonly<Record<string, unknown>>;

export interface StepFields {
  readonly below: string;
  readonly price: string;
}

/** Two to begin with: up to a bound, and above. */
export const FIRST_STEPS: readonly StepFields[] = [
  { below: '', price: '' },
  { below: '', price: '' },
];

export function stepsOf(source: TariffSourceParts | undefined): readonly StepFields[] {
  const steps = source ? settingsOf(source).steps : undefined;
  return steps ? steps.map(({ below = '', price }) => ({ below, price })) : FIRST_STEPS;
}

/** The curves of markets and of one's own are named alike: `NORD_POOL NO1`. */
export function curveValue({ source, area }: { readonly source: string; readonly area: string }): string {
  return `${source} ${area}`;
}

function componentsOf(definition: unknown): readonly Fields[] {
  const elements = (definition as { elements?: { price_components?: Fields[] }[] } | null)?.elements;
  return elements?.[0]?.price_components ?? [];
}

/** The fees that the form knows, of a definition: VAT in percent, and what an idle hour costs. */
export function feesOf(definition: unknown): { readonly vat: string; readonly idle: string } {
  const components = componentsOf(definition);
  const energy = components.find(({ type }) => type === 'ENERGY');
  const idle = components.find(({ type }) => type === 'PARKING_TIME');
  const text = (value: unknown) => (value == null ? '' : String(value as string | number));
  return { vat: text(energy?.vat), idle: text(idle?.price) };
}

const NOTHING = { excl_vat: '0', incl_vat: '0' };

/** A definition with these fees; whatever else the one before had stays. `mayBeNegative`: then no session costs less than
 * nothing, unless the tariff `paysOut`. */
function definitionWith(
  held: unknown,
  { vat, idle }: { readonly vat: string; readonly idle: string },
  { mayBeNegative, paysOut }: { readonly mayBeNegative: boolean; readonly paysOut: boolean },
): Fields {
  const before = componentsOf(held);
  const of = (type: string, price: string, step_size: number) => ({
    step_size,
    ...before.find((one) => one.type === type),
    type,
    price,
    ...(vat === '' ? {} : { vat }),
  });
  const others = before.filter(({ type }) => type !== 'ENERGY' && type !== 'PARKING_TIME');
  const { negative_total: _, min_price: least, ...kept } = (held ?? {}) as Fields;
  const hasLeast = !isNothing(least);
  return {
    ...kept,
    ...(hasLeast ? { min_price: least } : {}),
    ...(mayBeNegative && paysOut ? { negative_total: true } : {}),
    ...(mayBeNegative && !paysOut && !hasLeast ? { min_price: NOTHING } : {}),
    elements: [
      {
        price_components: [
          of('ENERGY', '0', 1),
          ...(idle === '' ? [] : [of('PARKING_TIME', idle, 60)]),
          ...others,
        ],
      },
    ],
  };
}

function isNothing(limit: unknown): boolean {
  return Object.values((limit ?? {}) as Fields).every((amount) => Number(amount) === 0);
}

/** Whether its owner lets sessions come to less than nothing. */
export function paysOutOf(definition: unknown): boolean {
  return (definition as Fields | null)?.['negative_total'] === true;
}

/** Amounts that were left empty are left out. */
function given(fields: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''));
}

/** The input that the form asks for. */
export function inputOfForm(
  form: FormData,
  kind: SourceKind,
  { held, steps }: { readonly held: TariffSourceParts | undefined; readonly steps: readonly StepFields[] },
): SetTariffSourceInput {
  const text = (name: string) => fieldOf(form, name).trim();
  const common = { tariffId: held?.tariffId ?? text('tariffId'), name: text('name') };
  if (kind === 'DISCOUNT')
    return {
      ...common,
      discount: {
        baseTariffId: text('baseTariffId'),
        plan: text('plan'),
        ...given({ percent: text('percent'), perKwh: text('perKwh') }),
      },
    };
  const [source = '', ...area] =
    text('curve') === 'OWN' ? ['OWN', text('ownCurve')] : text('curve').split(' ');
  const mayBeNegative = kind === 'SPOT' && !(Number(text('floor') || '-1') >= 0);
  const paysOut = form.get('paysOut') !== null;
  const grace = text('grace');
  return {
    ...common,
    currency: text('currency').toUpperCase(),
    definition: definitionWith(
      held?.definition,
      { vat: text('vat'), idle: text('idle') },
      { mayBeNegative, paysOut },
    ),
    idleGraceMinutes: grace === '' ? null : Number(grace),
    timeZone: text('timeZone'),
    curve: { source: source as 'OWN', area: area.join(' ') },
    fallbackTariffId: text('fallbackTariffId'),
    ...(kind === 'SPOT'
      ? {
          spot: given({
            marginPercent: text('marginPercent'),
            margin: text('margin'),
            floor: text('floor'),
            cap: text('cap'),
          }),
        }
      : {
          steps: steps.map(({ below, price }, index) =>
            index === steps.length - 1 ? { price } : { below, price },
          ),
        }),
  };
}
