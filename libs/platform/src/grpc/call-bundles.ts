import { status, type Client, type Metadata, type ServiceError } from '@grpc/grpc-js';
import { common } from '@kilowatch/contracts';
import { toAppError, type Clock } from '@kilowatch/kernel';
import { MOST_BUNDLED_CALLS, errorFromCallError, errorFromStatus } from './metadata.js';
import type { AnyMethod } from './types.js';

/** So much goes in one bundle; a larger call is no small call any more. */
const MOST_BYTES = 256 * 1024;
const LARGE_CALL_BYTES = 32 * 1024;
/** Calls whose deadlines are so near to each other share one. */
const DEADLINE_SLACK_MS = 50;
/** A server that knows no bundles (of before an upgrade) is asked again after so long. */
const ALONE_MS = 60_000;

const { path, requestSerialize, responseDeserialize } = common.CallBundleServiceService.carry;

export interface BundledRequest {
  readonly method: AnyMethod;
  readonly bytes: Buffer;
  readonly tenant: string;
  readonly traceparent: string | undefined;
  readonly deadline: Date;
  /** The same call by itself: for a server that knows no bundles. */
  readonly alone: () => Promise<unknown>;
}

export interface CallBundlesOptions {
  readonly channel: Client;
  /** Of a bundle: it proves who calls. */
  readonly metadata: () => Promise<Metadata>;
  readonly clock: Clock;
  /** How long a call waits for others while calls are under way; with none under way it goes at once. */
  readonly lingerMs: number;
}

interface Member {
  readonly request: BundledRequest;
  readonly done: (response: unknown) => void;
  readonly failed: (error: unknown) => void;
}

interface Bundle {
  readonly deadlineMs: number;
  readonly members: Member[];
  bytes: number;
  timer: NodeJS.Timeout | NodeJS.Immediate | undefined;
}

/**
 * Unary calls of one channel that are made within a moment go as one. Each call has its own outcome, when it is there: one that fails
 * or takes long holds up no other. What breaks the bundle breaks all calls in it that have no answer yet.
 */
export class CallBundles {
  private open: Bundle | undefined;
  private underWay = 0;
  private aloneUntilMs = 0;

  constructor(private readonly options: CallBundlesOptions) {}

  /** Whether a call of this size should go in a bundle. */
  takes(bytes: number): boolean {
    return bytes <= LARGE_CALL_BYTES && this.options.clock.now().getTime() >= this.aloneUntilMs;
  }

  /** The response, decoded. @throws the AppError that the same call would throw alone */
  call(request: BundledRequest): Promise<unknown> {
    return new Promise((done, failed) => {
      const bundle = this.bundleFor(request);
      bundle.members.push({ request, done, failed });
      bundle.bytes += request.bytes.length;
    });
  }

  private bundleFor({ bytes, deadline }: BundledRequest): Bundle {
    const open = this.open;
    if (open) {
      const fits = open.members.length < MOST_BUNDLED_CALLS && open.bytes + bytes.length <= MOST_BYTES;
      if (fits && Math.abs(deadline.getTime() - open.deadlineMs) <= DEADLINE_SLACK_MS) return open;
      this.close(open);
    }
    const bundle: Bundle = { deadlineMs: deadline.getTime(), members: [], bytes: 0, timer: undefined };
    bundle.timer =
      this.underWay === 0
        ? setImmediate(() => this.close(bundle))
        : setTimeout(() => this.close(bundle), this.options.lingerMs);
    this.open = bundle;
    return bundle;
  }

  private close(bundle: Bundle): void {
    if (this.open !== bundle) return;
    this.open = undefined;
    clearTimeout(bundle.timer as NodeJS.Timeout);
    clearImmediate(bundle.timer as NodeJS.Immediate);
    this.underWay += 1;
    void this.carry(bundle).finally(() => {
      this.underWay -= 1;
      // Nobody is left to wait for.
      if (this.underWay === 0 && this.open) this.close(this.open);
    });
  }

  /** Settles every member; never rejects. */
  private async carry({ members, deadlineMs }: Bundle): Promise<void> {
    const left = new Set(members);
    try {
      const metadata = await this.options.metadata();
      await this.stream(members, metadata, deadlineMs, left);
    } catch (thrown) {
      const error = thrown as ServiceError;
      if (error.code === status.UNIMPLEMENTED) return this.eachAlone([...left]);
      // What carries no metadata did not come from a server: the channel is closed, or there is no token.
      const failureOf = (method: string) =>
        (error.metadata as Metadata | undefined) ? errorFromStatus(error, method) : toAppError(thrown);
      for (const { request, failed } of left) failed(failureOf(request.method.path));
    }
  }

  private stream(
    members: readonly Member[],
    metadata: Metadata,
    deadlineMs: number,
    left: Set<Member>,
  ): Promise<void> {
    const calls = members.map(({ request: { method, tenant, bytes, traceparent } }) => ({
      path: method.path,
      tenant,
      request: bytes,
      traceparent: traceparent ?? '',
    }));
    return new Promise((resolve, reject) => {
      const stream = this.options.channel.makeServerStreamRequest(
        path,
        requestSerialize,
        responseDeserialize,
        { calls },
        metadata,
        { deadline: deadlineMs },
      );
      stream.on('data', ({ answers }: common.CarryResponse) => {
        for (const answer of answers) settle(members[answer.call], answer, left);
      });
      stream.on('error', reject);
      stream.on('end', () => {
        if (left.size === 0) resolve();
        // Else `error` follows, or it ended well without all answers, which no server of ours does.
        else setImmediate(() => reject(missing(metadata)));
      });
    });
  }

  private async eachAlone(members: readonly Member[]): Promise<void> {
    this.aloneUntilMs = this.options.clock.now().getTime() + ALONE_MS;
    await Promise.all(members.map(({ request, done, failed }) => request.alone().then(done, failed)));
  }
}

function settle(member: Member | undefined, answer: common.BundledAnswer, left: Set<Member>): void {
  if (!member || !left.delete(member)) return;
  const { method } = member.request;
  if (answer.error) {
    member.failed(errorFromCallError(answer.error, method.path));
    return;
  }
  try {
    member.done(method.responseDeserialize(answer.response ?? Buffer.alloc(0)));
  } catch (error) {
    member.failed(error);
  }
}

function missing(metadata: Metadata): Pick<ServiceError, 'code' | 'details' | 'metadata'> {
  return { code: status.UNAVAILABLE, details: 'the bundle ended without all answers', metadata };
}
