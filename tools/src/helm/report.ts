/** Counts checks and remembers what was wrong; one check per rule and rendering, its problems below it. */
export class Report {
  private passed = 0;
  private failed = 0;

  constructor(private readonly print: (line: string) => void) {}

  /** A check that found these problems; none means it passed. */
  check(name: string, problems: readonly string[]): void {
    if (problems.length === 0) {
      this.passed += 1;
      this.print(`  ok    ${name}`);
      return;
    }
    this.failed += 1;
    this.print(`  FAIL  ${name}`);
    for (const problem of problems) this.print(`          ${problem}`);
  }

  get failures(): number {
    return this.failed;
  }

  summary(): string {
    return `${this.passed} passed, ${this.failed} failed`;
  }
}
