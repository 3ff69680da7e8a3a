import { TEST_VENDOR } from '@kilowatch/testing';
import { GraphqlError } from '../client/graphql-client.js';
import { COMMAND_RESULT, type CommandResult } from '../kw/commands/command-result.js';
import { findStation } from '../kw/commands/find-station.js';
import type { Member, Stage } from './stage.js';

export interface ProbedCommand {
  readonly member: Member;
  /** In the command's payload and its idempotency key. */
  readonly mark: string;
  /** `ACCEPTED`, `OFFLINE`, `UNKNOWN`, ...; `ERROR <code>` when the API gave no outcome. */
  readonly outcome: string;
  readonly seconds: number;
}

const TIMEOUT_SECONDS = 10;
const SEND = `mutation($input: SendCommandInput!) { sendCommand(input: $input) { ${COMMAND_RESULT} } }`;

/** Commands that can be told from each other, sent by an operator over the API and looked for in the chargers' own memory. */
export class CommandProbe {
  readonly sent: ProbedCommand[] = [];
  private readonly stations = new Map<Member, string>();

  constructor(private readonly stage: Stage) {}

  /** Asked once, so that it is known when the platform cannot be asked. */
  async stationOf(member: Member): Promise<string> {
    const known = this.stations.get(member) ?? (await findStation(this.operator, member.charger.identity));
    this.stations.set(member, known);
    return known;
  }

  /** One command, or one more time the command of that mark. */
  async send(member: Member, mark = this.stage.random.uuid()): Promise<ProbedCommand> {
    const began = performance.now();
    const outcome = await this.outcomeOf(member, mark);
    const command = { member, mark, outcome, seconds: (performance.now() - began) / 1000 };
    this.sent.push(command);
    return command;
  }

  /** P5: what was called successful has been seen by its charger, and nothing has been seen twice. */
  problems(): string[] {
    return this.sent.flatMap(({ member, mark, outcome }) => {
      const seen = member.charger.commands.filter(({ payload }) => payload['messageId'] === mark).length;
      const where = `command ${mark} to ${member.charger.identity}`;
      if (seen > 1) return [`${where} was seen ${seen} times`];
      return outcome === 'ACCEPTED' && seen === 0 ? [`${where} is called successful and was not seen`] : [];
    });
  }

  /** How often each outcome came: `ACCEPTED 41, OFFLINE 2`. */
  summary(): string {
    const counts = new Map<string, number>();
    for (const { outcome } of this.sent) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    return [...counts].map(([outcome, count]) => `${outcome} ${count}`).join(', ');
  }

  private get operator() {
    return this.stage.people.operator;
  }

  private async outcomeOf(member: Member, mark: string): Promise<string> {
    try {
      const input = {
        stationId: await this.stationOf(member),
        action: 'DataTransfer',
        payload: { vendorId: TEST_VENDOR, messageId: mark },
        timeoutSeconds: TIMEOUT_SECONDS,
        idempotencyKey: mark,
      };
      const { sendCommand } = await this.operator.request<{ sendCommand: CommandResult }>(SEND, { input });
      return sendCommand.outcome;
    } catch (error) {
      return `ERROR ${error instanceof GraphqlError ? error.code : (error as Error).message}`;
    }
  }
}
