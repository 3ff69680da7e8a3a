/**
 * Messages of graphql about a client's own document or variables, without the values they repeat: those may be a password, and what
 * is told to a client ends in its logs. The shapes are those of graphql 16 (execution/values.ts, validation rules, type/scalars.ts).
 */
const RULES: readonly (readonly [RegExp, string])[] = [
  // String cannot represent a non string value: 5, Int cannot represent non-integer value: "x". First: what it repeats may look like anything.
  [/(cannot represent (?:an? )?(?:non[ -])?[\w -]{0,40})[:;] [\s\S]*$/, '$1.'],
  // Variable "$input" got invalid value { password: "x" } at "input.password"; String cannot represent ...
  [/^(Variable "\$\w+" got invalid value) (?:[\s\S]*( at "[\w.[\]]+")|[\s\S]*); (?=[A-Z])/, '$1$2; '],
  // Value "x" does not exist in "Role" enum. Did you mean ...
  [/(Value|Enum "\w+" cannot represent (?:non-enum )?value:?) ("(?:[^"\\]|\\.)*"|[^\s"]+)/, '$1'],
  // Expected value of type "SignInInput!", found "x".
  [/^(Expected (?:value of )?type "[^"]*"(?: to be [^,]*)?,? found) [\s\S]*$/, '$1 another.'],
  // Syntax Error: Expected Name, found String "x".
  [/^(Syntax Error: [\s\S]*?\b(?:String|BlockString|Int|Float)) "[\s\S]*$/, '$1.'],
];

/** Nobody reads more, and searching it would take long. */
const LONGEST = 4_000;

export function withoutValues(message: string): string {
  if (message.length > LONGEST)
    return 'A value that was sent is not what is asked for, and too long to say which.';
  return RULES.reduce((text, [shape, replacement]) => text.replace(shape, replacement), message);
}
