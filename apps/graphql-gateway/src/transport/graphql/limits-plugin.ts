import type { ApolloServerPlugin } from '@apollo/server';
import { invalid } from '@kilowatch/kernel';
import { counter, histogram } from '@kilowatch/platform';
import { limitsForNobody, refusal, type OperationLimits } from '../../domain/limits.js';
import { operationSize } from '../../domain/operation-size.js';
import type { Asking } from '../../federation/identity.js';
import { refusalError } from './format-error.js';

const BY_SOCKET = invalid(
  'SUBSCRIPTIONS_BY_SOCKET',
  'Subscriptions come over a WebSocket (graphql-transport-ws)',
);

/** Measures each operation with its variables and refuses what is too big: nothing of it has run yet. */
export function limitsPlugin(limits: OperationLimits): ApolloServerPlugin<Asking> {
  const forNobody = limitsForNobody(limits);
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ schema, document, operation, request, contextValue }) {
          // None under that name: Apollo says so.
          if (!operation) return;
          if (operation.operation === 'subscription') throw refusalError(BY_SOCKET);
          const size = operationSize(schema, document, operation, request.variables ?? {});
          const refused = refusal(size, contextValue.identity.principal ? limits : forNobody);
          if (!refused) return;
          counter('kw_graphql_refused_total').inc({ reason: refused.code });
          throw refusalError(refused);
        },
      };
    },
  };
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
