import { Inject, Injectable } from '@nestjs/common';
import { events, metering } from '@kilowatch/contracts';
import type { Clock } from '@kilowatch/kernel';
import { CLOCK, type Tx } from '@kilowatch/platform';
import type { TimedReading } from '../domain/reading.js';
import {
  sessionEnergy,
  type EnergySource,
  type EnergyVerdict,
  type SessionEnergy,
} from '../domain/session-energy.js';
import { withSignedRegisters } from '../domain/signed/signed-registers.js';
import type { SignedSession } from '../domain/signed/signed-session.js';
import { closeSession, type ClosedSession } from '../persistence/metered-session.repository.js';
import { readingsOfSession } from '../persistence/reading.repository.js';
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

/**
 * Fixes the energy of an ended session and tells everyone, once. The closing register usually came with the end
 * (the gateway stores readings before it reports the end); otherwise the late window decides.
 */
@Injectable()
export class CloseEnergy {
  constructor(
    private readonly signed: JudgeSignedReadings,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Closes at once when begin and end registers are there. The caller holds the session's row. */
  async ifComplete(tx: Tx, session: ClosedSession): Promise<void> {
    if (session.closedAt || session.status !== 'ENDED') return;
    const readings = await readingsOfSession(tx, session.tenant, session);
    if (isComplete(readings)) await this.close(tx, session, readings);
  }

  /** The late window has passed: what is there decides. The caller holds the session's row. */
  async now(tx: Tx, session: ClosedSession): Promise<void> {
    if (session.closedAt) return;
    await this.close(tx, session, await readingsOfSession(tx, session.tenant, session));
  }

  private async close(tx: Tx, session: ClosedSession, readings: readonly TimedReading[]): Promise<void> {
    const plain = sessionEnergy(readings, session);
    const measured = plain.verdict === 'MEASURED' ? plain.energyMwh : undefined;
    const signed = await this.signed.run(tx, session.tenant, session, measured);
    await this.signed.claim(tx, session.tenant, session, signed);
    const proven = withSignedRegisters(readings, signed);
    const energy = doubted(proven === readings ? plain : sessionEnergy(proven, session), signed);
    const closedAt = this.clock.now();
    await closeSession(tx, session.tenant, { sessionId: session.sessionId, energy, signed, closedAt });
    tx.publish(events.sessionMetered, {
      aggregateId: session.sessionId,
      aggregateVersion: 1,
      occurredAt: closedAt,
      payload: {
        sessionId: session.sessionId,
        energyMwh: energy.energyMwh,
        verdict: VERDICTS[energy.verdict],
        beginRegisterMwh: energy.beginMwh,
        endRegisterMwh: energy.endMwh,
        intervals: energy.intervals.map((interval) => ({ ...interval })),
        deviations: [...energy.deviations],
        maxPowerW: energy.maxPowerW,
        signedVerdict: metering.SignedVerdict[`SIGNED_VERDICT_${signed.verdict}`],
        signedReasons: [...signed.reasons],
        source: SOURCES[energy.source],
        exportEnergyMwh: energy.exportMwh,
      },
    });
    tx.live('session', session.sessionId);
  }
}

/** What was changed after the meter signed it is nothing to bill by before a person has looked. */
function doubted(energy: SessionEnergy, { verdict }: SignedSession): SessionEnergy {
  if (verdict !== 'FAILED') return energy;
  return { ...energy, verdict: 'DISPUTED', deviations: [...energy.deviations, 'signature_failed'] };
}

function isComplete(readings: readonly TimedReading[]): boolean {
  const has = (context: TimedReading['context']) =>
    readings.some((reading) => reading.context === context && reading.energyImportMwh !== undefined);
  return has('BEGIN') && has('END');
}
