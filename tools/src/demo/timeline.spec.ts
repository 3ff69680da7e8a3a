import { describe, expect, it } from 'vitest';
import { sparkline, Timeline } from './timeline.js';

describe('sparkline', () => {
  it('scales to the highest value and to the width', () => {
    expect(sparkline([0, 50, 100])).toBe(' ▄█');
    expect(sparkline([100, 100, 0, 0], 2)).toBe('█ ');
    expect(sparkline([])).toBe('');
    expect(sparkline(Array.from({ length: 500 }, () => 1))).toBe('█'.repeat(60));
  });
});

describe('timeline', () => {
  it('names the charger a line concerns', () => {
    const lines: string[] = [];
    new Timeline((line) => lines.push(line), false).say('1.6', 'boots');
    expect(lines[0]).toMatch(/^ +\d+\.\d s {2}OCPP 1\.6 {4}boots$/);
  });
});
