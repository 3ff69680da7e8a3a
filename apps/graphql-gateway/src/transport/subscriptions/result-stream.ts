import type { ExecutionResult } from 'graphql';

type Step = IteratorResult<ExecutionResult, undefined>;

/**
 * The results of one subscription on their way to one socket. The reader takes the next one when the last is written,
 * so what waits here is bounded: `capacity` results, of which the oldest give way (capacity 1: the latest wins).
 * A plain async generator will not do: its `return()` waits for the pending `next()`, which may never come.
 */
export class ResultStream implements AsyncGenerator<ExecutionResult, undefined> {
  private waiting: ExecutionResult[] = [];
  private reader: { resolve: (step: Step) => void; reject: (error: Error) => void } | undefined;
  private failure: Error | undefined;
  private done = false;

  constructor(
    private readonly capacity: number,
    private readonly onEnd: () => void,
  ) {}

  get ended(): boolean {
    return this.done;
  }

  push(result: ExecutionResult): void {
    if (this.done) return;
    if (this.reader) {
      this.reader.resolve({ value: result, done: false });
      this.reader = undefined;
      return;
    }
    this.waiting.push(result);
    if (this.waiting.length > this.capacity) this.waiting.shift();
  }

  /** Ends the subscription with an error, after what waits. */
  fail(error: Error): void {
    if (this.done) return;
    if (this.reader) this.reader.reject(error);
    else this.failure = error;
    this.reader = undefined;
    this.end();
  }

  async next(): Promise<Step> {
    const value = this.waiting.shift();
    if (value) return { value, done: false };
    if (this.failure) {
      const { failure } = this;
      this.failure = undefined;
      throw failure;
    }
    if (this.done) return FINISHED;
    return new Promise<Step>((resolve, reject) => {
      this.reader = { resolve, reject };
    });
  }

  async return(): Promise<Step> {
    this.waiting = [];
    this.failure = undefined;
    this.end();
    return FINISHED;
  }

  throw(): Promise<Step> {
    return this.return();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  private end(): void {
    if (this.done) return;
    this.done = true;
    this.reader?.resolve(FINISHED);
    this.reader = undefined;
    this.onEnd();
  }
}

const FINISHED: Step = { value: undefined, done: true };
