import { Injectable } from '@nestjs/common';
import { events } from '@kilowatch/contracts';
import { invalid, precondition } from '@kilowatch/kernel';
import type { Tx } from '@kilowatch/platform';
import { canonicalJson } from '../domain/canonical-json.js';
import { checkBegin } from '../domain/tariff-plan.js';
import { lockSettling, wakeUnpriced } from '../persistence/billed-session.repository.js';
import {
  findDefaultTariff,
  findTariffs,
  setDefaultTariff,
  touchTariff,
  type CurrentTariff,
} from '../persistence/tariff.repository.js';
import { wakeSourcesOfTariff } from '../persistence/tariff-source.repository.js';
import {
  findVersionAt,
  findVersionFrom,
  insertTariffVersion,
  lastVersionNumber,
  planTurn,
  type PublishedVersion,
} from '../persistence/tariff-version.repository.js';
import { sha256 } from './sha256.js';
import { tariffMessage } from './tariff-message.js';

export interface NewVersion {
  readonly id: string;
  readonly name: string;
  readonly currency: string;
  /** Checked. */
  readonly document: unknown;
  readonly note: string;
  /** Not before `now`. */
  readonly validFrom: Date;
  /** Undefined: as it is; the first tariff becomes the default. */
  readonly isDefault: boolean | undefined;
}

export interface Publisher {
  readonly tenant: string;
  readonly accountId: string;
}

export interface AppliedTariff {
  readonly tariff: CurrentTariff;
  /** The version that holds the prices asked for. */
  readonly version: PublishedVersion;
  readonly changed: boolean;
}

/** Adds versions to tariffs and lets them take over. In a transaction that holds `lockTariffs`. */
@Injectable()
export class PublishTariff {
  /**
   * A version when anything but the default changes at its moment, nothing when nothing does. Throws CONFLICT when another begins at that
   * moment, PRECONDITION when the default would go away.
   */
  async publish(
    tx: Tx,
    { tenant, accountId }: Publisher,
    wanted: NewVersion,
    now: Date,
  ): Promise<AppliedTariff> {
    const { id, validFrom, isDefault } = wanted;
    const isPlanned = validFrom > now;
    if (isPlanned && isDefault)
      throw invalid(
        'BILLING_PLANNED_DEFAULT',
        'A planned version cannot make the tariff the default: do that when it is valid.',
      );
    const fingerprint = sha256(canonicalJson({ name: wanted.name, document: wanted.document }));
    const [held] = await findTariffs(tx, tenant, [id]);
    const former = await findDefaultTariff(tx, tenant);
    if (isDefault === false && held?.isDefault) {
      throw precondition('BILLING_DEFAULT_NEEDED', 'Make another tariff the default instead.');
    }
    const valid = await findVersionAt(tx, tenant, { tariffId: id, at: validFrom, now });
    const isNew = valid?.fingerprint !== fingerprint;
    const takesOver = !isPlanned && (isDefault ?? former === undefined) && !held?.isDefault;
    if (held && valid && !isNew && !takesOver) return { tariff: held, version: valid, changed: false };
    if (isNew && isPlanned) checkBegin(validFrom, await findVersionFrom(tx, tenant, id, validFrom));
    const version: PublishedVersion =
      valid && !isNew
        ? valid
        : {
            tenant,
            id,
            version: (await lastVersionNumber(tx, tenant, id)) + 1,
            name: wanted.name,
            currency: wanted.currency,
            document: wanted.document,
            fingerprint,
            validFrom,
            publishedAt: now,
            publishedBy: accountId,
            note: wanted.note,
          };
    if (isNew) {
      await insertTariffVersion(tx, version);
      await wakeSourcesOfTariff(tx, tenant, id, now);
    }
    if (isPlanned) return { ...(await this.plan(tx, version, held, now)), version, changed: true };
    await touchTariff(tx, { tenant, id, version: version.version, changedAt: now });
    if (takesOver) await this.makeDefault(tx, tenant, id, former, now);
    await this.wake(tx, tenant, now);
    return { tariff: await this.announce(tx, tenant, id), version, changed: true };
  }

  /** A version whose moment has come takes over; the first tariff becomes the default. Doing it twice changes nothing. */
  async takeOver(tx: Tx, tenant: string, id: string, now: Date): Promise<void> {
    const valid = await findVersionAt(tx, tenant, { tariffId: id, at: now, now });
    const [held] = await findTariffs(tx, tenant, [id]);
    const former = await findDefaultTariff(tx, tenant);
    if (!valid) return;
    await touchTariff(tx, { tenant, id, version: valid.version, changedAt: now });
    if (!former && !held?.isDefault) await this.makeDefault(tx, tenant, id, undefined, now);
    await this.wake(tx, tenant, now);
    await this.announce(tx, tenant, id);
  }

  private async plan(
    tx: Tx,
    { tenant, id, version, validFrom }: PublishedVersion,
    held: CurrentTariff | undefined,
    now: Date,
  ): Promise<{ tariff: CurrentTariff }> {
    await planTurn(tx, { tenant, tariffId: id, dueAt: validFrom });
    if (!held) await touchTariff(tx, { tenant, id, version, changedAt: now });
    return { tariff: held ?? (await findTariffs(tx, tenant, [id]))[0]! };
  }

  private async makeDefault(
    tx: Tx,
    tenant: string,
    tariffId: string,
    former: CurrentTariff | undefined,
    at: Date,
  ): Promise<void> {
    await setDefaultTariff(tx, tenant, tariffId, at);
    if (former) {
      await touchTariff(tx, { tenant, id: former.id, version: former.version, changedAt: at });
      await this.announce(tx, tenant, former.id);
    }
  }

  /** A session being held for want of a tariff this very moment must be committed, or it would be missed. */
  private async wake(tx: Tx, tenant: string, at: Date): Promise<void> {
    lockSettling(tx, tenant);
    await wakeUnpriced(tx, tenant, at);
  }

  private async announce(tx: Tx, tenant: string, id: string): Promise<CurrentTariff> {
    const tariff = (await findTariffs(tx, tenant, [id]))[0]!;
    tx.publish(events.tariffChanged, {
      aggregateId: tariff.id,
      aggregateVersion: tariff.revision,
      occurredAt: tariff.changedAt,
      payload: { tariff: tariffMessage(tariff) },
    });
    return tariff;
  }
}
