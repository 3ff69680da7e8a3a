import { Inject, Injectable } from '@nestjs/common';
import { events } from '@kilowatch/contracts';
import { isAppError, isUuid, type Clock, type IdSource } from '@kilowatch/kernel';
import { CLOCK, IDS, oneAtATime, type Tx } from '@kilowatch/platform';
import { givesWay, isUsable } from '../domain/quote-use.js';
import { lockQuote } from '../domain/quote.js';
import { billStanding, isDriverKnown } from '../domain/told-driver.js';
import { nudgeFunds } from '../persistence/account-funds.repository.js';
import type { StoredReservation, StoredSnapshot } from '../persistence/billed-session.repository.js';
import { findCdrsOfSessions } from '../persistence/cdr.repository.js';
import {
  bindQuote,
  findQuoteForUpdate,
  findQuoteOfSession,
  insertQuote,
  releaseQuote,
  type QuoteRecord,
} from '../persistence/quote.repository.js';
import { findVersionAt } from '../persistence/tariff-version.repository.js';
import { sessionTariff } from './session-tariff.js';
import { sha256 } from './sha256.js';

/**
 * Fixes the price of a session: the quote its driver accepted, else the tariff of its start. OCPP 2.x sessions may begin with the cable
 * and learn their driver later: until then the price is provisional, and an accepted quote takes the place of the tariff until their bill.
 */
@Injectable()
export class LockSessionQuote {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  /** Under `lockSettling`. Undefined while there is no tariff to price it with. */
  async run(
    tx: Tx,
    tenant: string,
    told: StoredSnapshot,
    reservation?: StoredReservation,
  ): Promise<QuoteRecord | undefined> {
    // What was accepted at the start comes before what was when the connector was reserved.
    const isOwn = told.quoteId !== '' || !reservation;
    const snapshot = isOwn ? told : { ...told, quoteId: reservation.quoteId };
    const acceptedFor = isOwn ? undefined : new Date(reservation.from);
    const locked = await findQuoteOfSession(tx, tenant, snapshot.sessionId);
    if (locked && !(await this.mayChange(tx, tenant, snapshot, locked))) return locked;
    const startedAt = startOf(snapshot, this.clock);
    const quote =
      (await this.accepted(tx, tenant, snapshot, acceptedFor ?? startedAt, locked)) ??
      (await this.unaccepted(tx, tenant, snapshot, startedAt, locked));
    if (!quote?.lockedAt || quote === locked) return quote;
    // What it costs is known from now on.
    if (snapshot.accountId !== '') await nudgeFunds(tx, tenant, snapshot.accountId);
    tx.publish(events.quoteLocked, {
      aggregateId: quote.id,
      aggregateVersion: 1,
      occurredAt: this.clock.now(),
      payload: {
        quoteId: quote.id,
        sessionId: snapshot.sessionId,
        tariffId: quote.tariffId,
        tariffVersion: quote.tariffVersion,
        hash: quote.hash,
      },
    });
    return quote;
  }

  private async mayChange(
    tx: Tx,
    tenant: string,
    snapshot: StoredSnapshot,
    locked: QuoteRecord,
  ): Promise<boolean> {
    const { sessionId, quoteId } = snapshot;
    const isOtherAccepted = isUuid(quoteId) && quoteId !== locked.id;
    if (!isOtherAccepted && !givesWay(locked, snapshot)) return false;
    const [bill] = await findCdrsOfSessions(tx, tenant, [sessionId]);
    return !bill || billStanding(bill.snapshot, snapshot) === 'NOBODYS';
  }

  /** By the tariff, unless that was done for its driver already. Inserted here: a provisional one is gone first. */
  private async unaccepted(
    tx: Tx,
    tenant: string,
    snapshot: StoredSnapshot,
    startedAt: Date,
    locked: QuoteRecord | undefined,
  ): Promise<QuoteRecord | undefined> {
    if (locked && !givesWay(locked, snapshot)) return locked;
    const quote = await this.byTariff(tx, tenant, snapshot, startedAt);
    if (!quote) return locked;
    if (locked) await releaseQuote(tx, tenant, locked.id);
    await insertQuote(tx, tenant, quote);
    return quote;
  }

  /** Two sessions that are looked at side by side may name one quote: it prices the first of them. */
  private async accepted(
    tx: Tx,
    tenant: string,
    snapshot: StoredSnapshot,
    startedAt: Date,
    locked: QuoteRecord | undefined,
  ): Promise<QuoteRecord | undefined> {
    const { quoteId } = snapshot;
    if (!isUuid(quoteId)) return undefined;
    return oneAtATime(tx, `quote|${tenant}|${quoteId}`, () =>
      this.bindIfUsable(tx, tenant, { ...snapshot, startedAt }, locked),
    );
  }

  private async bindIfUsable(
    tx: Tx,
    tenant: string,
    session: Omit<StoredSnapshot, 'startedAt'> & { readonly startedAt: Date },
    locked: QuoteRecord | undefined,
  ): Promise<QuoteRecord | undefined> {
    const { quoteId, sessionId } = session;
    const offered = await findQuoteForUpdate(tx, tenant, quoteId);
    if (!offered || !isUsable(offered, session)) return undefined;
    const lockedAt = this.clock.now();
    if (locked) await releaseQuote(tx, tenant, locked.id);
    await bindQuote(tx, tenant, offered.id, sessionId, lockedAt);
    return { ...offered, sessionId, lockedAt };
  }

  private async byTariff(
    tx: Tx,
    tenant: string,
    snapshot: StoredSnapshot,
    startedAt: Date,
  ): Promise<QuoteRecord | undefined> {
    const facts = {
      TOKEN: snapshot.tokenId,
      DRIVER: snapshot.accountId,
      STATION: snapshot.stationId,
      LOCATION: snapshot.locationId,
    };
    const tariffId = await sessionTariff(tx, tenant, facts, startedAt);
    if (tariffId === undefined) return undefined;
    const tariff = await findVersionAt(tx, tenant, { tariffId, at: startedAt, now: this.clock.now() });
    if (!tariff) return undefined;
    const timeZone = snapshot.timeZone || 'UTC';
    const request = {
      id: this.ids.newId(),
      document: tariff.document,
      tariffVersion: tariff.version,
      timeZone,
    };
    try {
      const quote = lockQuote({ ...request, now: startedAt }, sha256);
      return {
        ...request,
        tenant,
        accountId: snapshot.accountId,
        connectorId: snapshot.connectorId,
        sessionId: snapshot.sessionId,
        tariffId,
        tariffName: tariff.name,
        currency: quote.currency,
        hash: quote.hash,
        quotedAt: startedAt,
        expiresAt: quote.expiresAt,
        lockedAt: isDriverKnown(snapshot) ? this.clock.now() : undefined,
      };
    } catch (error) {
      if (isAppError(error) && error.code === 'BILLING_TARIFF_NOT_VALID_NOW') return undefined;
      throw error;
    }
  }
}

export function startOf(snapshot: StoredSnapshot, clock: Clock): Date {
  return snapshot.startedAt ? new Date(snapshot.startedAt) : clock.now();
}
