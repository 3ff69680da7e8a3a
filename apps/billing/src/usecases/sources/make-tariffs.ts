import { Inject, Injectable } from '@nestjs/common';
import { conflict, isAppError, nextLocalMidnight, notFound, type AppError } from '@kilowatch/kernel';
import { LOGGER, type DueWorkDefinition, type Logger, type Tx } from '@kilowatch/platform';
import { clockPutBack } from '@kilowatch/pricing';
import { canonicalJson } from '../../domain/canonical-json.js';
import { fromThenOn } from '../../domain/sources/curve-tariff.js';
import {
  findTariffSource,
  recordMaking,
  takeDueSources,
  type TariffSourceRecord,
} from '../../persistence/tariff-source.repository.js';
import { lockTariffs } from '../../persistence/tariff.repository.js';
import {
  countVersionsSince,
  findVersionAt,
  insertWithdrawal,
  plannedVersions,
  planTurn,
  type PublishedVersion,
} from '../../persistence/tariff-version.repository.js';
import { JudgeTariffs } from '../judge-tariffs.js';
import { PublishTariff, type NewVersion } from '../publish-tariff.js';
import { discountOn, versionByCurve } from './made-version.js';

/** A curve that changes all the time must not fill the history: a level each quarter of an hour is as much as a price can follow. */
const MOST_A_DAY = 100;
const PUT_OFF_MS = 60_000;

/**
 * Makes versions of tariffs from what they follow: a curve that says something new, a tariff that has another version. What was made stays;
 * when nothing changes from now on, nothing is made. Doing it twice changes nothing, so the rows are not locked: `lockTariffs` comes first.
 */
@Injectable()
export class MakeTariffs implements DueWorkDefinition<TariffSourceRecord> {
  readonly name = 'make-tariffs';
  readonly intervalMs = 1_000;

  constructor(
    private readonly tariffs: PublishTariff,
    private readonly judge: JudgeTariffs,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  take(tx: Tx, now: Date, limit: number): Promise<TariffSourceRecord[]> {
    return takeDueSources(tx, now, limit);
  }

  async run(tx: Tx, row: TariffSourceRecord, now: Date): Promise<void> {
    lockTariffs(tx, row.tenant);
    const source = await findTariffSource(tx, row.tenant, row.tariffId);
    if (!source) return;
    try {
      await tx.savepoint(() =>
        source.kind === 'DISCOUNT' ? this.follow(tx, source, now) : this.fill(tx, source, now),
      );
      await recordMaking(tx, source, { madeAt: now, failure: null, dueAt: null });
    } catch (error) {
      if (!isAppError(error)) throw error;
      await this.recordFailure(tx, source, error, now);
    }
  }

  async failed(tx: Tx, row: TariffSourceRecord, _error: unknown, now: Date): Promise<void> {
    await recordMaking(tx, row, {
      madeAt: null,
      failure: 'INTERNAL',
      dueAt: new Date(now.getTime() + PUT_OFF_MS),
    });
  }

  /** What is wrong with it stays wrong until something changes, which wakes it. */
  private async recordFailure(
    tx: Tx,
    source: TariffSourceRecord,
    { code }: AppError,
    now: Date,
  ): Promise<void> {
    this.log.warn({ tariffId: source.tariffId, code }, 'tariff could not be made from its source');
    const dueAt = code === TOO_MANY ? nextLocalMidnight(now, source.timeZone ?? 'UTC') : null;
    await recordMaking(tx, source, { madeAt: null, failure: code, dueAt });
  }

  private async fill(tx: Tx, source: TariffSourceRecord, now: Date): Promise<void> {
    const { tenant } = source;
    const { tariff, today, made } = await versionByCurve(tx, source, now);
    const held = await findVersionAt(tx, tenant, { tariffId: tariff.id, at: now, now });
    const saysTheSame = (one: PublishedVersion) =>
      one.name === source.name &&
      canonicalJson(fromThenOn(one.document, now)) === canonicalJson(fromThenOn(made.document, now));
    if (held && saysTheSame(held)) return;
    if ((await countVersionsSince(tx, tenant, tariff.id, today.from)) >= MOST_A_DAY)
      throw conflict(TOO_MANY, 'The tariff has as many versions today as it may have.');
    await this.publish(
      tx,
      source,
      { currency: tariff.currency, document: made.document, note: made.note, validFrom: now },
      now,
    );
    for (const change of clockPutBack(made.document, tariff.timeZone)) {
      // Partners know local time only, and are told the rest of it then.
      if (change > now) await planTurn(tx, { tenant, tariffId: tariff.id, dueAt: change });
    }
  }

  /** One version for each of the base, valid from the same moment; those whose base was withdrawn go too. */
  private async follow(tx: Tx, source: TariffSourceRecord, now: Date): Promise<void> {
    const { tenant, tariffId } = source;
    const baseTariffId = source.baseTariffId ?? '';
    const current = await findVersionAt(tx, tenant, { tariffId: baseTariffId, at: now, now });
    const ahead = await plannedVersions(tx, tenant, baseTariffId, now);
    if (!current && ahead.length === 0)
      throw notFound('BILLING_SOURCE_BASE', 'There is no tariff of that id to give a discount on.');
    const wanted = [...(current ? [{ ...current, validFrom: now }] : []), ...ahead].map((base) =>
      discountOn(base, source),
    );
    for (const held of await plannedVersions(tx, tenant, tariffId, now)) {
      const isWanted = wanted.some(
        (one) =>
          one.validFrom.getTime() === held.validFrom.getTime() &&
          one.name === held.name &&
          canonicalJson(one.document) === canonicalJson(held.document),
      );
      if (isWanted) continue;
      const { version } = held;
      await insertWithdrawal(tx, { tenant, tariffId, version, at: now, by: source.createdBy });
    }
    for (const one of wanted) await this.publish(tx, source, one, now);
  }

  /** As a tariff that is applied by hand: where the tenant refuses violations of the laws on prices, none is made, and what was made stays. */
  private async publish(
    tx: Tx,
    { tenant, tariffId, createdBy, name }: TariffSourceRecord,
    made: Pick<NewVersion, 'currency' | 'document' | 'note' | 'validFrom'>,
    now: Date,
  ): Promise<void> {
    await this.judge.beforeApply(tx, tenant, tariffId, made.document);
    const version = { ...made, id: tariffId, name, isDefault: undefined };
    await this.tariffs.publish(tx, { tenant, accountId: createdBy }, version, now);
  }
}

const TOO_MANY = 'BILLING_SOURCE_TOO_MANY';
