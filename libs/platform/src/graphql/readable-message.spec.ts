import { buildSchema, getVariableValues, parse, validate, type OperationDefinitionNode } from 'graphql';
import { describe, expect, it } from 'vitest';
import { withoutValues } from './readable-message.js';

const schema = buildSchema(`
  enum Role { DRIVER }
  input SignIn { email: String!, password: String!, role: Role, times: Int, at: [String!], code: ID, ok: Boolean, rate: Float }
  type Query { signIn(input: SignIn!): Boolean  one(name: String, role: Role, times: Int): Boolean }
`);
const document = parse('query($input: SignIn!) { signIn(input: $input) }');
const SECRET = 'hunter2; Or "so" at "input"; Yes';

/** What graphql itself says of these variables. */
function complaints(input: unknown): string[] {
  const [operation] = document.definitions as OperationDefinitionNode[];
  const { errors = [] } = getVariableValues(schema, operation!.variableDefinitions!, { input });
  return errors.map(({ message }) => message);
}

/** And of this document. */
function faults(text: string): string[] {
  try {
    return validate(schema, parse(text)).map(({ message }) => message);
  } catch (error) {
    return [(error as Error).message];
  }
}

describe('what is wrong with variables', () => {
  it.each([
    ['a field too many', { email: 'a', password: SECRET, pin: 1 }],
    ['a list for a text', { email: 'a', password: [SECRET] }],
    ['an object for a text', { email: 'a', password: { text: SECRET } }],
    ['a field too few', { password: SECRET }],
    ['no such word', { email: 'a', password: 'x', role: SECRET }],
    ['no number', { email: 'a', password: 'x', times: SECRET }],
    ['no rate', { email: 'a', password: 'x', rate: SECRET }],
    ['no truth', { email: 'a', password: 'x', ok: SECRET }],
    ['no id', { email: 'a', password: 'x', code: { id: SECRET } }],
    ['a text for an object', SECRET],
  ])('is told without them: %s', (_what, input) => {
    const told = complaints(input);
    expect(told.length).toBeGreaterThan(0);
    expect(told.join()).toContain('hunter2');
    expect(told.map(withoutValues).join()).not.toContain('hunter2');
  });

  it('still says where and what', () => {
    const [told] = complaints({ email: 'a', password: [SECRET] }).map(withoutValues);
    expect(told).toBe(
      'Variable "$input" got invalid value at "input.password"; String cannot represent a non string value.',
    );
    expect(complaints({ email: 'a', password: SECRET, pin: 1 }).map(withoutValues)).toEqual([
      'Variable "$input" got invalid value; Field "pin" is not defined by type "SignIn".',
    ]);
  });
});

describe('what is wrong with a document', () => {
  it.each([
    ['a text for an object', '{ signIn(input: "hunter2") }'],
    ['a list for a text', '{ one(name: ["hunter2"]) }'],
    ['no such word', '{ one(role: "hunter2") }'],
    ['no such word, unquoted', '{ one(role: hunter2) }'],
    ['no number', '{ one(times: "hunter2") }'],
    ['an object for a text', '{ one(name: { text: "hunter2" }) }'],
    ['a text that stands where a name should', '{ one(name: "x" "hunter2") }'],
    ['a number for a text', '{ one(name: 2222222) }'],
  ])('is told without its values: %s', (_what, text) => {
    const told = faults(text);
    expect(told.length).toBeGreaterThan(0);
    expect(told.map(withoutValues).join()).not.toMatch(/hunter2|2222222/);
  });

  it('still names fields, types and places', () => {
    expect(faults('{ two }').map(withoutValues)).toEqual(['Cannot query field "two" on type "Query".']);
    expect(faults('{ signIn }').map(withoutValues)[0]).toContain('"input"');
    expect(faults('{ one( }').map(withoutValues)).toEqual(['Syntax Error: Expected Name, found "}".']);
  });
});

it('does not look long at what is long', () => {
  const [told] = complaints({ email: 'a', password: [SECRET.repeat(10_000)] });
  expect(withoutValues(told!)).not.toContain('hunter2');
});

it('leaves what the platform says itself', () => {
  const text = 'A password has 10 to 200 characters.';
  expect(withoutValues(text)).toBe(text);
});
