// Each quirk of docs/ocpp-notes.md section 3 (Q1 to Q52) and each habit of section 5 has a test that is named by it: a title that
// begins with `Q29: ` or with `wire: Ended twice: `. And no test names one that the notes do not have.

/** Codes are kept for good: a new quirk is Q53. */
const LAST_QUIRK = 52;
const ROW = /^\| (Q\d+) +\| *\S.*\| *\S.*\|$/gm;
const HABIT = /^- \*\*([^*]+)\*\*: \S/gm;
const QUIRK_TITLE = /['"`](Q\d+): \S/g;
const HABIT_TITLE = /['"`]wire: ([^:'"`]+): \S/g;

/** @param notes text of the notes @param tests texts of all test files */
export function quirkProblems(notes, tests) {
  const [, quirks = ''] = notes.split(/^## 3\. .*$/m);
  const [, wire = ''] = notes.split(/^## 5\. .*$/m);
  const rows = found(ROW, [quirks.split(/^## /m)[0]]);
  const habits = found(HABIT, [wire.split(/^## /m)[0]]);
  const quirkTests = found(QUIRK_TITLE, tests);
  const habitTests = found(HABIT_TITLE, tests);
  const codes = new Set([...Array(LAST_QUIRK).keys()].map((i) => `Q${i + 1}`).concat([...rows]));
  return [
    ...without(codes, rows).map((code) => `docs/ocpp-notes.md: there is no row for ${code}`),
    ...without(codes, quirkTests).map((code) => `no test begins with "${code}: "`),
    ...without(quirkTests, codes).map((code) => `a test is named by ${code}, which the notes do not have`),
    ...without(habits, habitTests).map((habit) => `no test begins with "wire: ${habit}: "`),
    ...without(habitTests, habits).map(
      (habit) => `a test is named by "wire: ${habit}", which the notes do not have`,
    ),
    ...(habits.size === 0 ? ['docs/ocpp-notes.md: section 5 names nothing'] : []),
  ];
}

function found(pattern, texts) {
  return new Set(texts.flatMap((text) => [...text.matchAll(pattern)].map(([, name]) => name)));
}

function without(names, others) {
  return [...names].filter((name) => !others.has(name));
}

/** The rule proves itself before it judges: one violation each. */
export function quirkSelfTest() {
  const row = (code) => `| ${code} | they do | we do |`;
  const all = Array.from({ length: LAST_QUIRK }, (_, i) => `Q${i + 1}`);
  const notes = (codes, habits) =>
    `## 3. Quirks\n\n${codes.map(row).join('\n')}\n\n## 5. Seen\n\n${habits.map((h) => `- **${h}**: x`).join('\n')}\n`;
  const tests = (codes, habits) =>
    [
      ...codes.map((code) => `it('${code}: does', f)`),
      ...habits.map((habit) => `it("wire: ${habit}: is", f)`),
    ].join('\n');
  const good = quirkProblems(notes(all, ['Ended twice']), [tests(all, ['Ended twice'])]);
  const bad = [
    quirkProblems(notes(all.slice(1), ['a']), [tests(all, ['a'])]),
    quirkProblems(notes(all, ['a']), [tests(all.slice(1), ['a'])]),
    quirkProblems(notes(all, ['a']), [tests([...all, 'Q99'], ['a'])]),
    quirkProblems(notes(all, ['a', 'b']), [tests(all, ['a'])]),
    quirkProblems(notes(all, ['a']), [tests(all, ['a', 'b'])]),
  ];
  return good.length === 0 && bad.every((problems) => problems.length === 1)
    ? []
    : ['the rule for quirks does not work'];
}
