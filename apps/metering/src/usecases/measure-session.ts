import { Injectable } from '@nestjs/common';
import { metering } from '@kilowatch/contracts';
import type { Tx } from '@kilowatch/platform';
import { ownReadings } from '../domain/next-begin.js';
import type { TimedReading } from '../domain/reading.js';
import {
  sessionEnergy,
  type EnergySource,
  type EnergyVerdict,
  type SessionEnergy,
} from '../domain/session-energy.js';
import { withSignedRegisters } from '../domain/signed/signed-registers.js';
import type { SignedSession } from '../domain/signed/signed-session.js';
import type { ClosedSession } from '../persistence/metered-session.repository.js';
import { JudgeSignedReadings } from './judge-signed-readings.js';

const VERDICTS: Record<EnergyVerdict, metering.EnergyVerdict> = {
  MEASURED: metering.EnergyVerdict.ENERGY_VERDICT_MEASURED,
  ESTIMATED: metering.EnergyVerdict.ENERGY_VERDICT_ESTIMATED,
  DISPUTED: metering.EnergyVerdict.ENERGY_VERDICT_DISPUTED,
};

const SOURCES: Record<EnergySource, metering.EnergySource> = {
  TRANSACTION: metering.EnergySource.ENERGY_SOURCE_TRANSACTION,
  SAMPLES: metering.EnergySource.ENERGY_SOURCE_SAMPLES,
  INTERVALS: metering.EnergySource.ENERGY_SOURCE_INTERVALS,
  POWER: metering.EnergySource.ENERGY_SOURCE_POWER,
  NONE: metering.EnergySource.ENERGY_SOURCE_NONE,
};

export interface Measured {
  readonly energy: SessionEnergy;
  readonly signed: SignedSession;
}

/** What the readings of a session come to: the one way, whether it closes with it or runs on (docs/adr/0018). */
@Injectable()
export class MeasureSession {
  constructor(private readonly signed: JudgeSignedReadings) {}

  async run(
    tx: Tx,
    tenant: string,
    session: ClosedSession,
    told: readonly TimedReading[],
  ): Promise<Measured> {
    const { readings, until } = ownReadings(told, session);
    const plain = sessionEnergy(readings, session);
    const measured = plain.verdict === 'MEASURED' ? plain.energyMwh : undefined;
    const signed = await this.signed.run(tx, tenant, session, measured, until);
    const proven = withSignedRegisters(readings, signed);
    return {
      energy: doubted(proven === readings ? plain : sessionEnergy(proven, session), signed),
      signed,
    };
  }
}

/** As it is told to everyone. */
export function meteredMessage(
  sessionId: string,
  { energy, signed }: Measured,
): Omit<metering.SessionMetered, 'meta'> {
  return {
    sessionId,
    energyMwh: energy.energyMwh,
    verdict: VERDICTS[energy.verdict],
    beginRegisterMwh: energy.beginMwh,
    endRegisterMwh: energy.endMwh,
    intervals: energy.intervals.map(
      ({ from, to, energyMwh, powerW, currentMa }): metering.EnergyInterval => ({
        from,
        to,
        energyMwh,
        powerW,
        currentMa,
      }),
    ),
    deviations: [...energy.deviations],
    maxPowerW: energy.maxPowerW,
    signedVerdict: metering.SignedVerdict[`SIGNED_VERDICT_${signed.verdict}`],
    signedReasons: [...signed.reasons],
    source: SOURCES[energy.source],
    exportEnergyMwh: energy.exportMwh,
  };
}

/**
 * What was changed after the meter signed it is nothing to bill by before a person has looked; nor is a session whose begin or end is not
 * proven by the records that were looked at, when there are more.
 */
function doubted(energy: SessionEnergy, { verdict, reasons }: SignedSession): SessionEnergy {
  const isPart = verdict === 'INCOMPLETE' && reasons.includes('records_left_out');
  if (verdict !== 'FAILED' && !isPart) return energy;
  const doubt = isPart ? 'signed_records_left_out' : 'signature_failed';
  return { ...energy, verdict: 'DISPUTED', deviations: [...energy.deviations, doubt] };
}
