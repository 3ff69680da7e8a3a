import { Inject, Injectable } from '@nestjs/common';
import { invalid, maskToken, type Clock, type IdSource } from '@kilowatch/kernel';
import { CLOCK, Database, IDS, tenantScope, type Principal } from '@kilowatch/platform';
import {
  CustomerInformationRepository,
  type CustomerInformationRow,
} from '../persistence/customer-information.repository.js';
import { OperatedStation } from './operated-station.js';
import { RunCommand, type CommandAnswer } from './run-command.js';
import { tokenHash } from './token-hash.js';

export interface CustomerInformationInput {
  readonly stationId: string;
  readonly idToken?: { readonly value: string; readonly type: string } | null;
  readonly customerIdentifier?: string | null;
  readonly report: boolean;
  readonly clear: boolean;
  readonly idempotencyKey?: string | null;
}

const MAX_IDENTIFIER = 64;
const MAX_TOKEN = 255;

/**
 * Asks a station what it knows of a customer, or has it forget them (2.x N09, N10; a right of the person by the GDPR). Who was asked
 * about is kept masked; what the station told is kept for 30 days, for the operator who answers the person.
 */
@Injectable()
export class RequestCustomerInformation {
  constructor(
    private readonly database: Database,
    private readonly stations: OperatedStation,
    private readonly rows: CustomerInformationRepository,
    private readonly commands: RunCommand,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  async request(
    principal: Principal,
    input: CustomerInformationInput,
  ): Promise<{ answer: CommandAnswer; information: CustomerInformationRow }> {
    const { tenant, accountId } = principal;
    const { stationId, report, clear, idToken, idempotencyKey } = input;
    await this.stations.one(principal, stationId);
    const customer = customerOf(input);
    if (!report && !clear) throw invalid('SESSIONS_CUSTOMER_ASK', 'Ask for a report, for clearing, or both.');
    const answer = await this.commands.run(principal, {
      stationId,
      idempotencyKey,
      action: 'CustomerInformation',
      args: { report, clear, customer: tokenHash(tenant, customer) },
      auditedArgs: { report, clear, customer: maskToken(customer) },
      prepare: (tx, id) =>
        this.rows.add(tx, tenant, stationId, {
          id,
          request_id: this.ids.randomInt31(),
          customer: maskToken(customer),
          report,
          clear,
          requested_by: accountId,
          requested_at: this.clock.now(),
        }),
      command: async (id) => ({
        requestCustomerInformation: {
          requestId: (await this.find(principal, id)).request_id,
          report,
          clear,
          idToken: idToken ?? undefined,
          customerIdentifier: idToken ? '' : customer,
        },
      }),
      finished: (tx, id, { outcome }) => this.rows.setStatus(tx, tenant, id, outcome),
    });
    return { answer, information: await this.find(principal, answer.auditId) };
  }

  private async find({ tenant }: Principal, id: string): Promise<CustomerInformationRow> {
    const row = await this.database.read(tenantScope(tenant), (tx) => this.rows.find(tx, tenant, id));
    return row!;
  }
}

function customerOf({ idToken, customerIdentifier }: CustomerInformationInput): string {
  const named = [idToken?.value, customerIdentifier].filter((name) => name !== null && name !== undefined);
  const [name = ''] = named;
  if (named.length !== 1 || name === '') {
    throw invalid('SESSIONS_CUSTOMER', 'Name the customer by one token or one identifier.');
  }
  if (name.length > (idToken ? MAX_TOKEN : MAX_IDENTIFIER)) {
    throw invalid('SESSIONS_CUSTOMER', 'The name of the customer is too long.');
  }
  return name;
}
