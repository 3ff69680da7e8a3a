import { invalid } from '@kilowatch/kernel';
import { withoutValues } from '@kilowatch/platform';
import {
  GraphQLError,
  getArgumentValues,
  getOperationAST,
  getVariableValues,
  parse,
  validate,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql';
import { MAX_TOKENS, refusal, type OperationLimits } from '../../domain/limits.js';
import { operationSize } from '../../domain/operation-size.js';
import { rewriteSubscription, type Rewritten } from '../../domain/subscription-rewrite.js';
import { refusalError } from '../graphql/format-error.js';

export interface SubscriptionRequest {
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
}

export interface ReadSubscription {
  readonly document: DocumentNode;
  readonly plan: Rewritten;
  readonly variables: Record<string, unknown>;
  readonly objectId: string | undefined;
}

/** Parses, validates, measures and rewrites what a client sent; throws GraphQLErrors that may be shown. */
export function readSubscription(
  request: SubscriptionRequest,
  schema: GraphQLSchema,
  limits: OperationLimits,
  hideSuggestions: boolean,
): ReadSubscription {
  const document = parsed(request.query);
  const [problem] = validate(schema, document, undefined, { maxErrors: 1, hideSuggestions });
  if (problem) throw withCode(problem, 'GRAPHQL_VALIDATION_FAILED');
  const operation = getOperationAST(document, request.operationName);
  if (operation?.operation !== 'subscription') {
    throw refusalError(invalid('SUBSCRIPTIONS_ONLY', 'Only subscriptions come over this socket'));
  }
  const variables = { ...request.variables };
  const tooBig = refusal(operationSize(schema, document, operation, variables), limits);
  if (tooBig) throw refusalError(tooBig);
  const { coerced, errors } = getVariableValues(schema, operation.variableDefinitions ?? [], variables, {
    maxErrors: 1,
  });
  if (errors?.[0]) throw withCode(errors[0], 'BAD_USER_INPUT');
  const plan = rewriteSubscription(document, operation);
  const field = schema.getSubscriptionType()?.getFields()[plan.field.name.value];
  const id: unknown = field && getArgumentValues(field, plan.field, coerced)['id'];
  return { document, plan, variables, objectId: typeof id === 'string' ? id : undefined };
}

function parsed(query: string): DocumentNode {
  try {
    return parse(query, { maxTokens: MAX_TOKENS });
  } catch (error) {
    throw withCode(error as GraphQLError, 'GRAPHQL_PARSE_FAILED');
  }
}

const withCode = ({ message, locations: _, ...error }: GraphQLError, code: string) =>
  new GraphQLError(withoutValues(message), {
    ...(error.nodes ? { nodes: error.nodes } : {}),
    extensions: { code },
  });
