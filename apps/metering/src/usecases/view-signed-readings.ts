import { Injectable } from '@nestjs/common';
import { Database, tenantScope, type Principal } from '@kilowatch/platform';
import type { SignedSession } from '../domain/signed/signed-session.js';
import type { ClosedSession } from '../persistence/metered-session.repository.js';
import { JudgeSignedReadings } from './judge-signed-readings.js';

/** Signed readings for people: judged anew each time, by the keys that are registered now. */
@Injectable()
export class ViewSignedReadings {
  constructor(
    private readonly database: Database,
    private readonly signed: JudgeSignedReadings,
  ) {}

  /** Of a session that the person may see. */
  of({ tenant }: Principal, session: ClosedSession): Promise<SignedSession> {
    const measured = session.verdict === 'MEASURED' ? session.energyMwh : undefined;
    return this.database.read(tenantScope(tenant), (tx) => this.signed.run(tx, tenant, session, measured));
  }
}
