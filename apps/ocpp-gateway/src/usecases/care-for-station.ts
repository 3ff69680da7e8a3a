import type { Clock, IdSource } from '@kilowatch/kernel';
import { commandCall, type OcppSchemas } from '@kilowatch/ocpp';
import { counter, type Logger } from '@kilowatch/platform';
import { careFor, type Care } from '../domain/station-care.js';
import type { Station } from '../domain/station.js';
import { isPinged, notesOf } from './connection-notes.js';
import type { CallOutcome, CommandTarget } from './deliver-command.js';
import type { KnownModels } from './known-models.js';

export interface CaredFor extends CommandTarget {
  close(code: number, reason: string): void;
}

const TIMEOUT_MS = 30_000;
const TRY_AGAIN = 1013;
const REQUESTED: Readonly<Record<Exclude<Care, 'recycle'>, string>> = {
  ask_again: 'BootNotification',
  probe: 'Heartbeat',
};

const NOTHING_KNOWN = {
  registration: undefined,
  bootAnsweredAt: undefined,
  intervalSeconds: undefined,
  askedToBootAt: undefined,
} as const;

/** Looks at a connected charger now and then and does what it needs. Never rejects. */
export class CareForStation {
  private readonly busy = new WeakSet<Station>();

  constructor(
    private readonly models: Pick<KnownModels, 'of'>,
    private readonly schemas: OcppSchemas,
    private readonly clock: Clock,
    private readonly ids: IdSource,
    private readonly log: Logger,
  ) {}

  async look(target: CaredFor): Promise<Care | undefined> {
    const { station } = target;
    if (this.busy.has(station)) return undefined;
    this.busy.add(station);
    try {
      const care = await this.needed(station);
      if (care !== undefined) await this.give(target, care);
      return care;
    } finally {
      this.busy.delete(station);
    }
  }

  private async needed(station: Station): Promise<Care | undefined> {
    const now = this.clock.now();
    const notes = notesOf(station, now);
    notes.model ??= await this.models.of(station);
    return careFor({ ...NOTHING_KNOWN, ...notes, isPinged: isPinged(station, notes) }, now);
  }

  private async give(target: CaredFor, care: Care): Promise<void> {
    counter('kw_ocpp_care_total').inc({ care });
    this.tell(target.station, care);
    if (care === 'recycle') target.close(TRY_AGAIN, 'calls are not answered');
    else await this.ask(target, care);
  }

  private tell({ tenant, stationId }: Station, care: Care): void {
    if (care === 'ask_again')
      this.log.warn({ tenant, stationId }, 'charger waits without booting again: it was not accepted yet');
    else if (care === 'recycle')
      this.log.warn({ tenant, stationId }, 'charger answers no calls: socket closed');
    else this.log.info({ tenant, stationId, care }, 'charger asked for a sign of life');
  }

  private async ask(target: CaredFor, care: Exclude<Care, 'recycle'>): Promise<void> {
    const { station } = target;
    const now = this.clock.now();
    if (care === 'ask_again') notesOf(station, now).askedToBootAt = now;
    const command = { type: 'triggerMessage', requestedMessage: REQUESTED[care] } as const;
    const { action, payload } = commandCall(station.version, command);
    if (!this.schemas.validateOutbound(station.version, action, 'request', payload).ok) return;
    const outcome = await target.call(this.ids.newId(), action, payload, TIMEOUT_MS);
    noteOutcome(target, outcome.kind, this.clock.now());
  }
}

/** Any answer shows that its program runs: a refusal as well as a result. */
export function noteOutcome(
  { station }: Pick<CommandTarget, 'station'>,
  kind: CallOutcome['kind'],
  now: Date,
): void {
  const notes = notesOf(station, now);
  if (kind === 'timeout') notes.unanswered++;
  if (kind !== 'result' && kind !== 'error') return;
  notes.unanswered = 0;
  notes.lastCallAt = now;
}
