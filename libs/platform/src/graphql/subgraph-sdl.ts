import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { PERSONAL_SDL } from './personal.js';

/**
 * The SDL of a subgraph: `schema.graphql`, and after it, in order of their names, the other .graphql files of its folder, which
 * `extend type Query` and so on; with the directives of ours.
 */
export function subgraphSdl(schemaPath: string): string {
  const folder = path.dirname(schemaPath);
  const main = path.basename(schemaPath);
  const others = readdirSync(folder).filter((name) => name.endsWith('.graphql') && name !== main);
  const files = [main, ...others.sort()].map((name) =>
    readFileSync(path.join(folder, name), 'utf8').trimEnd(),
  );
  return [...files, PERSONAL_SDL].join('\n\n');
}
