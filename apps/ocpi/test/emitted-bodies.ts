import {
  ocpiDeviations,
  ocpiSchemasPresent,
  type EmittedOcpiBody,
  type OcpiAnswer,
} from '@kilowatch/testing';
import { expect, type TestContext } from 'vitest';

/** What partners were answered, to be held against the independent schemas of OCPI 2.2.1 when all tests of a file are through. */
export class EmittedBodies {
  private readonly bodies: EmittedOcpiBody[] = [];

  readonly seen = (schema: string, answer: OcpiAnswer): void =>
    void this.bodies.push({ schema, body: answer.body });

  /** `kinds`: the schemas that must have been used, so that nothing passes because nothing was looked at. */
  follow({ skip }: Pick<TestContext, 'skip'>, kinds: readonly string[]): void {
    if (!ocpiSchemasPresent()) {
      const reason = 'bodies not checked: there are no OCPI schemas here (set KILOWATCH_REFERENCE_DATA)';
      process.stdout.write(`${reason}\n`);
      skip(reason);
    }
    expect([...new Set(this.bodies.map(({ schema }) => schema))].sort()).toEqual(kinds);
    expect([...new Set(ocpiDeviations(this.bodies))]).toEqual([]);
  }
}
