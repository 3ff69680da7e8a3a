/**
 * Fields about people: `email: String! @personal(as: "email")`. Who lacks `personal:read` (support, machine clients without the scope)
 * gets them masked: enough to see that two are not the same or that something is there, not what it is.
 */
import { Kind, type ConstDirectiveNode, type FieldDefinitionNode } from 'graphql';

/** Belongs to each subgraph's SDL; composition leaves it out of the supergraph. */
export const PERSONAL_SDL = `"About a person: masked for who may not read what is personal. as: email, name or text"
directive @personal(as: String! = "text") on FIELD_DEFINITION`;

const HIDDEN = '[hidden]';

const MASKS = {
  /** d…@kilowatch.local: the domain tells a company's people from others. */
  email: (value: string) =>
    value === '' ? '' : `${initial(value)}@${value.slice(value.lastIndexOf('@') + 1)}`,
  /** D. D. */
  name: (value: string) => value.split(/\s+/).filter(Boolean).slice(0, 3).map((part) => `${[...part][0]}.`).join(' '), // prettier-ignore
  text: (value: string) => (value === '' ? '' : HIDDEN),
} satisfies Record<string, (value: string) => string>;

export type PersonalKind = keyof typeof MASKS;

const initial = (value: string) => `${[...value][0]}…`;

/** How a field is masked; undefined for one that is not personal. Throws for a kind that does not exist. */
export function personalKind(field: FieldDefinitionNode | null | undefined): PersonalKind | undefined {
  const directive = field?.directives?.find(({ name }) => name.value === 'personal');
  if (!directive) return undefined;
  const kind = kindOf(directive);
  if (kind in MASKS) return kind as PersonalKind;
  throw new Error(`@personal(as: "${kind}") on ${field?.name.value}: as is ${Object.keys(MASKS).join(', ')}`);
}

/** What is no text (JSON, lists) is hidden whole. */
export function masked(kind: PersonalKind, value: unknown): unknown {
  if (value === null || value === undefined) return value;
  return typeof value === 'string' ? MASKS[kind](value) : HIDDEN;
}

function kindOf({ arguments: given }: ConstDirectiveNode): string {
  const value = given?.find(({ name }) => name.value === 'as')?.value;
  return value?.kind === Kind.STRING ? value.value : 'text';
}
