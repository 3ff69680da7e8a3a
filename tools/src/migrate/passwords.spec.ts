import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { passwordsFrom } from './passwords.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'kilowatch-passwords-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('passwords of the services', () => {
  it('come from one file per schema, without its line end', () => {
    writeFileSync(path.join(folder, 'load_management'), 'p@ss word\n');
    expect(passwordsFrom({ folder })('load_management')).toBe('p@ss word');
  });

  it('come from the URL the service itself uses', () => {
    writeFileSync(path.join(folder, 'auth'), 'postgres://kw_auth:p%40ss%2Fw@db:5432/kilowatch');
    expect(passwordsFrom({ folder })('auth')).toBe('p@ss/w');
  });

  it('come from one JSON object', () => {
    expect(passwordsFrom({ json: '{"auth":"x"}' })('auth')).toBe('x');
  });

  it('are never empty or missing', () => {
    writeFileSync(path.join(folder, 'auth'), 'postgres://kw_auth@db/kilowatch');
    expect(() => passwordsFrom({ folder })('auth')).toThrow(/no password for auth/);
    expect(() => passwordsFrom({ json: '{}' })('auth')).toThrow(/no password for auth/);
    expect(() => passwordsFrom({ folder })('metering')).toThrow(/ENOENT/);
  });

  it('have one source', () => {
    expect(() => passwordsFrom({})).toThrow(/one of them/);
    expect(() => passwordsFrom({ folder, json: '{}' })).toThrow(/one of them/);
  });
});
