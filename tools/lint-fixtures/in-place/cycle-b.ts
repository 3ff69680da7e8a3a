import { left } from "./cycle-a.js";
export const right = () => left;
