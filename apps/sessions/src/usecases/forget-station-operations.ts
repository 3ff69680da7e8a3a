import { Injectable } from '@nestjs/common';
import type { DueWorkDefinition, Tx } from '@kilowatch/platform';
import { CustomerInformationRepository } from '../persistence/customer-information.repository.js';
import { EventStreamRepository } from '../persistence/event-stream.repository.js';
import { LogRequestRepository } from '../persistence/log-request.repository.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Long enough to answer the person who asked. */
const CUSTOMER_DAYS = 30;
/** Longer than the gateway keeps the files. */
const LOG_DAYS = 365;

/** What streams told is for people who look into something recent. */
const STREAM_DAYS = 7;

/** Personal data that a station told goes after a month. */
@Injectable()
export class ForgetCustomerInformation implements DueWorkDefinition<{ tenant: string }> {
  readonly name = 'forget-customer-information';
  readonly intervalMs = HOUR_MS;

  constructor(private readonly rows: CustomerInformationRepository) {}

  take(tx: Tx, now: Date, limit: number): Promise<{ tenant: string }[]> {
    return this.rows.forget(tx, new Date(now.getTime() - CUSTOMER_DAYS * DAY_MS), limit);
  }
}

@Injectable()
export class ForgetLogRequests implements DueWorkDefinition<{ tenant: string }> {
  readonly name = 'forget-log-requests';
  readonly intervalMs = HOUR_MS;

  constructor(private readonly rows: LogRequestRepository) {}

  take(tx: Tx, now: Date, limit: number): Promise<{ tenant: string }[]> {
    return this.rows.forget(tx, new Date(now.getTime() - LOG_DAYS * DAY_MS), limit);
  }
}

/** Values of streams go after a week, and streams a week after they were closed. */
@Injectable()
export class ForgetStreamValues implements DueWorkDefinition<{ tenant: string }> {
  readonly name = 'forget-stream-values';
  readonly intervalMs = HOUR_MS;

  constructor(private readonly rows: EventStreamRepository) {}

  async take(tx: Tx, now: Date, limit: number): Promise<{ tenant: string }[]> {
    const until = new Date(now.getTime() - STREAM_DAYS * DAY_MS);
    const values = await this.rows.forgetValues(tx, until, limit);
    return values.length > 0 ? values : this.rows.forgetClosed(tx, until, limit);
  }
}
