import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileName, uploadTarget } from './upload-path.js';

const TOKEN = 'abcDEF0123456789_-abcDEF0123456789_-abcDEF0';

describe('Q51: where chargers send a file to', () => {
  it.each([
    [`/uploads/${TOKEN}/`, ''],
    [`/uploads/${TOKEN}`, ''],
    [`/uploads/${TOKEN}/diag.zip`, 'diag.zip'],
    [`/uploads/${TOKEN}//diag.zip`, 'diag.zip'],
    [`//uploads/${TOKEN}/logs/2026/diag.zip`, 'diag.zip'],
    [`/uploads/${TOKEN}diag.zip`, 'diag.zip'],
    [`/uploads/${TOKEN}/diag.zip?overwrite=1#x`, 'diag.zip'],
    [`/uploads/${TOKEN}/CP%201%20diag.zip`, 'CP 1 diag.zip'],
    [`/uploads/${TOKEN}/100%.zip`, '100_.zip'],
  ])('%s is a file called "%s"', (url, name) => {
    expect(uploadTarget(url)).toEqual({ token: TOKEN, fileName: name });
  });

  it.each([
    '/',
    '/uploads',
    '/uploads/',
    `/uploads/${TOKEN.slice(1)}`,
    `/ocpp/${TOKEN}`,
    `/uploads/../${TOKEN}`,
  ])('%s is no upload', (url) => {
    expect(uploadTarget(url)).toBeUndefined();
  });

  it('has no length without end', () => {
    expect(uploadTarget(`/uploads/${TOKEN}/${'x'.repeat(5_000)}`)).toBeUndefined();
  });
});

describe('a file name', () => {
  it.each([
    ['../../etc/passwd', 'passwd'],
    ['..%2f..%2fetc%2fpasswd', 'passwd'],
    ['..\\..\\boot.ini', 'boot.ini'],
    ['..', ''],
    ['%2e%2e', ''],
    ['a\u0000b.txt', 'a_b.txt'],
    ['<script>.html', '_script_.html'],
  ])('%s becomes "%s"', (told, name) => {
    expect(fileName(told)).toBe(name);
  });

  it('is never a path, whatever a charger writes', () => {
    fc.assert(
      fc.property(fc.string(), (told) => {
        const name = fileName(told);
        expect(name).toMatch(/^[A-Za-z0-9._ -]{0,100}$/);
        expect(['.', '..']).not.toContain(name);
      }),
    );
  });
});
