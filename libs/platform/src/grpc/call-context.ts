import { AsyncLocalStorage } from 'node:async_hooks';

/** What one inbound request hands on, unasked, to the calls it causes. */
export interface CallContext {
  /** The moment after which nobody waits for the answer; outbound calls never outlive it. */
  deadline: Date;
}

const storage = new AsyncLocalStorage<CallContext>();

/** Runs the work of one inbound request (gRPC call, GraphQL operation, consumed event) within its context. */
export const runInCallContext = <T>(context: CallContext, work: () => T): T => storage.run(context, work);

/** The context of the request being served; undefined in background work. */
export const currentCallContext = (): CallContext | undefined => storage.getStore();
