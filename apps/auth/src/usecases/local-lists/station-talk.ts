import type { JsonObject } from '@kilowatch/ocpp';
import { isJsonObject } from '@kilowatch/ocpp';
import { verdictOf, type Verdict } from '../../domain/local-list/list-verdict.js';
import { rawCommand, type StationCommands } from '../station-commands.js';

export interface Leased {
  readonly tenant: string;
  readonly stationId: string;
  readonly lease: string;
}

export interface StationReply {
  readonly verdict: Verdict;
  readonly payload: JsonObject;
  /** The station's word for what it did not do. */
  readonly word: string;
}

/** The commands of one conversation; each has a key of its own, so none is taken for one of an earlier conversation. */
export class StationTalk {
  private count = 0;

  constructor(
    private readonly commands: StationCommands,
    private readonly leased: Leased,
  ) {}

  async ask(action: string, payload: object): Promise<StationReply> {
    const { tenant, stationId, lease } = this.leased;
    const answer = await this.commands.send({
      tenant,
      stationId,
      key: `local-list:${stationId}:${lease}:${++this.count}`,
      command: rawCommand(action, payload),
    });
    return {
      verdict: verdictOf(answer),
      payload: isJsonObject(answer.payload) ? answer.payload : {},
      word: answer.errorCode || answer.status || answer.outcome,
    };
  }
}
