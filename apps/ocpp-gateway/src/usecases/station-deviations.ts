import type { Clock } from '@kilowatch/kernel';
import type { Deviation } from '@kilowatch/ocpp';
import { counter, SYSTEM_SCOPE, type Database, type Logger } from '@kilowatch/platform';
import type { Station } from '../domain/station.js';
import type {
  DeviationCount,
  StationDeviationRepository,
} from '../persistence/station-deviation.repository.js';

type Whose = Pick<Station, 'tenant' | 'stationId'>;

/** Kinds of the library, and what only this service sees. */
export type SeenDeviation = Pick<Deviation, 'path'> & {
  readonly kind: Deviation['kind'] | 'call_result_error';
};

const BATCH = 1_000;
/** While the database is away: of more stations and kinds than that some are not counted. */
const MOST_WAITING = 50_000;
const NONE: readonly string[] = [];

/**
 * Counts where stations leave the specification and are understood all the same (docs/ocpp-notes.md rule 8), by station and kind:
 * in memory, written for all of them together every few minutes. A figure for people, not a record: what a process that is killed
 * had not written is missing from it.
 */
export class StationDeviations {
  private waiting = new Map<string, DeviationCount>();

  constructor(
    private readonly database: Database,
    private readonly rows: StationDeviationRepository,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  /** Of one message: each kind counts once. Returns the kinds. */
  note(station: Whose, ...lists: readonly (readonly SeenDeviation[])[]): readonly string[] {
    if (lists.every((list) => list.length === 0)) return NONE;
    const kinds = new Map(lists.flatMap((list) => list.map(({ kind, path }) => [kind, path])));
    const at = this.clock.now();
    for (const [kind, path] of kinds) {
      counter('kw_ocpp_deviations_total').inc({ kind });
      const { tenant, stationId } = station;
      this.add({ tenant, stationId, kind, path, messages: 1, firstAt: at, lastAt: at });
    }
    return [...kinds.keys()];
  }

  /** Never rejects: what could not be written waits for the next time. */
  async write(): Promise<void> {
    const counts = [...this.waiting.values()];
    this.waiting = new Map();
    for (let i = 0; i < counts.length; i += BATCH) {
      const batch = counts.slice(i, i + BATCH);
      try {
        await this.database.transaction(SYSTEM_SCOPE, (tx) => this.rows.add(tx, batch));
      } catch (err) {
        this.log.warn({ err }, 'deviations not counted yet');
        for (const count of counts.slice(i)) this.add(count);
        return;
      }
    }
  }

  private add(count: DeviationCount): void {
    const key = `${count.tenant}\n${count.stationId}\n${count.kind}`;
    const held = this.waiting.get(key);
    if (held) this.waiting.set(key, together(held, count));
    else if (this.waiting.size < MOST_WAITING) this.waiting.set(key, count);
  }
}

function together(a: DeviationCount, b: DeviationCount): DeviationCount {
  const [earlier, later] = a.lastAt <= b.lastAt ? [a, b] : [b, a];
  const firstAt = a.firstAt <= b.firstAt ? a.firstAt : b.firstAt;
  return { ...earlier, messages: a.messages + b.messages, path: later.path, firstAt, lastAt: later.lastAt };
}
