import { Inject, Injectable } from '@nestjs/common';
import { isAppError, type Clock } from '@kilowatch/kernel';
import { CLOCK, counter, Database, LOGGER, tenantScope, type Logger } from '@kilowatch/platform';
import { certificateId, readCertificatesPem, readHashData, type CertificateId } from '@kilowatch/trust';
import {
  ALARM_AFTER_LOOKS,
  isSignedByHeld,
  lookAgainMs,
  MOST_LOOKS,
  type RootRule,
} from '../domain/root-rules.js';
import { findCredentialByStation } from '../persistence/station-credential.repository.js';
import {
  replaceInstalled,
  saveRootLook,
  wantedForStation,
  type InstalledRoot,
  type RootLook,
  type WantedRoot,
} from '../persistence/station-root.repository.js';
import { AskStation } from './ask-station.js';
import { StationCommands } from './station-commands.js';
import { refusalInside } from './station-word.js';

/**
 * M03 to M05: what roots a station holds is asked, what it should hold beside that is installed. It goes on by what the station
 * said last, so a run that was cut off is done again from there.
 */
@Injectable()
export class LookAtRoots {
  constructor(
    private readonly database: Database,
    private readonly ask: AskStation,
    private readonly commands: StationCommands,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Never throws. */
  async run(look: RootLook): Promise<void> {
    const { tenant, stationId } = look;
    try {
      const problem = await this.work(look);
      const now = this.clock.now();
      const attempts = problem === undefined ? 0 : look.attempts + 1;
      if (problem !== undefined && attempts >= ALARM_AFTER_LOOKS) {
        counter('kw_station_certificate_problems_total').inc({ problem: 'root_not_installed' });
        this.log.warn({ stationId, problem }, 'roots of a station are not as they should be');
      }
      const again = problem !== undefined && attempts < MOST_LOOKS;
      const dueAt = again ? new Date(now.getTime() + lookAgainMs(attempts)) : null;
      const to = { dueAt, attempts, problem: problem ?? '', lookedAt: now };
      await this.database.transaction(tenantScope(tenant), (tx) => saveRootLook(tx, look, to));
    } catch (err) {
      this.log.error({ err, stationId }, 'roots of a station not looked at; its lease lapses');
    }
  }

  /** Asks the station what it holds, and keeps that. Undefined: it did not say. */
  async refresh(tenant: string, stationId: string): Promise<readonly InstalledRoot[] | undefined> {
    const credential = await this.database.read(tenantScope(tenant), (tx) =>
      findCredentialByStation(tx, tenant, stationId),
    );
    if (!credential) return undefined;
    const held = await this.ask.installedRoots(credential);
    if (held === undefined) return undefined;
    await this.database.transaction(tenantScope(tenant), (tx) =>
      replaceInstalled(tx, tenant, stationId, held, this.clock.now()),
    );
    return held;
  }

  private async work({ tenant, stationId, attempts }: RootLook): Promise<string | undefined> {
    const held = await this.refresh(tenant, stationId);
    if (held === undefined) return 'The station did not say what it holds.';
    const wanted = await this.database.read(tenantScope(tenant), (tx) =>
      wantedForStation(tx, tenant, stationId),
    );
    const missing = wanted.filter((root) => root.notAfter > this.clock.now() && !isHeld(root, held));
    const problems: string[] = [];
    for (const root of missing) {
      const problem = await this.install(tenant, stationId, root, { wanted, held, attempts });
      if (problem !== undefined) problems.push(`${root.subject}: ${problem}`);
    }
    if (missing.length > problems.length) await this.refresh(tenant, stationId);
    return problems.length === 0 ? undefined : problems.join(' ').slice(0, 500);
  }

  private async install(
    tenant: string,
    stationId: string,
    root: WantedRoot,
    {
      wanted,
      held,
      attempts,
    }: { wanted: readonly WantedRoot[]; held: readonly InstalledRoot[]; attempts: number },
  ): Promise<string | undefined> {
    if (root.purpose === 'CSMSRootCertificate') {
      const rule: RootRule = await this.ask.additionalRootCheck(tenant, stationId);
      const known = wanted.filter((one) => one.purpose === root.purpose && isHeld(one, held));
      if (rule === 'MUST_BE_SIGNED' && !isSignedByHeld(root, known))
        return 'The station only takes a CSMS root that the one it holds has signed (AdditionalRootCertificateCheck).';
    }
    const answer = await this.commands.send({
      tenant,
      stationId,
      key: `root:${root.id}:${stationId}:${attempts}:${this.clock.now().getTime()}`,
      command: { installCertificate: { purpose: root.purpose, certificate: root.certificate } },
    });
    const word =
      refusalInside(answer) ?? (answer.outcome === 'ACCEPTED' ? undefined : answer.status || answer.outcome);
    return word === undefined ? undefined : `The station said ${word}.`;
  }
}

/** By the hashes of the algorithm that the station chose. A root is its own issuer. */
export function isHeld(
  root: Pick<WantedRoot, 'purpose' | 'certificate'>,
  held: readonly InstalledRoot[],
): boolean {
  const certificate = readCertificatesPem(root.certificate)[0]!;
  return held.some((one) => {
    const id = one.purpose === root.purpose ? readable(one) : undefined;
    if (id === undefined) return false;
    const wanted = certificateId(certificate, certificate, id.hashAlgorithm);
    return (
      id.serialNumber === wanted.serialNumber &&
      id.issuerNameHash === wanted.issuerNameHash &&
      id.issuerKeyHash === wanted.issuerKeyHash
    );
  });
}

/** What a station says of a certificate may be anything. */
function readable(root: InstalledRoot): CertificateId | undefined {
  try {
    return readHashData(root);
  } catch (error) {
    if (isAppError(error) && error.kind === 'INVALID') return undefined;
    throw error;
  }
}
