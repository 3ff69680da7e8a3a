import { describe, expect, it } from 'vitest';
import { Findings } from './verdict.js';

const fault = { promises: ['P1', 'P6'] as const };

describe('the verdict on a fault', () => {
  it('passes when every promise of the fault was judged and held', () => {
    const findings = new Findings();
    findings.judge('P1', []);
    findings.judge('P6', []);
    expect(findings.verdict(fault)).toEqual({ passed: true, lines: ['P1 held', 'P6 held'] });
  });

  it('fails for a promise nobody looked at', () => {
    const findings = new Findings();
    findings.judge('P1', []);
    expect(findings.verdict(fault)).toEqual({ passed: false, lines: ['P1 held', 'P6 was not judged'] });
  });

  it('fails for a promise that held at first and was broken later, also one the fault does not name', () => {
    const findings = new Findings();
    findings.judge('P1', []);
    findings.judge('P1', ['a reading is lost']);
    findings.judge('P6', []);
    expect(findings.verdict(fault).lines).toEqual(['P1 BROKEN: a reading is lost', 'P6 held']);
    const other = new Findings();
    for (const code of ['P1', 'P6'] as const) other.judge(code, []);
    other.judge('P2', ['billed twice']);
    expect(other.verdict(fault).passed).toBe(false);
  });

  it('fails when the run did not get to its end, and shows the first of many sentences', () => {
    const findings = new Findings();
    findings.judge(
      'P1',
      Array.from({ length: 20 }, (_, i) => `lost ${i}`),
    );
    findings.judge('P6', []);
    const { passed, lines } = findings.verdict(fault, 'timeout');
    expect(passed).toBe(false);
    expect(lines).toHaveLength(8 + 1 + 1 + 1);
    expect(lines.slice(-3)).toEqual(['P1 BROKEN: and 12 more', 'P6 held', 'did not get to its end: timeout']);
  });
});
