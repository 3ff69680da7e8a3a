import type { ApolloServerPlugin } from '@apollo/server';
import { SpanKind } from '@opentelemetry/api';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { Clock } from '@kilowatch/kernel';
import { runInCallContext } from '../grpc/call-context.js';
import { counter, histogram } from '../trace/metrics.js';
import { withSpan } from '../trace/span.js';

/** Nobody looks at a page for longer: calls made for an operation end by then. */
const OPERATION_DEADLINE_MS = 10_000;

/** Gives each operation its call context (deadline) and its span, child of the gateway's. */
export function operationScope(clock: Clock): RequestHandler {
  return (request: Request, response: Response, next: NextFunction) => {
    const deadline = new Date(clock.now().getTime() + OPERATION_DEADLINE_MS);
    const parent = request.get('traceparent');
    void withSpan('graphql.operation', { kind: SpanKind.SERVER, parent }, () =>
      runInCallContext({ deadline }, () => {
        const done = new Promise<void>((resolve) => response.once('close', resolve));
        next();
        return done;
      }),
    );
  };
}

/** Measures operations and counts requests refused before execution (no service token, bad token, bad document). */
export const operationMetrics: ApolloServerPlugin = {
  async requestDidStart() {
    const observe = histogram('kw_graphql_operation_seconds').startTimer();
    return {
      async willSendResponse({ errors }) {
        observe({ outcome: errors?.length ? 'error' : 'ok' });
      },
    };
  },
  async contextCreationDidFail() {
    counter('kw_graphql_refused_total').inc({ reason: 'credentials' });
  },
};
