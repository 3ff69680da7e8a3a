import { Inject, Injectable } from '@nestjs/common';
import { toAppError, type Clock } from '@kilowatch/kernel';
import { writeCall, writeResults, type WriteResult } from '@kilowatch/ocpp';
import { CLOCK, Database, tenantScope, type Principal, type Tx } from '@kilowatch/platform';
import { shorterList } from '../domain/default-settings.js';
import { variableLabel } from '../domain/device-event.js';
import type { PlannedWrite, Verdict } from '../domain/settings-plan.js';
import { SettingRepository } from '../persistence/setting.repository.js';
import { StationVariableRepository } from '../persistence/station-variable.repository.js';
import { answerPayload } from './answer-payload.js';
import { NoteCostAbility } from './note-cost-ability.js';
import { RunCommand, type CommandAnswer } from './run-command.js';

/** SILENT: no answer, or nobody to ask. Nothing more was sent after the first that was not DONE. */
export type WriteEnd = 'DONE' | 'OFFLINE' | 'SILENT' | 'TIME_UP';

export interface WriteOrder {
  readonly stationId: string;
  readonly firmware: string;
  readonly batches: readonly (readonly PlannedWrite[])[];
  readonly timeoutSeconds: number;
  readonly until: Date | null;
}

const NOT_THERE = new Set(['NotSupported', 'NotImplemented']);

/** Writes settings to a station, command after command, and records what came of each setting with the command's own outcome. */
@Injectable()
export class WriteSettings {
  constructor(
    private readonly database: Database,
    private readonly commands: RunCommand,
    private readonly settings: SettingRepository,
    private readonly variables: StationVariableRepository,
    private readonly costs: NoteCostAbility,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async run(principal: Principal, order: WriteOrder): Promise<WriteEnd> {
    for (const batch of order.batches) {
      if (order.until && this.clock.now().getTime() >= order.until.getTime()) return 'TIME_UP';
      const end = await this.write(principal, order, batch);
      if (end !== 'DONE') return end;
    }
    return 'DONE';
  }

  private async write(
    principal: Principal,
    order: WriteOrder,
    batch: readonly PlannedWrite[],
  ): Promise<WriteEnd> {
    const { action, payload } = writeCall(batch);
    const body = { raw: { action, payloadJson: JSON.stringify(payload) } };
    try {
      const { outcome } = await this.commands.run(principal, {
        stationId: order.stationId,
        action,
        args: { payload },
        auditedArgs: { settings: batch.map(audited) },
        timeoutSeconds: order.timeoutSeconds,
        command: () => body,
        finished: (tx, _auditId, answer) => this.record(tx, principal.tenant, order, batch, answer),
      });
      return outcome === 'OFFLINE' ? 'OFFLINE' : outcome === 'UNKNOWN' ? 'SILENT' : 'DONE';
    } catch (thrown) {
      const { kind, code } = toAppError(thrown);
      // The gateway will never carry this: as good as refused.
      if (kind !== 'INVALID') return 'SILENT';
      const verdicts = batch.map(({ key }): Verdict => ({ key, outcome: 'REJECTED', status: code }));
      await this.database.transaction(tenantScope(principal.tenant), (tx) =>
        this.settle(tx, principal.tenant, order, verdicts, true),
      );
      return 'DONE';
    }
  }

  private async record(
    tx: Tx,
    tenant: string,
    order: WriteOrder,
    batch: readonly PlannedWrite[],
    answer: CommandAnswer,
  ): Promise<void> {
    const verdicts = verdictsOf(batch, answer);
    await this.settle(tx, tenant, order, verdicts, answer.outcome !== 'OFFLINE');
    const accepted = new Set(verdicts.filter(({ outcome }) => outcome === 'ACCEPTED').map(({ key }) => key));
    const inForce = batch.filter(({ key, secret }) => accepted.has(key) && !secret);
    await this.variables.saveSettings(
      tx,
      tenant,
      order.stationId,
      inForce.map(({ name, value }) => ({ name, value, mutability: '', known: true })),
      this.clock.now(),
    );
    const components = inForce.map(({ name }) => name.component);
    await this.costs.run(tx, tenant, order.stationId, components);
  }

  private async settle(
    tx: Tx,
    tenant: string,
    { stationId, firmware }: WriteOrder,
    verdicts: readonly Verdict[],
    attempted: boolean,
  ): Promise<void> {
    await this.settings.settle(tx, tenant, stationId, verdicts, {
      now: this.clock.now(),
      firmware,
      attempted,
    });
    tx.live('station', stationId);
  }
}

function verdictsOf(
  batch: readonly PlannedWrite[],
  answer: CommandAnswer,
): (Verdict & { shorter?: string | undefined })[] {
  const results = writeResults(batch, answerPayload(answer.payloadJson));
  return batch.map((write) => {
    const { key } = write;
    switch (answer.outcome) {
      case 'OFFLINE':
        return { key, outcome: 'OFFLINE', status: '' };
      case 'UNKNOWN':
        return { key, outcome: 'PENDING', status: 'NoAnswer' };
      case 'CHARGER_ERROR': {
        const outcome = NOT_THERE.has(answer.errorCode) ? 'NOT_SUPPORTED' : 'REJECTED';
        return { key, outcome, status: answer.errorCode };
      }
      default:
        return answered(write, results.get(key) ?? { outcome: 'REJECTED', status: 'NoResult' });
    }
  });
}

/** A default list that was refused is tried again without its least important word. */
function answered({ key, source, value }: PlannedWrite, { outcome, status }: WriteResult) {
  const shorter = source === 'DEFAULT' && outcome === 'REJECTED' ? shorterList(value) : undefined;
  return shorter === undefined
    ? { key, outcome, status }
    : { key, outcome: 'PENDING' as const, status, shorter };
}

function audited({ name, value, secret }: PlannedWrite) {
  const setting = variableLabel({ ...name, variableInstance: name.instance });
  return { setting, value: secret ? '[redacted]' : value };
}
