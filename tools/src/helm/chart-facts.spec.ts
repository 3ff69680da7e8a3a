import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { CHART } from './chart.js';
import { documentedValues, looseObjects, serviceListProblems } from './chart-facts.js';
import { chartReadme } from './chart-readme.js';

const values = readFileSync(path.join(CHART, 'values.yaml'), 'utf8');

describe('the chart', () => {
  it('deploys the services npm start runs', () => {
    expect(serviceListProblems()).toEqual([]);
  });

  it('explains each value', () => {
    expect(documentedValues(values).filter(({ comment }) => !comment)).toEqual([]);
  });

  it('refuses every key its schema does not name', () => {
    const schema: unknown = JSON.parse(readFileSync(path.join(CHART, 'values.schema.json'), 'utf8'));
    expect(looseObjects(schema)).toEqual([]);
  });

  it('has a README made from its values', async () => {
    expect(readFileSync(path.join(CHART, 'README.md'), 'utf8')).toBe(await chartReadme(values));
  });
});

describe('the reader of values.yaml', () => {
  it('takes the comment right above a key, on its own level', () => {
    const text = '# one\na:\n  # two\n  # more\n  b: 1\n  c: 2\n\n# lost\n\nd: x\n';
    expect(documentedValues(text).map(({ key, comment }) => [key, comment])).toEqual([
      ['a', 'one'],
      ['a.b', 'two more'],
      ['a.c', undefined],
      ['d', undefined],
    ]);
  });
});

describe('the reader of schemas', () => {
  it('finds an object that takes more than its own keys, however deep', () => {
    const loose = { type: 'object', properties: { a: {} } };
    expect(looseObjects({ properties: { b: loose }, additionalProperties: false })).toEqual([
      '/properties/b',
    ]);
    expect(looseObjects({ ...loose, additionalProperties: true })).toEqual(['the root']);
  });
});
