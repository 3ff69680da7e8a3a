import { mwh, whNumber } from '@kilowatch/kernel';
import type { SessionMeter } from '../../usecases/view-session.js';

/** Metering's part of a Session, once it is known that the person may see it. */
export interface SessionNode {
  readonly id: string;
  readonly meter: SessionMeter;
}

export function wattHours(energyMwh: number | undefined): number | null {
  return energyMwh === undefined ? null : whNumber(mwh(energyMwh));
}
