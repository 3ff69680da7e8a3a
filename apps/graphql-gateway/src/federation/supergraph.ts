import { createHash } from 'node:crypto';
import { Kind, parse, type DirectiveNode } from 'graphql';

/** The composed schema of all subgraphs as text. Configuration is logged: there it shows as its hash. */
export class Supergraph {
  constructor(readonly sdl: string) {}

  /** Names of the subgraphs it was composed from, as `@join__graph(name:)` has them. */
  subgraphNames(): string[] {
    return parse(this.sdl, { noLocation: true }).definitions.flatMap((definition) =>
      definition.kind === Kind.ENUM_TYPE_DEFINITION && definition.name.value === 'join__Graph'
        ? (definition.values ?? []).flatMap(({ directives }) => (directives ?? []).flatMap(graphName))
        : [],
    );
  }

  toJSON(): string {
    return `sha256:${createHash('sha256').update(this.sdl).digest('hex').slice(0, 16)}`;
  }
}

function graphName(directive: DirectiveNode): string[] {
  const value = directive.arguments?.find(({ name }) => name.value === 'name')?.value;
  return directive.name.value === 'join__graph' && value?.kind === Kind.STRING ? [value.value] : [];
}

/** The address of each subgraph; throws when one of the supergraph has none. Further addresses are ignored. */
export function subgraphAddresses(
  supergraph: Supergraph,
  urls: Readonly<Record<string, string>>,
): ReadonlyMap<string, string> {
  const names = supergraph.subgraphNames();
  if (names.length === 0) throw new Error('KW_SUPERGRAPH_FILE is not a supergraph: it names no subgraph');
  const missing = names.filter((name) => !Object.hasOwn(urls, name));
  if (missing.length > 0) throw new Error(`KW_SUBGRAPHS has no address of ${missing.join(', ')}`);
  return new Map(names.map((name) => [name, urls[name] as string]));
}
