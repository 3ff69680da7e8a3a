import { Inject, Injectable } from '@nestjs/common';
import { invalid, isCurrency, isTimeZone, notFound, type Clock, type Decimal } from '@kilowatch/kernel';
import { CLOCK, Database, tenantScope, type Principal, type SortKey, type Tx } from '@kilowatch/platform';
import { FEED_SOURCES } from '../../domain/feeds/price-feed.js';
import { checkCurveTariff } from '../../domain/sources/curve-tariff.js';
import { readDiscount } from '../../domain/sources/discount.js';
import {
  findTariffSource,
  listTariffSources,
  removeTariffSource,
  saveTariffSource,
  type TariffSourceRecord,
} from '../../persistence/tariff-source.repository.js';
import { findTariffs, lockTariffs } from '../../persistence/tariff.repository.js';
import { OWN_SOURCE } from '../feeds/manage-feeds.js';
import { curveTariffOf } from './curve-source.js';

export type { TariffSourceRecord };

type Amount = string | Decimal;

export interface TariffSourceInput {
  readonly tariffId: string;
  readonly name: string;
  readonly currency?: string | null;
  readonly definition?: unknown;
  readonly idleGraceMinutes?: number | null;
  readonly timeZone?: string | null;
  readonly curve?: { readonly source: string; readonly area: string } | null;
  readonly fallbackTariffId?: string | null;
  readonly spot?: {
    readonly marginPercent?: Amount | null;
    readonly margin?: Amount | null;
    readonly floor?: Amount | null;
    readonly cap?: Amount | null;
  } | null;
  readonly steps?: readonly { readonly below?: Amount | null; readonly price: Amount }[] | null;
  readonly discount?: {
    readonly baseTariffId: string;
    readonly plan: string;
    readonly percent?: Amount | null;
    readonly perKwh?: Amount | null;
  } | null;
}

export type NewSource = Omit<TariffSourceRecord, 'failure' | 'madeAt'>;

/** What the versions of a tariff are made from. A change is seen in the next version, a moment later. */
@Injectable()
export class ManageSources {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  list(
    { tenant }: Principal,
    page: { limit: number; after: SortKey | undefined },
  ): Promise<TariffSourceRecord[]> {
    return this.database.read(tenantScope(tenant), (tx) => listTariffSources(tx, tenant, page));
  }

  /** Throws INVALID for what cannot become a tariff, NOT_FOUND for a fallback or a base that is not there. */
  async set(principal: Principal, input: TariffSourceInput): Promise<TariffSourceRecord> {
    const { tenant } = principal;
    const source = readSource(principal, input, this.clock.now());
    return this.database.transaction(tenantScope(tenant), async (tx) => {
      lockTariffs(tx, tenant);
      await checkOther(tx, source);
      await saveTariffSource(tx, source, this.clock.now());
      return (await findTariffSource(tx, tenant, source.tariffId))!;
    });
  }

  /** What was made stays valid; the tariff can be applied by hand again. NOT_FOUND. */
  async remove({ tenant }: Principal, tariffId: string): Promise<void> {
    const gone = await this.database.transaction(tenantScope(tenant), (tx) => {
      lockTariffs(tx, tenant);
      return removeTariffSource(tx, tenant, tariffId);
    });
    if (!gone) throw notFound('BILLING_SOURCE', 'This tariff is made from nothing else.');
  }
}

/** What was given as it would be stored. Throws INVALID for what cannot become a tariff. */
export function readSource({ tenant, accountId }: Principal, input: TariffSourceInput, now: Date): NewSource {
  const { tariffId } = input;
  if (!/^[\x21-\x7e]{1,36}$/.test(tariffId))
    throw invalid('BILLING_TARIFF_ID_INVALID', 'The id of a tariff has 1 to 36 printable characters.');
  const name = input.name.trim();
  if (name === '' || name.length > 100)
    throw invalid('BILLING_TARIFF_NAME_INVALID', 'A tariff needs a name of at most 100 characters.');
  const given = [input.spot, input.steps, input.discount].filter((part) => part != null).length;
  if (given !== 1) throw invalid('BILLING_SOURCE_KIND', 'Give one of spot, steps and discount.');
  const common = { tenant, tariffId, name, createdBy: accountId, createdAt: now };
  return input.discount ? discountSource(common, input.discount) : curveSource(common, input);
}

