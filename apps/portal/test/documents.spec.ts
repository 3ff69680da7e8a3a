import { readFileSync } from 'node:fs';
import {
  parse,
  print,
  separateOperations,
  TypeInfo,
  validate,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
// @ts-expect-error the generator is plain JavaScript: it runs before anything is built
import { apiSchema, generated } from '../scripts/generate-documents.mjs';

const MODULES = import.meta.glob<Readonly<Record<string, unknown>>>('../src/api/documents/*.ts', {
  eager: true,
});
const DOCUMENTS = Object.values(MODULES)
  .flatMap((module) => Object.entries(module))
  .filter(([name]) => name.endsWith('Document')) as [string, DocumentNode][];
/** The gateway refuses deeper operations. */
const MAX_DEPTH = 8;

describe('the documents the portal sends', () => {
  let schema: GraphQLSchema;
  beforeAll(() => {
    schema = apiSchema() as GraphQLSchema;
  });

  it.each(DOCUMENTS)('%s fits the composed schema', (_, document) => {
    expect(validate(schema, document)).toEqual([]);
  });

  it.each(DOCUMENTS)('%s is one operation, no deeper than the gateway allows', (_, document) => {
    expect(Object.keys(separateOperations(parse(print(document))))).toHaveLength(1);
    expect(depthOf(schema, document)).toBeLessThanOrEqual(MAX_DEPTH);
  });

  it('and their types are what the generator writes today', async () => {
    const files = (await generated()) as { file: string; text: string }[];
    const stale = files
      .filter(({ file, text }) => readFileSync(file, 'utf8') !== text)
      .map(({ file }) => file);
    expect(stale, 'run: npm run -w @kilowatch/portal generate').toEqual([]);
    // The generator reads the whole supergraph and formats what it writes: seconds on a machine that has other work.
  }, 60_000);
});

function depthOf(schema: GraphQLSchema, document: DocumentNode): number {
  const fragments = new Map<string, number>();
  const measure = (node: DocumentNode['definitions'][number]): number => {
    let level = 0;
    let deepest = 0;
    visit(
      node,
      visitWithTypeInfo(new TypeInfo(schema), {
        Field: {
          enter() {
            level += 1;
            deepest = Math.max(deepest, level);
          },
          leave() {
            level -= 1;
          },
        },
        FragmentSpread({ name }) {
          deepest = Math.max(deepest, level + (fragments.get(name.value) ?? 0));
        },
      }),
    );
    return deepest;
  };
  const all = document.definitions.filter((definition) => definition.kind === 'FragmentDefinition');
  // Fragments in fragments: as many rounds as there are fragments settle every depth.
  for (const _ of all) for (const fragment of all) fragments.set(fragment.name.value, measure(fragment));
  return Math.max(...document.definitions.filter(({ kind }) => kind === 'OperationDefinition').map(measure));
}
