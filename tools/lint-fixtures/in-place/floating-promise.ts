// expect: @typescript-eslint/no-floating-promises
// message: Promises must be awaited
const save = async () => 1;
export function forget() {
  save();
}
