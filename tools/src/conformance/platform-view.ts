import type { JsonObject } from '@kilowatch/ocpp';
import { waitFor } from '@kilowatch/testing';
import type { GraphqlClient } from '../client/graphql-client.js';

export interface CommandResult {
  readonly outcome: 'ACCEPTED' | 'REJECTED' | 'CHARGER_ERROR' | 'OFFLINE' | 'UNKNOWN';
  readonly status: string | null;
  readonly errorCode: string | null;
  readonly errorDescription: string | null;
  readonly payload: JsonObject | null;
}

export interface SessionView {
  readonly id: string;
  readonly state: 'ACTIVE' | 'ENDED';
  readonly chargingState: string;
  readonly evseNumber: number;
  readonly startMethod: string;
  readonly transactionId: string;
  readonly stopReason: string | null;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly energyWh: number | null;
  readonly energyStatus: string | null;
}

const RESULT = 'outcome status errorCode errorDescription payload';
const SESSION = `id state chargingState evseNumber startMethod transactionId stopReason startedAt endedAt energyWh energyStatus`;
/** Hundreds of stations come at once in a suite: what follows from their events takes its turn. */
const PATIENCE_MS = 40_000;

/** What an operator and a driver see of one station, and what they tell it: the public API and nothing else. */
export class PlatformView {
  constructor(
    readonly operator: GraphqlClient,
    readonly stationId: string,
  ) {}

  /** Any action, as an operator sends it. */
  async send(action: string, payload: JsonObject, timeoutSeconds?: number): Promise<CommandResult> {
    return this.order('sendCommand', { action, payload, timeoutSeconds });
  }

  /** A mutation whose payload is a command's result. */
  async order(mutation: string, input: Record<string, unknown> = {}): Promise<CommandResult> {
    const answer = await this.mutate<CommandResult>(mutation, RESULT, input);
    return answer;
  }

  /** Any mutation on this station. */
  async mutate<T>(mutation: string, selection: string, input: Record<string, unknown>): Promise<T> {
    return mutate<T>(this.operator, mutation, selection, { stationId: this.stationId, ...input });
  }

  async sessions(): Promise<SessionView[]> {
    const { sessions } = await this.operator.request<{ sessions: { edges: { node: SessionView }[] } }>(
      `query($id: ID!) { sessions(first: 20, filter: { stationId: $id }) { edges { node { ${SESSION} } } } }`,
      { id: this.stationId },
    );
    return sessions.edges.map(({ node }) => node);
  }

  /** The session of a transaction once it looks as wanted; of an id that was used again, one that does. */
  async session(
    transactionId: string | number,
    wanted: (session: SessionView) => boolean = () => true,
    what = 'as wanted',
  ): Promise<SessionView> {
    let last: SessionView | undefined;
    return waitFor(
      `session ${what}`,
      async () => {
        const named = (await this.sessions()).filter(
          (session) => session.transactionId === String(transactionId),
        );
        last = named[0];
        return named.find(wanted);
      },
      { timeoutMs: PATIENCE_MS, everyMs: 100 },
    ).catch(() => {
      throw new Error(`the session of ${transactionId} did not become ${what}: ${JSON.stringify(last)}`);
    });
  }

  /** The part of the station that `selection` names. */
  async part<T>(selection: string): Promise<T> {
    const { station } = await this.operator.request<{ station: T }>(
      `query($id: ID!) { station(id: $id) { ${selection} } }`,
      { id: this.stationId },
    );
    return station;
  }

  /** The station's part once it looks as wanted. */
  async stationWhen<T>(what: string, selection: string, wanted: (part: T) => boolean): Promise<T> {
    let last: T | undefined;
    return waitFor(
      what,
      async () => {
        last = await this.part<T>(selection);
        return wanted(last) ? last : undefined;
      },
      { timeoutMs: PATIENCE_MS, everyMs: 100 },
    ).catch((error: unknown) => {
      throw new Error(`${what} is not shown: ${JSON.stringify(last)}`, { cause: error });
    });
  }

  /** Of the attempt monitor, about this station. */
  async incidentShows(rule: string): Promise<void> {
    await waitFor(
      `an incident ${rule} of the station`,
      async () => {
        const { incidents } = await this.operator.request<{ incidents: { edges: readonly unknown[] } }>(
          'query($filter: IncidentFilter) { incidents(first: 1, filter: $filter) { edges { cursor } } }',
          { filter: { rules: [rule], stationId: this.stationId } },
        );
        return incidents.edges.length > 0;
      },
      { timeoutMs: PATIENCE_MS, everyMs: 200 },
    );
  }

  async connectorShows(status: string, evseNumber = 1): Promise<void> {
    interface Evses {
      readonly evses: readonly { readonly number: number; readonly connectors: { status: string }[] }[];
    }
    await this.stationWhen<Evses>(
      `connector ${evseNumber} as ${status}`,
      'evses { number connectors { number status } }',
      ({ evses }) => evses.find(({ number }) => number === evseNumber)?.connectors[0]?.status === status,
    );
  }
}

export async function mutate<T>(
  client: GraphqlClient,
  mutation: string,
  selection: string,
  input: Record<string, unknown>,
): Promise<T> {
  const type = `${mutation[0]!.toUpperCase()}${mutation.slice(1)}Input`;
  const answer = await client.request<Record<string, T>>(
    `mutation($input: ${type}!) { ${mutation}(input: $input) { ${selection} } }`,
    { input },
  );
  return answer[mutation]!;
}
