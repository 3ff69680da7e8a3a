// expect: import-x/no-relative-packages
// message: Relative import from another package
export { toAppError } from "../../../libs/kernel/src/errors.js";
