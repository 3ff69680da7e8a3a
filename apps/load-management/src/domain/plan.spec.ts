import { describe, expect, it } from 'vitest';
import { planSite, type Claim } from './plan.js';

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 8, minute));
const session = (sessionId: string, over: Partial<Claim> = {}): Claim => ({
  sessionId,
  startedAt: at(Number(sessionId)),
  capDa: 320,
  charging: true,
  ...over,
});
const plan = (limitDa: number, ...claims: Claim[]) => Object.fromEntries(planSite(limitDa, claims));

describe('the plan of a site', () => {
  it.each<[string, number, Claim[], Record<string, number>]>([
    ['one session alone: its connector is the limit', 630, [session('1')], { 1: 320 }],
    ['two share equally', 400, [session('1'), session('2')], { 1: 200, 2: 200 }],
    [
      'what a small connector leaves goes to the others',
      400,
      [session('1', { capDa: 100 }), session('2')],
      { 1: 100, 2: 300 },
    ],
    [
      'rounded down to a tenth of an ampere',
      400,
      [session('1'), session('2'), session('3')],
      { 1: 133, 2: 133, 3: 133 },
    ],
    [
      'a car that does not draw keeps 6 A',
      400,
      [session('1', { charging: false }), session('2')],
      { 1: 60, 2: 320 },
    ],
    [
      'too little for all: the latest is paused',
      179,
      [session('2'), session('3'), session('1')],
      { 1: 89, 2: 89, 3: 0 },
    ],
    ['exactly 6 A a head', 180, [session('1'), session('2'), session('3')], { 1: 60, 2: 60, 3: 60 }],
    ['less than 6 A in all: everybody is paused', 59, [session('1')], { 1: 0 }],
    ['no current at all', 0, [session('1'), session('2')], { 1: 0, 2: 0 }],
    [
      'an offline charger counts with what it holds',
      400,
      [session('1', { uncontrolledDa: 320 }), session('2')],
      { 1: 200, 2: 80 },
    ],
    [
      'uncontrolled chargers above the limit: the others stop',
      300,
      [session('1', { uncontrolledDa: 320 }), session('2')],
      { 1: 150, 2: 0 },
    ],
    ['nobody there', 400, [], {}],
  ])('%s', (_name, limit, claims, expected) => {
    expect(plan(limit, ...claims)).toEqual(expected);
  });
});
