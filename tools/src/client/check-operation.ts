import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, parse, validate, type GraphQLSchema } from 'graphql';
import { WORKSPACE_ROOT } from '../workspace-root.js';

let schema: GraphQLSchema | undefined;

/**
 * For tests whose API is played: throws what the real one would say to the operation, by the composed schema
 * (apps/graphql-gateway/supergraph.graphql). Values of variables are not looked at.
 */
export function checkOperation(operation: string): void {
  schema ??= buildSchema(
    readFileSync(join(WORKSPACE_ROOT, 'apps/graphql-gateway/supergraph.graphql'), 'utf8'),
    { assumeValidSDL: true },
  );
  const problems = validate(schema, parse(operation));
  if (problems.length > 0) {
    throw new Error(
      `the API does not know this operation: ${problems.map(({ message }) => message).join(' ')}`,
    );
  }
}
