/** One statement of several writes (data-modifying CTEs): a use case with four changes costs one round trip. */
import type { Tx } from '@kilowatch/platform';

export class WriteStatement {
  private readonly parts: string[] = [];
  private readonly params: unknown[] = [];

  /** `sql` gets the placeholder of each value: `write.add((id) => `DELETE FROM t WHERE id = ${id}`, [id])`. */
  add(sql: (...placeholders: string[]) => string, values: readonly unknown[]): void {
    const first = this.params.length + 1;
    this.params.push(...values);
    this.parts.push(`w${this.parts.length} AS (${sql(...values.map((_value, i) => `$${first + i}`))})`);
  }

  get isEmpty(): boolean {
    return this.parts.length === 0;
  }

  async run(tx: Tx): Promise<void> {
    if (this.isEmpty) return;
    await tx.query(`WITH ${this.parts.join(',\n')} SELECT 1`, this.params);
  }
}
