// Real: kw as a process of its own, with neither a running system nor a sign-in.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OCPI_EXAMPLES } from '@kilowatch/pricing/examples';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Kw } from './support/kw-command.js';

let folder: string;
let kw: Kw;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kilowatch-kw-price-'));
  kw = new Kw(join(folder, 'nobody-signed-in.json'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string, content: unknown) => {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(content));
  return path;
};

describe('kw price', () => {
  it('prices the examples of OCPI for somebody who is not signed in', async () => {
    const run = await kw.run('price', file('cases.json', OCPI_EXAMPLES));
    expect([run.code, run.err]).toEqual([0, '']);
    const priced = JSON.parse(run.out) as { id: string; total_cost: { excl_vat: number } }[];
    expect(priced.map(({ id }) => id)).toEqual(OCPI_EXAMPLES.map(({ id }) => id));
    for (const [index, { places, expected }] of OCPI_EXAMPLES.entries()) {
      const excl = Number(expected['total_cost']![0]);
      expect(priced[index]!.total_cost.excl_vat).toBeCloseTo(excl, places === undefined ? 9 : places - 1);
    }
  });

  it('explains the lines', async () => {
    const run = await kw.run('price', file('one.json', [OCPI_EXAMPLES[0]]), '--explain');
    expect(run.code).toBe(0);
    expect(run.out).toContain('"explanation": "20 kWh at 0.25 EUR/kWh, plus 10 % VAT"');
  });

  it('says what is wrong, and prints no price', async () => {
    const bad = { ...OCPI_EXAMPLES[0], time_zone: 'Nowhere' };
    const run = await kw.run('price', file('bad.json', [OCPI_EXAMPLES[1], bad]));
    expect([run.code, run.out]).toEqual([1, '']);
    expect(run.err.trim()).toBe('case energy: time_zone Nowhere is not known.');
  });
});
