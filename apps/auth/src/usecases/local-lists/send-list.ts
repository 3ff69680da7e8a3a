import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '@kilowatch/kernel';
import { CLOCK, Database, tenantScope, type Tx } from '@kilowatch/platform';
import { listPayload } from '../../domain/local-list/list-payload.js';
import { planList, type ListMessage } from '../../domain/local-list/list-plan.js';
import type { ListLimits } from '../../domain/local-list/list-limits.js';
import {
  dropOldTraces,
  noteApplied,
  noteEmpty,
  noteNotApplied,
  noteUnderWay,
  takeChanges,
} from '../../persistence/local-list-entry.repository.js';
import { findList, updateLeased, type LocalList } from '../../persistence/local-list.repository.js';
import { AskListVersion } from './ask-list-version.js';
import type { End } from './conversation-end.js';
import { dialectOf, LearnLimits } from './learn-limits.js';
import { placeOf, situationOf, type Place, type Situation } from './list-situation.js';
import type { Leased, StationTalk } from './station-talk.js';
import { LEASE_MS } from './lease-time.js';

/** Traces of what a station let go of are kept so long: the report of a blocked token names it. */
const TRACES_MS = 30 * 24 * 60 * 60_000;
const IN_STEP: End = { kind: 'DONE', state: 'IN_SYNC' };

interface About {
  readonly place: Place;
  readonly limits: ListLimits;
  readonly changed: readonly string[];
}

/** The station would not take a differential. */
interface Refused {
  readonly kind: 'REFUSED';
  readonly word: string;
}

