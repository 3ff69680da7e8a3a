/**
 * How much an operation asks for, measured before anything of it runs (docs/promises.md P7: depth, alias, directive and
 * cost floods). Fragments count where they are spread, each measured once, so a tree of fragments costs no time to
 * measure.
 *
 * Cost is the number of objects an answer may hold: 1 an object, 0 a scalar; everything below a field is multiplied by
 * its `first`, below a list without `first` by 5 (longer ones and dear ones: LONG_LISTS, WORK). A root field of a mutation costs 10.
 */
import {
  Kind,
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

export interface OperationSize {
  /** Levels of fields; a root field is level 1. */
  readonly depth: number;
  readonly aliases: number;
  readonly directives: number;
  readonly cost: number;
  /** Fields that try a password, a code, a link or a refresh token: guesses. */
  readonly credentialFields: number;
  /** Root fields of a mutation, fragments included. */
  readonly changes: number;
}

export type Variables = Readonly<Record<string, unknown>>;

const ASSUMED_LIST_SIZE = 5;
const MUTATION_COST = 10;
/** Lists that are long without being paged. */
const LONG_LISTS: Readonly<Record<string, number>> = {
  'Incident.evidence': 20,
  'AttemptRules.rules': 20,
  'SignedReadings.records': 100,
  'Session.powerCurve': 50,
  'PaymentTerms.changes': 50,
  'DunningSettings.changes': 50,
  'DunningCase.history': 20,
  'Station.displayMessages': 50,
  'FeedPrices.stretches': 200,
  'TariffSourcePreview.schedule': 200,
};
/** Objects for whose sake a lot is calculated, in objects that cost the same: a paper is drawn, signatures are verified, others are asked. */
const WORK: Readonly<Record<string, number>> = {
  'Invoice.pdf': 1_000,
  'Invoice.ubl': 50,
  'PayeeStatement.pdf': 500,
  'PayeeStatement.csv': 20,
  // A month of bills is added up.
  'Payee.draft': 50,
  // Bills of years are added up.
  'Query.revenue': 100,
  'Query.revenueFile': 1_000,
  'Query.providerPayoutsFile': 500,
  // The payment provider is asked.
  'Payment.clientSecret': 50,
  'Session.signedReadings': 200,
};
/** Every public mutation, and those that ask for a secret once more (e2e/authorisation.e2e.ts finds one that is missing). */
const CREDENTIAL_FIELDS: ReadonlySet<string> = new Set([
  'Mutation.changePassword',
  'Mutation.clientToken',
  'Mutation.completeSignIn',
  'Mutation.confirmEmail',
  'Mutation.confirmTotp',
  'Mutation.disableTotp',
  'Mutation.finishPasskeySignIn',
  'Mutation.finishProviderSignIn',
  'Mutation.refreshSession',
  'Mutation.register',
  'Mutation.renewRecoveryCodes',
  'Mutation.requestEmailConfirmation',
  'Mutation.requestPasswordReset',
  'Mutation.resetPassword',
  'Mutation.signIn',
  'Mutation.signOut',
  'Mutation.startPasskey',
  'Mutation.startPasskeySignIn',
  'Mutation.startProviderSignIn',
  'Mutation.startTotp',
]);
const NOTHING: OperationSize = {
  depth: 0,
  aliases: 0,
  directives: 0,
  cost: 0,
  credentialFields: 0,
  changes: 0,
};

/** The document must be valid: unknown fields count as nothing and a cycle of fragments would not end. */
export function operationSize(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
): OperationSize {
  const root = schema.getRootType(operation.operation);
  const measured = new Measure(schema, document, operation, variables).selections(
    operation.selectionSet,
    root ?? undefined,
  );
  const rootCost = operation.operation === 'mutation' ? MUTATION_COST * rootFields(operation) : 0;
  return {
    ...measured,
    cost: measured.cost + rootCost,
    directives: measured.directives + (operation.directives?.length ?? 0),
  };
}

class Measure {
  private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  private readonly measured = new Map<string, OperationSize>();

  constructor(
    private readonly schema: GraphQLSchema,
    document: DocumentNode,
    private readonly operation: OperationDefinitionNode,
    private readonly variables: Variables,
  ) {
    this.fragments = new Map(
      document.definitions.flatMap((definition) =>
        definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition] as const] : [],
      ),
    );
  }

  selections(set: SelectionSetNode, type: GraphQLNamedType | undefined): OperationSize {
    return set.selections.reduce<OperationSize>((total, selection) => {
      const size =
        selection.kind === Kind.FIELD
          ? this.field(selection, type)
          : selection.kind === Kind.FRAGMENT_SPREAD
            ? this.fragment(selection.name.value)
            : this.selections(
                selection.selectionSet,
                this.typeNamed(selection.typeCondition?.name.value) ?? type,
              );
      return add(total, { ...size, directives: size.directives + (selection.directives?.length ?? 0) });
    }, NOTHING);
  }

  private fragment(name: string): OperationSize {
    const known = this.measured.get(name);
    if (known) return known;
    const fragment = this.fragments.get(name);
    const size = fragment
      ? this.selections(fragment.selectionSet, this.typeNamed(fragment.typeCondition.name.value))
      : NOTHING;
    this.measured.set(name, size);
    return size;
  }

  private field(field: FieldNode, parent: GraphQLNamedType | undefined): OperationSize {
    const aliases = field.alias ? 1 : 0;
    const name = field.name.value;
    // The schema's own fields: refused unless introspection is on, and then as deep as tools want.
    if (name.startsWith('__')) return { ...NOTHING, aliases, depth: 1 };
    const definition = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;
    const type = definition && getNamedType(definition.type);
    const below = field.selectionSet ? this.selections(field.selectionSet, type) : NOTHING;
    const coordinate = `${parent?.name}.${name}`;
    const own = WORK[coordinate] ?? (isCompositeType(type) ? 1 : 0);
    const unpaged =
      definition && isListType(getNullableType(definition.type)) && !parent?.name.endsWith('Connection');
    const first = this.first(field);
    const cost =
      first === undefined && unpaged
        ? (LONG_LISTS[coordinate] ?? ASSUMED_LIST_SIZE) * (own + below.cost)
        : own + (first ?? 1) * below.cost;
    return {
      depth: 1 + below.depth,
      aliases: aliases + below.aliases,
      directives: below.directives,
      cost,
      credentialFields: below.credentialFields + (CREDENTIAL_FIELDS.has(coordinate) ? 1 : 0),
      changes: below.changes + (parent?.name === 'Mutation' ? 1 : 0),
    };
  }

  /** The value of the argument `first`, at least 1; anything that is no number fails later, before it runs. */
  private first(field: FieldNode): number | undefined {
    const value = field.arguments?.find(({ name }) => name.value === 'first')?.value;
    if (value === undefined) return undefined;
    const size =
      value.kind === Kind.VARIABLE
        ? (this.variables[value.name.value] ?? this.defaultOf(value.name.value))
        : 'value' in value
          ? Number(value.value)
          : undefined;
    return typeof size === 'number' && size > 1 ? size : 1;
  }

  private defaultOf(variable: string): unknown {
    const declared = this.operation.variableDefinitions?.find((one) => one.variable.name.value === variable);
    return declared?.defaultValue?.kind === Kind.INT ? Number(declared.defaultValue.value) : undefined;
  }

  private typeNamed(name: string | undefined): GraphQLNamedType | undefined {
    return name === undefined ? undefined : this.schema.getType(name);
  }
}

function rootFields({ selectionSet }: OperationDefinitionNode): number {
  return Math.max(1, selectionSet.selections.length);
}

const add = (a: OperationSize, b: OperationSize): OperationSize => ({
  depth: Math.max(a.depth, b.depth),
  aliases: a.aliases + b.aliases,
  directives: a.directives + b.directives,
  cost: a.cost + b.cost,
  credentialFields: a.credentialFields + b.credentialFields,
  changes: a.changes + b.changes,
});
