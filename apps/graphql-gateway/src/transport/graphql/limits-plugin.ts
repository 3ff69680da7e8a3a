import type { ApolloServerPlugin } from '@apollo/server';
import { invalid, rateLimited, type AppError } from '@kilowatch/kernel';
import { counter, histogram } from '@kilowatch/platform';
import type { CostBudget } from '../../domain/cost-budget.js';
import { limitsForNobody, refusal, type OperationLimits } from '../../domain/limits.js';
import { operationSize } from '../../domain/operation-size.js';
import { accountKey, type Asking } from '../../federation/identity.js';
import { refusalError } from './format-error.js';

const BY_SOCKET = invalid(
  'SUBSCRIPTIONS_BY_SOCKET',
  'Subscriptions come over a WebSocket (graphql-transport-ws)',
);

/** Measures each operation with its variables and refuses what is too big, or too much after all before: nothing of it has run yet. */
export function limitsPlugin(limits: OperationLimits, budget: CostBudget): ApolloServerPlugin<Asking> {
  const forNobody = limitsForNobody(limits);
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ schema, document, operation, request, contextValue }) {
          // None under that name: Apollo says so.
          if (!operation) return;
          if (operation.operation === 'subscription') throw refusalError(BY_SOCKET);
          const size = operationSize(schema, document, operation, request.variables ?? {});
          const refused =
            refusal(size, contextValue.identity.principal ? limits : forNobody) ??
            overspent(budget, size.cost, contextValue);
          if (!refused) return;
          counter('kw_graphql_refused_total').inc({ reason: refused.code });
          throw refusalError(refused);
        },
      };
    },
  };
}

/** By account, and by address for who has not signed in. What a subscription runs is paced elsewhere. */
function overspent(
  budget: CostBudget,
  cost: number,
  { identity, clientAddress }: Asking,
): AppError | undefined {
  const client = identity.principal ? accountKey(identity) : clientAddress;
  if (client === undefined || (identity.principal && clientAddress === undefined)) return undefined;
  // Everything costs something.
  const seconds = budget.spend(client, Math.max(1, cost), performance.now());
  if (seconds === undefined) return undefined;
  return rateLimited(
    'QUERY_BUDGET',
    `You have asked for very much in a short time: try again in ${seconds} s`,
    {
      seconds,
    },
  );
}

export const metricsPlugin: ApolloServerPlugin = {
  async requestDidStart() {
    const observe = histogram('kw_graphql_operation_seconds').startTimer();
    return {
      async willSendResponse({ errors }) {
        observe({ outcome: errors?.length ? 'error' : 'ok' });
      },
    };
  },
};
