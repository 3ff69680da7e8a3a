import { decimal, type Decimal } from '@kilowatch/kernel';

/**
 * The demo's own reckoning of a bill, from the charger's own meter and the tariff's three numbers. It shares nothing with
 * the pricing engine but the tariff in words, so that the two can disagree.
 */
export interface DemoPrices {
  readonly startFee: string;
  readonly perKwh: string;
  readonly idlePerHour: string;
  readonly graceMinutes: number;
  readonly vatPercent: string;
}

export const DEMO_PRICES: DemoPrices = {
  startFee: '0.50',
  perKwh: '0.42',
  idlePerHour: '3.00',
  graceMinutes: 10,
  vatPercent: '21',
};

export interface MeasuredSession {
  /** From the charger's ledger. */
  readonly energyMwh: number;
  /** When the car stopped asking for power; undefined when it never did. */
  readonly fullAt: Date | undefined;
  readonly endedAt: Date;
}

/** What the driver owes including VAT, rounded once to cents (half up). */
export function expectedTotal(session: MeasuredSession, prices: DemoPrices = DEMO_PRICES): Decimal {
  // step_size 1 Wh and 60 s: begun units count.
  const wattHours = Math.ceil(session.energyMwh / 1000);
  const graceEnds = session.fullAt && session.fullAt.getTime() + prices.graceMinutes * 60_000;
  const idleMs = graceEnds === undefined ? 0 : Math.max(0, session.endedAt.getTime() - graceEnds);
  const idleMinutes = Math.ceil(idleMs / 60_000);
  const net = decimal(prices.startFee)
    .plus(decimal(wattHours).times(prices.perKwh).times('0.001'))
    .plus(decimal(idleMinutes).times(prices.idlePerHour).div('60'));
  return net.times(decimal(100).plus(prices.vatPercent)).div('100').round(2, 1);
}

/** The demo tariff with a day price that covers the hours around now, so that no clock decides over the demo. */
export function demoTariff(now: Date, timeZone: string): Record<string, unknown> {
  const hour = (shift: number) => {
    const at = new Date(now.getTime() + shift * 3_600_000);
    const text = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', hourCycle: 'h23' }).format(at);
    return `${text.padStart(2, '0')}:00`;
  };
  const [from, to] = [hour(-8), hour(8)];
  return tariffWith([
    {
      price_components: [component('ENERGY', DEMO_PRICES.perKwh, 1)],
      restrictions: { start_time: from, end_time: to },
    },
    {
      price_components: [component('ENERGY', '0.29', 1)],
      restrictions: { start_time: to, end_time: from },
    },
  ]);
}

/** The same prices by day and by night, for chargers whose clocks run through many days. */
export function allDayTariff(): Record<string, unknown> {
  return tariffWith([{ price_components: [component('ENERGY', DEMO_PRICES.perKwh, 1)] }]);
}

function tariffWith(energy: readonly Record<string, unknown>[]): Record<string, unknown> {
  return {
    id: 'day-night',
    name: 'Day and night',
    currency: 'EUR',
    isDefault: true,
    idleGraceMinutes: DEMO_PRICES.graceMinutes,
    definition: {
      elements: [
        { price_components: [component('FLAT', DEMO_PRICES.startFee, 1)] },
        ...energy,
        { price_components: [component('PARKING_TIME', DEMO_PRICES.idlePerHour, 60)] },
      ],
    },
  };
}

function component(type: string, price: string, step: number): Record<string, unknown> {
  return { type, price, vat: DEMO_PRICES.vatPercent, step_size: step };
}
