import type { Tx } from './tx.js';

type Find = (tx: Tx) => Promise<readonly unknown[]>;

/** A transaction that is rolled back when `work` is done. */
export type Undone = (work: (tx: Tx) => Promise<void>) => Promise<void>;

interface Question {
  readonly find: Find;
  readonly answer: (isThere: boolean) => void;
}

/** Timers for one moment fire a few milliseconds apart. */
const MOMENT_MS = 10;

/**
 * "Is anything due?", asked by many jobs of a process at one moment and mostly answered no: one transaction for all of them, their
 * statements in one write. For the database and the process a transaction of its own costs several times what such a question does.
 */
export class Glances {
  private asked: Question[] = [];

  constructor(private readonly undone: Undone) {}

  /**
   * Whether `find` finds a row; what it locks or changes is undone. Also true when that could not be told (its own or another
   * question failed): who then does the work by itself meets the trouble, if it was its own, and tells of it.
   */
  ask(find: Find): Promise<boolean> {
    return new Promise((answer) => {
      this.asked.push({ find, answer });
      if (this.asked.length === 1) setTimeout(() => void this.look(), MOMENT_MS);
    });
  }

  private async look(): Promise<void> {
    const questions = this.asked;
    this.asked = [];
    const answers = new Map<Question, boolean>();
    const note = async (tx: Tx, question: Question) =>
      answers.set(question, (await question.find(tx)).length > 0);
    // Who got no answer is told below that there may be something.
    await this.undone(async (tx) => {
      const settled = await Promise.allSettled(questions.map((question) => note(tx, question)));
      const failed = settled.find((outcome) => outcome.status === 'rejected');
      if (failed) throw failed.reason;
    }).catch(() => undefined);
    for (const question of questions) question.answer(answers.get(question) ?? true);
  }
}
