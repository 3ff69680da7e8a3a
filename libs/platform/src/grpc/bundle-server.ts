import type { Metadata, ServerWritableStream } from '@grpc/grpc-js';
import type { common } from '@kilowatch/contracts';
import { internal, toAppError } from '@kilowatch/kernel';
import { callErrorOf } from './metadata.js';

/** One call as a server's own handlers take it, whatever way it came. */
export interface ArrivedCall {
  readonly metadata: Metadata;
  readonly deadline: ReturnType<ServerWritableStream<unknown, unknown>['getDeadline']>;
  /** Undefined: the metadata name it. */
  readonly bundled?: { readonly tenant: string; readonly traceparent: string };
}

/** Serves one call from its encoded request to its encoded response. @throws what the call failed with */
export type ServeBytes = (request: Buffer, call: ArrivedCall) => Promise<Buffer>;

/** Answers go out when so many bytes of them are there, however many more are ready. */
const MOST_ANSWER_BYTES = 1024 * 1024;

/**
 * Serves the calls of a bundle side by side by the handlers they would have alone. Those that are ready in one turn of the event loop
 * (one transaction has often served many) go out together. When the caller is gone, what was begun is finished.
 */
export function serveBundle(
  stream: ServerWritableStream<common.CarryRequest, common.CarryResponse>,
  handlers: ReadonlyMap<string, ServeBytes>,
): void {
  const { metadata } = stream;
  const deadline = stream.getDeadline();
  const { calls } = stream.request;
  let open = calls.length;
  let ready: common.BundledAnswer[] = [];
  let bytes = 0;
  let called = false;

  const send = () => {
    called = false;
    if (ready.length > 0 && !stream.cancelled) stream.write({ answers: ready });
    ready = [];
    bytes = 0;
    if (open === 0) stream.end();
  };
  const answered = (answer: common.BundledAnswer) => {
    open -= 1;
    ready.push(answer);
    bytes += answer.response?.length ?? 0;
    if (bytes >= MOST_ANSWER_BYTES) send();
    else if (!called) {
      called = true;
      setImmediate(send);
    }
  };

  if (open === 0) stream.end();
  calls.forEach(({ path, request, tenant, traceparent }, call) => {
    const handler = handlers.get(path);
    const outcome = handler
      ? handler(request, { metadata, deadline, bundled: { tenant, traceparent } })
      : Promise.reject(internal('METHOD_UNKNOWN', 'Something went wrong', { path }));
    outcome.then(
      (response) => answered({ call, response }),
      (thrown: unknown) => answered({ call, error: callErrorOf(toAppError(thrown)) }),
    );
  });
}
