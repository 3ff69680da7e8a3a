import { expect, it } from 'vitest';
import { dayShare } from './station-day.js';

const at = (text: string) => new Date(`2026-06-30T${text}:00Z`);
const START = at('21:30');
const END = at('23:30');

it('counts charging and idle time within the session, and a pause by the charger as neither', () => {
  const share = dayShare(START, END, 'Europe/Amsterdam', [
    { state: 'EV_CONNECTED', from: at('21:00'), to: at('21:40') },
    { state: 'CHARGING', from: at('21:40'), to: at('22:40') },
    { state: 'SUSPENDED_EVSE', from: at('22:40'), to: at('23:00') },
    { state: 'SUSPENDED_EV', from: at('23:00'), to: undefined },
  ]);
  expect(share).toEqual({ day: '2026-06-30', chargingMs: 60 * 60_000, idleMs: 40 * 60_000 });
});

it('belongs to the day it began on where the station stands', () => {
  expect(dayShare(START, END, 'Asia/Tokyo', []).day).toBe('2026-07-01');
  expect(dayShare(at('22:30'), END, 'Europe/Amsterdam', []).day).toBe('2026-07-01');
});
