import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * The SDL of a subgraph: `schema.graphql`, and after it, in order of their names, the other .graphql files of its folder, which
 * `extend type Query` and so on.
 */
export function subgraphSdl(schemaPath: string): string {
  const folder = path.dirname(schemaPath);
  const main = path.basename(schemaPath);
  const others = readdirSync(folder).filter((name) => name.endsWith('.graphql') && name !== main);
  return [main, ...others.sort()]
    .map((name) => readFileSync(path.join(folder, name), 'utf8').trimEnd())
    .join('\n\n');
}
