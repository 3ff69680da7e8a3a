import { ocppGateway } from '@kilowatch/contracts';
import type { JsonObject } from '@kilowatch/ocpp';

const { CommandOutcome } = ocppGateway;
type Answer = Partial<ocppGateway.SendResponse>;

/** A charger as the played gateway tells of it: configuration keys of 1.6 or `Component.Variable` of 2.x. */
export class PlayedCharger {
  readonly settings = new Map<string, string>();
  readonly readOnly = new Set<string>();
  /** Words it gives instead of Accepted, by setting. */
  readonly words = new Map<string, string>();
  /** Actions in the order they came, with the settings they were about. */
  readonly seen: string[] = [];
  outcome: ocppGateway.CommandOutcome | undefined;

  constructor(settings: Readonly<Record<string, string>> = {}) {
    for (const [name, value] of Object.entries(settings)) this.settings.set(name, value);
  }

  /** For `peers.answers`. */
  readonly answer = (request: ocppGateway.SendRequest): Answer => {
    if (request.triggerMessage) {
      this.seen.push(`Trigger ${request.triggerMessage.requestedMessage}`);
      return this.outcome === undefined ? {} : { outcome: this.outcome };
    }
    const { action = '', payloadJson = '{}' } = request.raw ?? {};
    const payload = JSON.parse(payloadJson) as JsonObject;
    this.seen.push([action, ...namesIn(payload)].join(' '));
    if (this.outcome !== undefined) return { outcome: this.outcome, status: '', payloadJson: '' };
    return this.obey(action, payload);
  };

  private obey(action: string, payload: JsonObject): Answer {
    switch (action) {
      case 'GetConfiguration':
        return said(
          this.configuration((payload['key'] as string[] | undefined) ?? [...this.settings.keys()]),
        );
      case 'ChangeConfiguration': {
        const status = this.set(String(payload['key']), String(payload['value']));
        return refusable(status, { status });
      }
      case 'GetVariables':
        return said({
          getVariableResult: (payload['getVariableData'] as JsonObject[]).map((each) => this.variable(each)),
        });
      case 'SetVariables': {
        const setVariableResult = (payload['setVariableData'] as JsonObject[]).map((each) => ({
          component: each['component'],
          variable: each['variable'],
          attributeStatus: this.set(nameOf(each), String(each['attributeValue'])),
        }));
        const refused = setVariableResult.find(({ attributeStatus }) => attributeStatus !== 'Accepted');
        return refusable(refused?.attributeStatus ?? 'Accepted', { setVariableResult });
      }
      default:
        return {};
    }
  }

  private set(name: string, value: string): string {
    const held = [...this.settings.keys()].find((each) => each.toLowerCase() === name.toLowerCase());
    const word = this.words.get(name);
    if (word !== undefined) return word;
    if (held === undefined) return 'NotSupported';
    this.settings.set(held, value);
    return 'Accepted';
  }

  private configuration(keys: readonly string[]): JsonObject {
    const find = (key: string) =>
      [...this.settings].find(([held]) => held.toLowerCase() === key.toLowerCase());
    const held = keys.flatMap((key) => [find(key)].filter((entry) => entry !== undefined));
    return {
      configurationKey: held.map(([key, value]) => ({ key, value, readonly: this.readOnly.has(key) })),
      unknownKey: keys.filter((key) => find(key) === undefined),
    };
  }

  private variable(query: JsonObject): JsonObject {
    const value = this.settings.get(nameOf(query));
    const found = value === undefined ? {} : { attributeValue: value };
    const attributeStatus = value === undefined ? 'UnknownVariable' : 'Accepted';
    return { component: query['component'], variable: query['variable'], attributeStatus, ...found };
  }
}

function said(payload: JsonObject): Answer {
  return { payloadJson: JSON.stringify(payload) };
}

function refusable(status: string, payload: JsonObject): Answer {
  const isYes = status === 'Accepted' || status === 'RebootRequired';
  const outcome = isYes ? CommandOutcome.COMMAND_OUTCOME_ACCEPTED : CommandOutcome.COMMAND_OUTCOME_REJECTED;
  return { outcome, status, ...said(payload) };
}

function nameOf(entry: JsonObject): string {
  const named = (key: string) => String((entry[key] as JsonObject | undefined)?.['name'] ?? '');
  return `${named('component')}.${named('variable')}`;
}

function namesIn(payload: JsonObject): string[] {
  if (typeof payload['key'] === 'string') return [`${payload['key']}=${String(payload['value'])}`];
  if (Array.isArray(payload['key'])) return payload['key'].map(String);
  const set = payload['setVariableData'] as JsonObject[] | undefined;
  if (set) return set.map((each) => `${nameOf(each)}=${String(each['attributeValue'])}`);
  return ((payload['getVariableData'] as JsonObject[] | undefined) ?? []).map(nameOf);
}
