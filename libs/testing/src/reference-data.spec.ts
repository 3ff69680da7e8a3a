import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { referenceDataFolder } from './reference-data.js';

const MISSING = path.join(tmpdir(), 'there', 'is', 'no', 'such', 'folder');

describe('the folder of reference files', () => {
  it('is the named one, even when it is missing', () => {
    expect(referenceDataFolder({ KILOWATCH_REFERENCE_DATA: MISSING }, tmpdir())).toBe(MISSING);
  });

  it('is the one beside the checkout when none is named', () => {
    expect(referenceDataFolder({}, tmpdir())).toBe(tmpdir());
  });

  it('may not be there', () => {
    expect(referenceDataFolder({}, MISSING)).toBeUndefined();
    expect(referenceDataFolder({ KILOWATCH_REFERENCE_DATA: '' }, MISSING)).toBeUndefined();
  });
});
