/**
 * A subscription becomes the query that fetches the same selection: the federation executor runs no subscriptions, and
 * a fact on a live subject carries an id only. `subscription { sessionUpdated(id: $id) { state } }` ->
 * `query { sessionUpdated: session(id: $id) { state } }`, so that the answer has the shape the subscriber asked for.
 */
import { invalid } from '@kilowatch/kernel';
import {
  Kind,
  print,
  type DocumentNode,
  type FieldNode,
  type OperationDefinitionNode,
  type VariableDefinitionNode,
} from 'graphql';

export interface Bridge {
  /** Second part of the subject: live.<topic>.<tenant>.<...> */
  readonly topic: 'session' | 'station' | 'alert' | 'bulk' | 'incident' | 'power';
  /** Root field of Query with one argument `id`. */
  readonly query: string;
  /** Whose changes: of the object named by the argument, or whatever is sent to the person. */
  readonly about: 'object' | 'person';
  /** What a person needs to listen; of objects, the query decides that runs at the start. */
  readonly permission?: 'alerts:read' | 'attempts:read';
}

/** Every field of Subscription must be here; the gateway refuses to start otherwise. */
export const BRIDGES: Readonly<Record<string, Bridge>> = {
  sessionUpdated: { topic: 'session', query: 'session', about: 'object' },
  stationUpdated: { topic: 'station', query: 'station', about: 'object' },
  livePowerChanged: { topic: 'power', query: 'livePowerAt', about: 'object' },
  bulkCommandUpdated: { topic: 'bulk', query: 'bulkCommand', about: 'object' },
  alertRaised: { topic: 'alert', query: 'alert', about: 'person', permission: 'alerts:read' },
  incidentChanged: { topic: 'incident', query: 'incident', about: 'person', permission: 'attempts:read' },
};

/** The variable that carries the id of an event; clients cannot declare one of this name. */
export const EVENT_ID = 'kilowatchEventId';

export interface Rewritten {
  readonly bridge: Bridge;
  /** The field of Subscription, for its arguments. */
  readonly field: FieldNode;
  /** Name of the field in the answer. */
  readonly key: string;
  readonly query: string;
}

/** The document must be valid, and `operation` a subscription of it. */
export function rewriteSubscription(document: DocumentNode, operation: OperationDefinitionNode): Rewritten {
  const [field, ...more] = operation.selectionSet.selections;
  if (field?.kind !== Kind.FIELD || more.length > 0) {
    throw invalid('SUBSCRIPTION_SHAPE', 'A subscription has one field, directly below it');
  }
  const bridge = Object.hasOwn(BRIDGES, field.name.value) ? BRIDGES[field.name.value] : undefined;
  if (!bridge) throw invalid('SUBSCRIPTION_UNKNOWN', 'There is no such subscription');
  const variables = operation.variableDefinitions ?? [];
  if (variables.some(({ variable }) => variable.name.value === EVENT_ID)) {
    throw invalid('SUBSCRIPTION_SHAPE', `The variable ${EVENT_ID} is not for clients`);
  }
  const key = (field.alias ?? field.name).value;
  const root: FieldNode = {
    ...field,
    alias: { kind: Kind.NAME, value: key },
    name: { kind: Kind.NAME, value: bridge.query },
    ...(bridge.about === 'person' ? { arguments: [EVENT_ID_ARGUMENT] } : {}),
  };
  const query: OperationDefinitionNode = {
    ...operation,
    operation: 'query' as OperationDefinitionNode['operation'],
    variableDefinitions: bridge.about === 'person' ? [...variables, EVENT_ID_DEFINITION] : variables,
    selectionSet: { kind: Kind.SELECTION_SET, selections: [root] },
  };
  // The other operations go: an execution would have to name one of them.
  const fragments = document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
  return { bridge, field, key, query: print({ ...document, definitions: [query, ...fragments] }) };
}

const EVENT_ID_VARIABLE = { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: EVENT_ID } } as const;

const EVENT_ID_ARGUMENT = {
  kind: Kind.ARGUMENT,
  name: { kind: Kind.NAME, value: 'id' },
  value: EVENT_ID_VARIABLE,
} as const;

const EVENT_ID_DEFINITION: VariableDefinitionNode = {
  kind: Kind.VARIABLE_DEFINITION,
  variable: EVENT_ID_VARIABLE,
  type: {
    kind: Kind.NON_NULL_TYPE,
    type: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: 'ID' } },
  },
};
