import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { SERVICES } from '../system/services.js';
import { CHART } from './chart.js';

export interface ChartService {
  readonly name: string;
  readonly database: boolean;
  readonly grpc: boolean;
  readonly subgraph: boolean;
  readonly peers?: readonly string[];
  readonly secrets?: Readonly<Record<string, string>>;
}

export function chartServices(): ChartService[] {
  const text = readFileSync(path.join(CHART, 'files/services.yaml'), 'utf8');
  return (parse(text) as { services: ChartService[] }).services;
}

/** The chart deploys the services `npm start` runs, with the same facts. */
export function serviceListProblems(): string[] {
  const ours = SERVICES.map(facts);
  const theirs = chartServices().map(facts);
  return [
    ...ours.filter((fact) => !theirs.includes(fact)).map((fact) => `not in the chart: ${fact}`),
    ...theirs.filter((fact) => !ours.includes(fact)).map((fact) => `only in the chart: ${fact}`),
  ];
}

function facts({ name, database, grpc, subgraph, peers = [] }: ChartService): string {
  return JSON.stringify({ name, database, grpc, subgraph, peers: [...peers].sort() });
}

/** One value of values.yaml with the sentence above it. */
export interface DocumentedValue {
  readonly key: string;
  /** Undefined where nobody wrote one. */
  readonly comment: string | undefined;
  /** Text behind the colon. */
  readonly value: string;
}

/** All values of a values.yaml in block style, in order: a comment belongs to the key in the next line. */
export function documentedValues(text: string): DocumentedValue[] {
  const found: DocumentedValue[] = [];
  const parents: { indent: number; key: string }[] = [];
  let comment: { indent: number; text: string } | undefined;
  for (const line of text.split('\n')) {
    const indent = line.length - line.trimStart().length;
    const remark = /^ *# ?(.*)$/.exec(line);
    const pair = /^ *([A-Za-z_][\w-]*):(?: (.*))?$/.exec(line);
    if (remark) comment = { indent, text: [comment?.text, remark[1]].filter(Boolean).join(' ') };
    else if (pair) {
      while ((parents.at(-1)?.indent ?? -1) >= indent) parents.pop();
      parents.push({ indent, key: pair[1] ?? '' });
      found.push({
        key: parents.map(({ key }) => key).join('.'),
        comment: comment?.indent === indent ? comment.text : undefined,
        value: pair[2] ?? '',
      });
      comment = undefined;
    } else comment = undefined;
  }
  return found;
}

/** Objects of the schema that would take any key although they name theirs. */
export function looseObjects(schema: unknown, where = ''): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const node = schema as Record<string, unknown>;
  const loose = 'properties' in node && node['additionalProperties'] !== false ? [where || 'the root'] : [];
  return [
    ...loose,
    ...Object.entries(node).flatMap(([key, child]) => looseObjects(child, `${where}/${key}`)),
  ];
}
