/**
 * Whether a tariff may stand where it is assigned, by the laws on prices at charging points:
 * - AFIR (EU 2023/1804) art. 5(4): from 50 kW the ad hoc price rests on the kWh, with at most an occupancy fee per minute beside it; below, prices are
 *   shown in the order kWh, minute, session, any other.
 * - Germany, PAngV s. 14: ad hoc there is a price per kWh, with all other fees beside it. Measuring law (MessEG): what is billed is measured by what is
 *   certified: time needs a certified clock, a price step inside a session a signed reading at the step.
 * - USA, 23 CFR 680.116(a) (NEVI): the price is in dollars per kWh, and that of the start does not change during the session.
 */
import type { Dimension, ScheduleEntry, Tariff, TariffElement, UnitPrice } from '@kilowatch/pricing';

export interface ChargingPlace {
  /** ISO 3166-1 alpha-3; empty: not known. */
  readonly country: string;
  /** Of the strongest connector; 0: not known. */
  readonly maxPowerW: number;
}

export type FindingRule =
  'AFIR_50_KW' | 'PANGV_KWH' | 'NEVI_KWH' | 'NEVI_FIXED' | 'MESSEG_TIME' | 'MESSEG_STEP';

export interface Finding {
  readonly rule: FindingRule;
  /** A WARNING depends on what is not known here, such as what a meter is certified for. */
  readonly severity: 'VIOLATION' | 'WARNING';
  readonly country: string;
  readonly reason: string;
}

const EU = new Set(
  'AUT BEL BGR HRV CYP CZE DNK EST FIN FRA DEU GRC HUN IRL ITA LVA LTU LUX MLT NLD POL PRT ROU SVK SVN ESP SWE'.split(
    ' ',
  ),
);
const FAST_W = 50_000;

/** What is wrong with the tariff at these places, each once a country. */
export function transparencyOf(tariff: Tariff, places: readonly ChargingPlace[]): Finding[] {
  const found = new Map<string, Finding>();
  for (const place of places) {
    for (const finding of findingsAt(tariff, place)) found.set(`${finding.rule} ${finding.country}`, finding);
  }
  return [...found.values()];
}

export function isRefused(findings: readonly Finding[]): boolean {
  return findings.some(({ severity }) => severity === 'VIOLATION');
}

function findingsAt(tariff: Tariff, { country, maxPowerW }: ChargingPlace): Finding[] {
  const found: Finding[] = [];
  const say = (rule: FindingRule, severity: Finding['severity'], reason: string) =>
    found.push({ rule, severity, country, reason });
  // A contract's own prices are not what a stranger pays.
  const isAdHoc = tariff.type !== 'REGULAR';
  if (EU.has(country) && isAdHoc && maxPowerW >= FAST_W) {
    if (!has(tariff, 'ENERGY'))
      say('AFIR_50_KW', 'VIOLATION', 'From 50 kW the price must be per kWh (AFIR art. 5(4)).');
    else if (has(tariff, 'TIME') || has(tariff, 'FLAT'))
      say(
        'AFIR_50_KW',
        'VIOLATION',
        'From 50 kW only an occupancy fee per minute may stand beside the price per kWh (AFIR art. 5(4)): take the price of charging time or of a session out.',
      );
  }
  if (country === 'DEU') {
    if (isAdHoc && !has(tariff, 'ENERGY'))
      say('PANGV_KWH', 'VIOLATION', 'Ad hoc there must be a price per kWh (PAngV s. 14).');
    if (has(tariff, 'TIME') || has(tariff, 'PARKING_TIME'))
      say('MESSEG_TIME', 'WARNING', 'Time that is billed must be measured by a certified clock (MessEG).');
    if (steps(tariff))
      say(
        'MESSEG_STEP',
        'WARNING',
        'The price of energy may change inside a session: that needs a signed reading at the step (MessEG; OCMF reading reason T).',
      );
  }
  if (country === 'USA') {
    if (!has(tariff, 'ENERGY') || tariff.currency !== 'USD')
      say('NEVI_KWH', 'VIOLATION', 'The price must be in dollars per kWh (23 CFR 680.116).');
    if (steps(tariff))
      say('NEVI_FIXED', 'VIOLATION', 'The price per kWh must not change during a session (23 CFR 680.116).');
  }
  return found;
}

const ofSessions = ({ elements }: Tariff): TariffElement[] =>
  elements.filter(({ restrictions }) => restrictions.reservation === undefined);

/** A price of nothing is none. */
function has(tariff: Tariff, dimension: Dimension): boolean {
  return ofSessions(tariff).some(({ components }) =>
    components.some((one) => one.dimension === dimension && (dimension === 'ENERGY' || !one.price.eq('0'))),
  );
}

/** Whether energy may cost another price at another moment of one session. */
function steps(tariff: Tariff): boolean {
  return ofSessions(tariff).some(
    ({ components, restrictions }) =>
      components.some(({ dimension }) => dimension === 'ENERGY') &&
      Object.entries(restrictions).some(([name, value]) => name !== 'never' && value !== undefined),
  );
}

export interface ShownPrice {
  readonly per: 'KWH' | 'CHARGING_MINUTE' | 'IDLE_MINUTE' | 'SESSION';
  readonly price: UnitPrice['incl'];
}

/** The prices of a moment with taxes in the order of AFIR art. 5(4): kWh, minute, session; minutes to four decimals. */
export function shownPrices(at: ScheduleEntry): ShownPrice[] {
  const minute = (price: UnitPrice | null) => price?.incl.div('60').round(4);
  const inOrder: [ShownPrice['per'], ShownPrice['price'] | undefined][] = [
    ['KWH', at.perKwh?.incl],
    ['CHARGING_MINUTE', minute(at.perHourCharging)],
    ['IDLE_MINUTE', minute(at.perHourIdle)],
    ['SESSION', at.perSession?.incl],
  ];
  return inOrder.flatMap(([per, price]) => (price === undefined || price.eq('0') ? [] : [{ per, price }]));
}
