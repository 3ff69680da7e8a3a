/**
 * Takes one reading into the state: registers, power integral, and the level power has settled at. The level is an
 * exponential mean over 3 minutes, so it follows a taper; it stands still while power is below half of it.
 */
import type { DetectorState, Sample, Surroundings } from './watch.js';

export const LOW_SHARE = 0.5;
const ZERO_SHARE = 0.05;
const ZERO_W = 50;
/** Less is no charging (IEC 61851-1: 6 A on one phase is 1.4 kW). */
const LOWEST_LEVEL_W = 500;
const SETTLE_MS = 3 * 60_000;
const MEMORY_MS = 3 * 60_000;
/** After a longer gap nothing is known of the level before it. */
const GAP_MS = 10 * 60_000;
/** Less than 6 A offered is a pause. */
const SMALLEST_OFFER_MA = 6_000;
const MWH_PER_WATT_MS = 1 / 3_600;

/** Changes `state` in place (the caller's copy): this runs for every reading there is. */
export function observe(state: DetectorState, sample: Sample, { facts, limitMa }: Surroundings): void {
  takeRegister(state, sample);
  const { at, powerW } = sample;
  if (!sample.live || (state.at !== undefined && at <= state.at)) return;
  const sinceLast = state.at === undefined ? 0 : at - state.at;
  if (sample.socPercent !== undefined) state.socPercent = sample.socPercent;
  takeOffer(state, sample, limitMa);
  if (powerW !== undefined) {
    if (state.powerW !== undefined && sinceLast < GAP_MS) {
      state.integralMwh += Math.round(((powerW + state.powerW) / 2) * sinceLast * MWH_PER_WATT_MS);
    }
    const mayCharge = !isPaused(state) && (facts === undefined || facts.chargingState === 'CHARGING');
    if (!mayCharge || sinceLast > GAP_MS) forgetLevel(state);
    if (mayCharge) takePower(state, powerW, at, sinceLast);
    state.powerW = powerW;
  }
  state.at = at;
}

export function isPaused(state: DetectorState): boolean {
  return state.offerMa !== undefined && state.offerMa < SMALLEST_OFFER_MA;
}

/** Power has settled: what comes after can be compared with it. Before, it ramps up. */
export function isSettled(state: DetectorState, at: number): boolean {
  return state.levelSince !== undefined && at - state.levelSince >= SETTLE_MS;
}

function takeRegister(state: DetectorState, { at, energyMwh }: Sample): void {
  if (energyMwh === undefined) return;
  if (state.firstAt === undefined || at < state.firstAt) {
    state.firstAt = at;
    state.firstMwh = energyMwh;
  }
  if (state.lastAt === undefined || at >= state.lastAt) {
    state.lastAt = at;
    state.lastMwh = energyMwh;
  }
}

/** A lowered offer explains a lower power: the level comes down with it. */
function takeOffer(state: DetectorState, { at, offeredMa }: Sample, limitMa: number | undefined): void {
  if (offeredMa !== undefined) state.offeredMa = offeredMa;
  const offer = Math.min(state.offeredMa ?? Infinity, limitMa ?? Infinity);
  if (!Number.isFinite(offer)) return;
  // The first limit ever heard of: what was allowed before is unknown, so the level before says nothing.
  if (state.offerMa === undefined && state.levelW !== undefined) forgetLevel(state);
  if (state.offerMa !== undefined && offer < state.offerMa) {
    const share = offer / state.offerMa;
    if (state.levelW !== undefined) state.levelW *= share;
    state.peakW *= share;
  }
  state.offerMa = offer;
  if (isPaused(state)) state.pausedUntil = at;
}

function takePower(state: DetectorState, powerW: number, at: number, sinceLast: number): void {
  if (state.levelW === undefined) {
    if (powerW >= LOWEST_LEVEL_W) {
      state.levelW = powerW;
      state.levelSince = at;
    }
    return;
  }
  if (powerW >= LOW_SHARE * state.levelW) {
    state.levelW += (1 - Math.exp(-sinceLast / MEMORY_MS)) * (powerW - state.levelW);
    if (isSettled(state, at)) state.peakW = Math.max(state.peakW, state.levelW);
    forgetLowness(state);
  } else if (!isSettled(state, at)) {
    forgetLevel(state);
  } else if (powerW <= Math.max(ZERO_W, ZERO_SHARE * state.levelW)) {
    forgetLowness(state, 'but zero');
    state.zeroSince ??= at;
  } else {
    delete state.zeroSince;
    state.lowSince ??= at;
    state.lowCount++;
  }
}

function forgetLevel(state: DetectorState): void {
  delete state.levelW;
  delete state.levelSince;
  forgetLowness(state);
}

function forgetLowness(state: DetectorState, but?: 'but zero'): void {
  delete state.lowSince;
  state.lowCount = 0;
  if (!but) delete state.zeroSince;
}
