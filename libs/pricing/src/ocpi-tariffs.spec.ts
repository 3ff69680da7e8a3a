/** The tariffs and CDRs that the OCPI specification shows (not part of this project) can be read and priced. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { mwh } from '@kilowatch/kernel';
import { referenceDataFolder } from '@kilowatch/testing';
import { describe, expect, it } from 'vitest';
import { periodsFromCdr } from './periods-from-cdr.js';
import { priceSession } from './pricing.js';
import { summarise } from './tariff-summary.js';
import { tariffDocument221 } from './tariff-221.js';
import { parseTariff } from './tariff-document.js';

function examples(version: string, kind: string): [name: string, document: Record<string, unknown>][] {
  const folder = path.join(referenceDataFolder() ?? '', 'ocpi/spec-examples', version);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.replace('mod_', '').startsWith(kind) && name.endsWith('.json'))
    .map((name): [string, unknown] => {
      try {
        return [`${version} ${name}`, JSON.parse(readFileSync(path.join(folder, name), 'utf8'))];
      } catch {
        // A few are printed with mistakes that make them no JSON.
        return [name, undefined];
      }
    })
    .flatMap(([name, document]) =>
      document && typeof document === 'object' && 'currency' in document
        ? [[name, document as Record<string, unknown>] as [string, Record<string, unknown>]]
        : [],
    );
}

const tariffs = ['2.1.1-inline', '2.2.1', '2.2.1-inline', '2.3.0', '2.3.0-inline'].flatMap((version) =>
  examples(version, 'tariff'),
);
const cdrs = ['2.2.1', '2.3.0'].flatMap((version) => examples(version, 'cdr'));

describe.runIf(tariffs.length > 0)('the tariffs of the OCPI specification', () => {
  it('are many', () => {
    expect(tariffs.length).toBeGreaterThanOrEqual(40);
    expect(cdrs.length).toBeGreaterThanOrEqual(2);
  });

  it.each(tariffs)('can be read and priced: %s', (_name, document) => {
    const tariff = parseTariff(document);
    expect(summarise(tariff).length).toBeGreaterThan(0);
    const start = new Date('2026-01-15T09:00:00Z');
    const periods = [
      { start, end: new Date('2026-01-15T10:00:00Z'), kind: 'CHARGING' as const, energyMwh: mwh(10_000_000) },
    ];
    const price = priceSession({ tariffs: [tariff], timeZone: 'Europe/Amsterdam', periods });
    expect(price.total.excl.gte('0')).toBe(true);
    expect(() => parseTariff(tariffDocument221(document))).not.toThrow();
  });

  it.each(cdrs)('their CDRs can be read: %s', (_name, cdr) => {
    expect(periodsFromCdr(cdr).length).toBeGreaterThan(0);
  });
});
