// expect: import-x/no-cycle
// message: cycle
import { right } from "./cycle-b.js";
export const left = () => right;
