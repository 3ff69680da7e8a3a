import { Inject, Injectable } from '@nestjs/common';
import { invalid, isUuid, notFound, type Clock } from '@kilowatch/kernel';
import { CLOCK, Database, tenantScope, type Principal } from '@kilowatch/platform';
import { explain, type Decision, type DecisionPurpose } from '../domain/decision.js';
import { isStartButton, spelledType } from '../domain/token-type.js';
import { CheckContract, type ContractEvidence } from './check-contract.js';
import { DecisionInputs } from './decision-input.js';
import { ruleText } from './rule-texts.js';

export interface ExplainQuestion {
  readonly value: string;
  readonly type: string;
  readonly stationId: string;
  readonly evseNumber: number;
  readonly purpose: DecisionPurpose;
  readonly contract: ContractEvidence | undefined;
}

export interface ExplainedStep {
  readonly rule: string;
  /** Empty: nothing against it. */
  readonly status: string;
  readonly reason: string;
  readonly text: string;
}

export interface Explanation extends Decision {
  readonly policyVersion: string;
  readonly steps: readonly ExplainedStep[];
}

/** What would be decided now, and why. Records nothing and raises no suspicion. */
@Injectable()
export class ExplainDecision {
  constructor(
    private readonly database: Database,
    private readonly inputs: DecisionInputs,
    private readonly contracts: CheckContract,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async run({ tenant }: Principal, question: ExplainQuestion): Promise<Explanation> {
    if (!isUuid(question.stationId)) throw notFound('AUTH_STATION', 'There is no such station.');
    const type = spelledType(question.type);
    if (question.value === '' && !isStartButton(type)) throw invalid('AUTH_TOKEN_VALUE', 'Say which token.');
    const now = this.clock.now();
    const presented = {
      ...question,
      type,
      at: now,
      offline: false,
      decisionKey: '',
      ocppMessageId: '',
      openSessionIds: [],
      remoteStart: false,
    };
    const finding = await this.contracts.run(tenant, presented, now);
    const { input, policyVersion } = await this.database.read(tenantScope(tenant), (tx) =>
      this.inputs.load(tx, tenant, presented, now, finding?.verdict),
    );
    if (!input.place) throw notFound('AUTH_STATION', 'There is no such station.');
    const { decision, steps } = explain(input);
    return {
      ...decision,
      policyVersion,
      steps: [
        ...(finding?.steps ?? []).map((step) => ({ ...step, status: '' })),
        ...steps.map((step) => ({ ...step, text: ruleText(step) })),
      ],
    };
  }
}
