import type { Frame } from '@kilowatch/testing';
import { isTransactionAction } from './wire-watch.js';

interface Call {
  readonly frame: Frame;
  /** The answer to the first sending, as text, once it is there. */
  first?: string;
  /** Of which this one is a repetition. */
  readonly of?: Call;
}

/**
 * Sends each transaction message of a charger two more times once it is answered: as it was, and under a new message id, as
 * chargers do whose answer was lost. Whoever is asked twice must say the same twice.
 */
export class RepeatedCalls {
  repeated = 0;
  answered = 0;
  /** One sentence per repetition that was answered otherwise than the first. */
  readonly differences: string[] = [];
  private readonly calls = new Map<string, Call>();

  constructor(
    private readonly identity: string,
    private readonly send: (text: string) => void,
    private readonly newId: () => string,
  ) {}

  onFrame(direction: 'sent' | 'received', frame: Frame): void {
    const [type, id, third] = frame;
    if (direction === 'sent' && type === 2 && isTransactionAction(String(third)))
      this.calls.set(id, { frame });
    if (direction !== 'received' || (type !== 3 && type !== 4)) return;
    const call = this.calls.get(id);
    if (!call) return;
    this.calls.delete(id);
    const answer = type === 3 ? JSON.stringify(third) : `CALLERROR ${String(third)}`;
    if (call.of) this.compare(call.of, answer);
    else this.repeat({ ...call, first: answer });
  }

  private compare({ frame, first }: Call, answer: string): void {
    this.answered += 1;
    if (answer !== first)
      this.differences.push(
        `${this.identity}: ${String(frame[2])} was answered ${first}, its repetition ${answer}`,
      );
  }

  /** Once this answer is dealt with: the charger's next message may be on its way before. */
  private repeat(call: Call): void {
    const [type, id, ...rest] = call.frame;
    for (const messageId of [id, this.newId()]) {
      const frame: Frame = [type, messageId, ...rest];
      this.calls.set(messageId, { frame, of: call });
      this.repeated += 1;
      setImmediate(() => this.send(JSON.stringify(frame)));
    }
  }
}
