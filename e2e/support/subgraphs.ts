import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WORKSPACE_ROOT } from '@kilowatch/tools/workspace-root';
import {
  Kind,
  buildASTSchema,
  isObjectType,
  parse,
  type DocumentNode,
  type GraphQLObjectType,
} from 'graphql';

export interface Subgraph {
  readonly service: string;
  /** Types that a representation can name. */
  readonly entities: readonly GraphQLObjectType[];
}

/** The SDL files of all subgraphs, read anew: a new file or service is there without being told. */
export function allSubgraphs(): Subgraph[] {
  return readdirSync(join(WORKSPACE_ROOT, 'apps')).flatMap((service) => {
    const document = sdlOf(service);
    if (!document) return [];
    const schema = buildASTSchema(document, { assumeValid: true, assumeValidSDL: true });
    const entities = Object.values(schema.getTypeMap())
      .filter(isObjectType)
      .filter((type) => [type.astNode, ...type.extensionASTNodes].some(isResolvableEntity));
    return [{ service, entities }];
  });
}

function sdlOf(service: string): DocumentNode | undefined {
  const folder = join(WORKSPACE_ROOT, 'apps', service, 'src/transport/graphql');
  const files = listed(folder).filter((name) => name.endsWith('.graphql'));
  if (!files.includes('schema.graphql')) return undefined;
  // The first file defines what the others extend.
  const sorted = ['schema.graphql', ...files.filter((name) => name !== 'schema.graphql')];
  const texts = sorted.map((name) => readFileSync(join(folder, name), 'utf8'));
  const document = parse(texts.join('\n'));
  // An SDL that extends the schema extends what nobody defined here.
  return {
    ...document,
    definitions: document.definitions.filter(({ kind }) => kind !== Kind.SCHEMA_EXTENSION),
  };
}

function listed(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function isResolvableEntity(
  node: GraphQLObjectType['astNode'] | GraphQLObjectType['extensionASTNodes'][number],
): boolean {
  return Boolean(
    node?.directives?.some(
      ({ name, arguments: given }) =>
        name.value === 'key' &&
        !given?.some(
          (one) => one.name.value === 'resolvable' && one.value.kind === Kind.BOOLEAN && !one.value.value,
        ),
    ),
  );
}
