import type { ServerWritableStream } from '@grpc/grpc-js';
import type { common } from '@kilowatch/contracts';
import { internal, toAppError } from '@kilowatch/kernel';
import { METHOD_UNKNOWN, callErrorOf } from './metadata.js';

/** Serves one call from its encoded request to its encoded response. @throws AppError, what the call failed with */
export type ServeBytes = (call: common.BundledCall) => Promise<Buffer>;

type Stream = ServerWritableStream<common.CarryRequest, common.CarryResponse>;

/** Answers go out before they are more than so many bytes, however many are ready: a client takes messages of up to 4 MiB. */
const MOST_ANSWER_BYTES = 1024 * 1024;

/**
 * Serves the calls of a bundle side by side by the handlers they would have alone. Those that are ready in one turn of the event loop
 * (one transaction has often served many) go out together. When the caller is gone, what was begun is finished.
 */
export function serveBundle(stream: Stream, handlerOf: (path: string) => ServeBytes | undefined): void {
  const { calls } = stream.request;
  let open = calls.length;
  let ready: common.BundledAnswer[] = [];
  let bytes = 0;
  let called = false;

  const send = () => {
    if (ready.length > 0 && !stream.cancelled) stream.write({ answers: ready });
    ready = [];
    bytes = 0;
  };
  const endOfTurn = () => {
    called = false;
    send();
    if (open === 0) stream.end();
  };
  const answered = (answer: common.BundledAnswer) => {
    const size = answer.response?.length ?? 0;
    if (bytes > 0 && bytes + size > MOST_ANSWER_BYTES) send();
    open -= 1;
    ready.push(answer);
    bytes += size;
    if (called) return;
    called = true;
    setImmediate(endOfTurn);
  };

  if (open === 0) stream.end();
  calls.forEach((call, index) => {
    const handler = handlerOf(call.path);
    const outcome = handler
      ? handler(call)
      : Promise.reject(internal(METHOD_UNKNOWN, 'Something went wrong', { path: call.path }));
    outcome.then(
      (response) => answered({ call: index, response }),
      (thrown: unknown) => answered({ call: index, error: callErrorOf(toAppError(thrown)) }),
    );
  });
}
