// One outstanding CALL per direction (OCPP-J 1.6 section 4.1.1, OCPP 2.0.1 part 4 section 4.1.1), with two queues that
// know nothing of each other: sharing one lock between the directions is how other systems hang. No timers and no
// sockets here: the time is an argument, the caller sends what it is told to and asks again at `deadline()`.

export interface OutboundCall<T> {
  id: string;
  /** Whatever the caller wants back with the outcome. */
  subject: T;
  /** Not sent by then: it never will be, and the charger certainly has not seen it. Epoch milliseconds. */
  sendBefore: number;
  /** How long the charger may take to answer once it has been sent. */
  answerTimeoutMs: number;
}

export interface OutboundLimits {
  capacity: number;
}

/** `unsent`: the charger has not seen the call. `timeout`: it may have, and may have acted. */
export interface ExpiredCall<T> {
  call: OutboundCall<T>;
  outcome: 'unsent' | 'timeout';
}

export class OutboundCalls<T> {
  readonly #waiting: OutboundCall<T>[] = [];
  readonly #capacity: number;
  #inFlight: { call: OutboundCall<T>; answerBy: number } | null = null;
  /** Answers that belonged to no call in flight: late, repeated, or with the id "-1". */
  strayAnswers = 0;

  constructor(limits: OutboundLimits) {
    this.#capacity = limits.capacity;
  }

  get size(): number {
    return this.#waiting.length + (this.#inFlight ? 1 : 0);
  }

  /** false: the queue is full and the call was not taken. */
  enqueue(call: OutboundCall<T>): boolean {
    if (this.#waiting.length >= this.#capacity) return false;
    this.#waiting.push(call);
    return true;
  }

  /** The call to send now, or null while one is outstanding or none waits. It is in flight from here on. */
  next(now: number): OutboundCall<T> | null {
    if (this.#inFlight) return null;
    const index = this.#waiting.findIndex((call) => call.sendBefore > now);
    const call = index < 0 ? undefined : this.#waiting.splice(index, 1)[0];
    if (!call) return null;
    this.#inFlight = { call, answerBy: now + call.answerTimeoutMs };
    return call;
  }

  /** The call in flight, when it has this id. */
  find(id: string): OutboundCall<T> | null {
    return this.#inFlight?.call.id === id ? this.#inFlight.call : null;
  }

  /** The call answered by a CALLRESULT or CALLERROR with this id; null for a stray answer, which is harmless. */
  settle(id: string): OutboundCall<T> | null {
    if (this.#inFlight?.call.id !== id) {
      this.strayAnswers++;
      return null;
    }
    const { call } = this.#inFlight;
    this.#inFlight = null;
    return call;
  }

  /** Calls whose time is over, removed from the queue. */
  expire(now: number): ExpiredCall<T>[] {
    const expired: ExpiredCall<T>[] = [];
    if (this.#inFlight && this.#inFlight.answerBy <= now) {
      expired.push({ call: this.#inFlight.call, outcome: 'timeout' });
      this.#inFlight = null;
    }
    for (let i = 0; i < this.#waiting.length;) {
      const call = this.#waiting[i];
      if (call && call.sendBefore <= now) {
        this.#waiting.splice(i, 1);
        expired.push({ call, outcome: 'unsent' });
      } else i++;
    }
    return expired;
  }

  /** When to call `expire` next, epoch milliseconds; null when nothing is queued. */
  deadline(): number | null {
    let soonest = this.#inFlight?.answerBy ?? Infinity;
    for (const call of this.#waiting) soonest = Math.min(soonest, call.sendBefore);
    return soonest === Infinity ? null : soonest;
  }

  /** The socket is gone: everything left, and whether the charger may have seen it. */
  close(): ExpiredCall<T>[] {
    const left: ExpiredCall<T>[] = this.#inFlight ? [{ call: this.#inFlight.call, outcome: 'timeout' }] : [];
    for (const call of this.#waiting.splice(0)) left.push({ call, outcome: 'unsent' });
    this.#inFlight = null;
    return left;
  }
}

/** Chargers pipeline in spite of the rule; their calls are worked on one after another, in the order of arrival. */
export class InboundCalls<T> {
  readonly #waiting: T[] = [];
  readonly #capacity: number;
  #working = false;

  constructor(limits: { capacity: number }) {
    this.#capacity = limits.capacity;
  }

  get size(): number {
    return this.#waiting.length + (this.#working ? 1 : 0);
  }

  /** `start`: work on it now. `queued`: `finish` will hand it out. `overflow`: not taken, close the socket. */
  arrive(item: T): 'start' | 'queued' | 'overflow' {
    if (!this.#working) {
      this.#working = true;
      return 'start';
    }
    if (this.#waiting.length >= this.#capacity) return 'overflow';
    this.#waiting.push(item);
    return 'queued';
  }

  /** The present one is done: the next to work on, or null. */
  finish(): T | null {
    const next = this.#waiting.shift();
    this.#working = next !== undefined;
    return next ?? null;
  }

  /** Drops what waits (not the one being worked on) and says how many. */
  clear(): number {
    return this.#waiting.splice(0).length;
  }
}
