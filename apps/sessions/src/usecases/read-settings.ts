import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '@kilowatch/kernel';
import {
  configurationSettings,
  fullReportCall,
  readCall,
  variableSettings,
  type SettingName,
} from '@kilowatch/ocpp';
import { CLOCK, type Principal, type Tx } from '@kilowatch/platform';
import { StationVariableRepository } from '../persistence/station-variable.repository.js';
import { answerPayload } from './answer-payload.js';
import { NoteCostAbility } from './note-cost-ability.js';
import { RunCommand, type CommandAnswer } from './run-command.js';

export interface ReadOptions {
  readonly timeoutSeconds?: number;
  readonly idempotencyKey?: string | null;
}

/** Asks a station for its settings and stores what it says. Of 2.x a whole inventory comes later, as a report. */
@Injectable()
export class ReadSettings {
  constructor(
    private readonly commands: RunCommand,
    private readonly variables: StationVariableRepository,
    private readonly costs: NoteCostAbility,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** `only`: of 1.6, when the model may not be asked for everything (Q16). */
  all(
    principal: Principal,
    stationId: string,
    { is16, only }: { is16: boolean; only: readonly SettingName[] },
    options: ReadOptions = {},
  ): Promise<CommandAnswer> {
    if (is16) return this.some(principal, stationId, only, true, options);
    // Unique per station for the 68 years after 1970 that 31 bits of seconds last.
    const call = fullReportCall(Math.floor(this.clock.now().getTime() / 1000));
    return this.send(principal, stationId, call, options);
  }

  some(
    principal: Principal,
    stationId: string,
    names: readonly SettingName[],
    is16: boolean,
    options: ReadOptions = {},
  ): Promise<CommandAnswer> {
    return this.send(principal, stationId, readCall(is16, names), options);
  }

  private send(
    principal: Principal,
    stationId: string,
    call: ReturnType<typeof readCall>,
    { timeoutSeconds, idempotencyKey }: ReadOptions,
  ): Promise<CommandAnswer> {
    const { action, payload } = call;
    const body = { raw: { action, payloadJson: JSON.stringify(payload) } };
    return this.commands.run(principal, {
      stationId,
      action,
      // A report's number is new each time, the request of a repeated key is not.
      args: action === 'GetBaseReport' ? {} : { payload },
      command: () => body,
      finished: (tx, _auditId, answer) => this.learn(tx, principal.tenant, stationId, action, answer),
      keepsAnswer: false,
      ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
      ...(idempotencyKey ? { idempotencyKey } : {}),
    });
  }

  /** Stores what the answer to any command says of settings. */
  async learn(
    tx: Tx,
    tenant: string,
    stationId: string,
    action: string,
    answer: CommandAnswer,
  ): Promise<void> {
    if (answer.payloadJson === '' || (action !== 'GetConfiguration' && action !== 'GetVariables')) return;
    const payload = answerPayload(answer.payloadJson);
    const settings =
      action === 'GetConfiguration' ? configurationSettings(payload) : variableSettings(payload);
    if (settings.length === 0) return;
    await this.variables.saveSettings(tx, tenant, stationId, settings, this.clock.now());
    const components = settings.map(({ name }) => name.component);
    await this.costs.run(tx, tenant, stationId, components);
    tx.live('station', stationId);
  }
}
