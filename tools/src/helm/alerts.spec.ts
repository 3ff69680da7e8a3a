import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { METRICS } from '@kilowatch/platform';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { WORKSPACE_ROOT } from '../workspace-root.js';
import { CUSTOM_RESOURCES, type PrometheusRule } from './crd-models.js';

const ALERTS = path.join(WORKSPACE_ROOT, 'deploy/alerts');
const RUNBOOKS = path.join(WORKSPACE_ROOT, 'deploy/runbooks');
/** What Prometheus adds to every series, beside the labels we declare. */
const SCRAPED = ['namespace', 'job'];
const pages = (folder: string, ending: string) =>
  readdirSync(folder)
    .filter((file) => file.endsWith(ending) && file !== 'README.md')
    .map((file) => file.slice(0, -ending.length));
const names = pages(ALERTS, '.yaml');
const ruleOf = (name: string) => {
  const rule = parse(readFileSync(path.join(ALERTS, `${name}.yaml`), 'utf8')) as PrometheusRule;
  return { rule, alerts: rule.spec.groups.flatMap(({ rules }) => rules) };
};

describe('alerts', () => {
  it('and runbooks go in pairs', () => {
    expect(names.length).toBeGreaterThan(0);
    expect(pages(RUNBOOKS, '.md')).toEqual(names);
  });

  it('have names of their own', () => {
    const all = names.flatMap((name) => ruleOf(name).alerts.map(({ alert }) => alert));
    expect(new Set(all).size).toBe(all.length);
  });

  describe.each(names)('%s', (name) => {
    const { rule, alerts } = ruleOf(name);

    it('is a rule the operator takes', () => {
      const parsed = CUSTOM_RESOURCES['monitoring.coreos.com/v1/PrometheusRule']?.safeParse(rule);
      expect(parsed?.error?.issues ?? []).toEqual([]);
    });

    it('points to its runbook, which starts with its name', () => {
      expect(alerts).toHaveLength(1);
      for (const { alert, annotations } of alerts) {
        expect(annotations.runbook).toBe(`deploy/runbooks/${name}.md`);
        expect(existsSync(path.join(WORKSPACE_ROOT, annotations.runbook))).toBe(true);
        expect(readFileSync(path.join(RUNBOOKS, `${name}.md`), 'utf8')).toMatch(new RegExp(`^# ${alert}\n`));
      }
    });

    it('asks for metrics and labels that exist', () => {
      for (const { expr, annotations } of alerts) {
        const metrics = [...new Set(expr.match(/\bkw_\w+/g) ?? [])];
        expect(metrics).not.toEqual([]);
        const declared: Record<string, { labels: readonly string[] }> = METRICS;
        expect(metrics.filter((metric) => !(metric in declared))).toEqual([]);
        const known = [...SCRAPED, ...metrics.flatMap((metric) => declared[metric]?.labels ?? [])];
        const grouped = [...expr.matchAll(/by \(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(/,\s*/));
        expect(grouped.filter((label) => !known.includes(label))).toEqual([]);
        const text = `${annotations.summary} ${annotations.description}`;
        const shown = [...text.matchAll(/\$labels\.(\w+)/g)].map(([, label = '']) => label);
        expect(shown.filter((label) => !grouped.includes(label))).toEqual([]);
      }
    });
  });
});
