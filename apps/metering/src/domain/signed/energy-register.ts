/** Which registers of a signed record are energy (OBIS, IEC 62056-61; the reserved codes of OCMF), by what is written after the colon. */
const IMPORT = /^(?:0?1|B[0-3]|98)\.(?:0?8|e)\./i;
const EXPORT = /^(?:0?2|C[0-3])\.(?:0?8|e)\./i;

/** Undefined: neither, or it is not said. 1.8.x and 2.8.x; B0 to B3 import, C0 to C3 export: at the grid, at the car, of the transaction. */
export function energyDirection(register: string): 'IMPORT' | 'EXPORT' | undefined {
  const value = register.includes(':') ? register.slice(register.indexOf(':') + 1) : register;
  return IMPORT.test(value) ? 'IMPORT' : EXPORT.test(value) ? 'EXPORT' : undefined;
}