type Common = Pick<NewSource, 'tenant' | 'tariffId' | 'name' | 'createdBy' | 'createdAt'>;

const NOTHING = {
  currency: null,
  definition: null,
  idleGraceMinutes: null,
  timeZone: null,
  curveSource: null,
  curveArea: null,
  fallbackTariffId: null,
  baseTariffId: null,
  plan: null,
} as const;

function discountSource(
  common: Common,
  { baseTariffId, plan, percent, perKwh }: NonNullable<TariffSourceInput['discount']>,
): NewSource {
  if (baseTariffId === common.tariffId)
    throw invalid('BILLING_SOURCE_BASE', 'A tariff cannot be a discount on itself.');
  const settings = texts({ percent, perKwh });
  readDiscount(settings);
  return { ...common, ...NOTHING, kind: 'DISCOUNT', settings, baseTariffId, plan: planName(plan) };
}

/** What drivers subscribe to: 1 to 36 letters, digits, dots and dashes. Throws INVALID. */
export function planName(text: string): string {
  if (/^[A-Za-z0-9._-]{1,36}$/.test(text)) return text;
  throw invalid('BILLING_PLAN', 'A plan has a name of 1 to 36 letters, digits, dots and dashes.');
}

function curveSource(common: Common, input: TariffSourceInput): NewSource {
  const { currency, definition, timeZone, curve, fallbackTariffId, spot, steps } = input;
  if (!currency || !isCurrency(currency))
    throw invalid('BILLING_SOURCE_CURRENCY', 'The currency must be an ISO 4217 code.');
  if (!timeZone || !isTimeZone(timeZone))
    throw invalid('BILLING_SOURCE_ZONE', 'timeZone is that of the places the tariff is for.');
  if (!curve || ![...FEED_SOURCES, OWN_SOURCE].some((one) => one === curve.source))
    throw invalid('BILLING_SOURCE_CURVE', 'Say which curve the price follows.');
  if (!fallbackTariffId || fallbackTariffId === common.tariffId)
    throw invalid('BILLING_SOURCE_FALLBACK', 'Name another tariff for when the curve says nothing.');
  if (typeof definition !== 'object' || definition === null || Array.isArray(definition))
    throw invalid('BILLING_SOURCE_DEFINITION', 'The definition must be an object.');
  const source: NewSource = {
    ...common,
    ...NOTHING,
    kind: spot ? 'SPOT' : 'STEPS',
    settings: spot ? texts({ ...spot }) : { steps: (steps ?? []).map((step) => texts({ ...step })) },
    currency,
    definition,
    idleGraceMinutes: input.idleGraceMinutes ?? null,
    timeZone,
    curveSource: curve.source,
    curveArea: curve.area,
    fallbackTariffId,
  };
  checkCurveTariff(curveTariffOf({ ...source, failure: null, madeAt: null }).tariff);
  return source;
}

/** The tariff it leans on is there, and is made from nothing itself: nothing goes in circles. */
export async function checkOther(
  tx: Tx,
  { tenant, fallbackTariffId, baseTariffId, kind }: NewSource,
): Promise<void> {
  const other = fallbackTariffId ?? baseTariffId ?? '';
  if ((await findTariffs(tx, tenant, [other])).length === 0)
    throw notFound('BILLING_TARIFF', 'There is no such tariff.');
  const leansOn = await findTariffSource(tx, tenant, other);
  if (leansOn && (kind !== 'DISCOUNT' || leansOn.kind === 'DISCOUNT'))
    throw invalid(
      'BILLING_SOURCE_CIRCLE',
      `Tariff ${other} is made from another: name one that is applied by hand.`,
    );
}

function texts(fields: Readonly<Record<string, Amount | null | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (value == null ? [] : [[name, String(value)]])),
  );
}