/** Brings the local list of one station to what is wanted. */
@Injectable()
export class SendList {
  constructor(
    private readonly database: Database,
    private readonly learn: LearnLimits,
    private readonly versions: AskListVersion,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async run(list: LocalList, leased: Leased, talk: StationTalk): Promise<End> {
    const place = await this.read(leased, (tx) => placeOf(tx, list));
    // A list that we sent is emptied once; others are not ours.
    if (!place.policy.enabled && (list.sentVersion === 0 || list.state === 'OFF'))
      return { kind: 'DONE', state: 'OFF' };
    const learned = await this.learn.run(list, leased, talk, { fresh: false });
    if (learned.kind !== 'KNOWN') return learned;
    const { limits } = learned;
    if (limits.list === 'NONE') return this.unsupported(leased, 'NO_LOCAL_LIST');
    if (limits.list === 'OFF') return { kind: 'DONE', state: 'UNSUPPORTED', reason: 'LIST_SWITCHED_OFF' };
    const changed = await this.write(leased, (tx) => takeChanges(tx, leased));
    const first = await this.attempt(list, leased, talk, { place, limits, changed });
    // D01: a differential that the station refuses is followed by a Full.
    const end = first.kind === 'REFUSED' ? await this.again(leased, talk, { place, limits, changed }) : first;
    if (end.kind === 'REFUSED') return { kind: 'FAILED', reason: `LIST_REFUSED ${end.word}` };
    return end.kind === 'DONE' && !place.policy.enabled ? { kind: 'DONE', state: 'OFF' } : end;
  }

  private async again(leased: Leased, talk: StationTalk, about: About): Promise<End | Refused> {
    const { tenant, stationId } = leased;
    const list = await this.read(leased, (tx) => findList(tx, tenant, stationId));
    return list ? this.attempt(list, leased, talk, about) : { kind: 'LATER' };
  }

  private async attempt(
    before: LocalList,
    leased: Leased,
    talk: StationTalk,
    { place, limits, changed }: About,
  ): Promise<End | Refused> {
    const dialect = dialectOf(before.protocol);
    const context = { dialect, limits, now: this.clock.now(), changed };
    const look = (list: LocalList) => this.read(leased, (tx) => situationOf(tx, list, place, context));
    const plan = (list: LocalList, { held, wanted, counted }: Situation) =>
      planList({
        dialect,
        isPart: counted === undefined,
        // An empty list is filled by a Full.
        held: list.version === undefined || (list.version === 0 && wanted.length > 0) ? undefined : held,
        wanted,
        version: Math.max(list.sentVersion, list.version ?? 0),
        limits,
      });
    let list = before;
    let situation = await look(list);
    let planned = plan(list, situation);
    const isAsked = list.checkVersion || list.flightVersion !== undefined || planned.messages.length > 0;
    if (isAsked) {
      const asked = await this.versions.run(list, leased, talk);
      if (asked.kind !== 'KNOWN') {
        return asked.kind === 'NO_LISTS' ? this.unsupported(leased, 'NO_LOCAL_LIST') : asked.end;
      }
      if (asked.list !== list) {
        list = asked.list;
        situation = await look(list);
        planned = plan(list, situation);
      }
    }
    for (const message of planned.messages) {
      const end = await this.send(leased, talk, message, { list, situation });
      if (end) return end;
    }
    await this.settle(leased, situation, planned.tooLarge.length);
    return IN_STEP;
  }

  /** Undefined: the station took it. */
  private async send(
    leased: Leased,
    talk: StationTalk,
    message: ListMessage,
    { list, situation }: { list: LocalList; situation: Situation },
  ): Promise<End | Refused | undefined> {
    const now = this.clock.now();
    await this.write(leased, async (tx) => {
      await noteUnderWay(tx, leased, message, now);
      await updateLeased(tx, leased, {
        sent_version: message.version,
        flight_version: message.version,
        lease_until: new Date(now.getTime() + LEASE_MS),
      });
    });
    const { verdict, word } = await talk.ask('SendLocalList', listPayload(dialectOf(list.protocol), message));
    switch (verdict) {
      case 'APPLIED':
        await this.write(leased, async (tx) => {
          await noteApplied(tx, leased, message, { now, endsThem: situation.endsThem });
          await updateLeased(tx, leased, { version: message.version, flight_version: null });
        });
        return undefined;
      case 'AWAY':
        await this.notApplied(leased);
        return { kind: 'AWAY' };
      case 'UNSUPPORTED':
        return this.unsupported(leased, `NO_LOCAL_LIST ${word}`);
      case 'REFUSED':
        await this.notApplied(leased);
        if (message.updateType === 'Differential') {
          await this.write(leased, (tx) => updateLeased(tx, leased, { version: null }));
          return { kind: 'REFUSED', word };
        }
        return { kind: 'FAILED', reason: `LIST_REFUSED ${word}` };
      // It may have it: the flight stays noted, and the station's version tells when it is asked.
      case 'LATER':
        return { kind: 'LATER' };
      case 'UNKNOWN':
        return { kind: 'FAILED', reason: 'NO_ANSWER' };
    }
  }

  private async notApplied(leased: Leased): Promise<void> {
    await this.write(leased, async (tx) => {
      await noteNotApplied(tx, leased);
      await updateLeased(tx, leased, { flight_version: null });
    });
  }

  private async unsupported(leased: Leased, reason: string): Promise<End> {
    await this.write(leased, async (tx) => {
      await noteEmpty(tx, leased, this.clock.now());
      await updateLeased(tx, leased, { version: 0, flight_version: null, left_out: 0, unfit: 0 });
    });
    return { kind: 'DONE', state: 'UNSUPPORTED', reason };
  }

  private async settle(leased: Leased, { counted }: Situation, tooLarge: number): Promise<void> {
    if (!counted) return;
    await this.write(leased, async (tx) => {
      await updateLeased(tx, leased, { left_out: counted.leftOut, unfit: counted.unfit + tooLarge });
      await dropOldTraces(tx, leased, new Date(this.clock.now().getTime() - TRACES_MS));
    });
  }

  private read<T>({ tenant }: Leased, fn: (tx: Tx) => Promise<T>): Promise<T> {
    return this.database.read(tenantScope(tenant), fn);
  }

  private write<T>({ tenant }: Leased, fn: (tx: Tx) => Promise<T>): Promise<T> {
    return this.database.transaction(tenantScope(tenant), fn);
  }
}
