import { renderToStaticMarkup } from 'react-dom/server';
import { encode } from 'uqr';
import { describe, expect, it } from 'vitest';
import { QrCode, qrPath } from './qr-code.js';
import { RecoveryCodes, TotpSetup, inFours } from './totp-setup.js';

const URI = 'otpauth://totp/Kilowatch:a%40b.example?secret=JBSWY3DPEHPK3PXP&issuer=Kilowatch';

/** What a path of `M x y h n v1 H x z` rectangles paints, as rows of modules. */
function painted(path: string, size: number): boolean[][] {
  const rows = Array.from({ length: size }, () => Array.from({ length: size }, () => false));
  for (const [, x, y, width] of path.matchAll(/M(\d+) (\d+)h(\d+)v1H\1z/g))
    rows[Number(y)]!.fill(true, Number(x), Number(x) + Number(width));
  return rows;
}

describe('the QR code', () => {
  it('paints exactly the dark modules, a rectangle for each run', () => {
    expect(qrPath([[true, true, false, true]])).toBe('M0 0h2v1H0zM3 0h1v1H3z');
    const { data, size } = encode(URI, { ecc: 'M', border: 4 });
    expect(painted(qrPath(data), size)).toEqual(data);
  });

  it('is a picture with a name, without inline style or script', () => {
    const html = renderToStaticMarkup(<QrCode text={URI} label="QR code of the key" />);
    expect(html).toMatch(/^<svg[^>]*role="img"[^>]*aria-label="QR code of the key"/);
    expect(html).not.toMatch(/style=|<script|href=/);
  });
});

describe('setting up codes', () => {
  it('shows the key to type beside the picture, and why a code was refused', () => {
    const setup = { secret: 'JBSWY3DPEHPK3PXP', uri: URI, isBusy: false, problem: 'The code is wrong.' };
    const html = renderToStaticMarkup(<TotpSetup {...setup} onCode={() => undefined} />);
    expect(html).toContain('JBSW Y3DP EHPK 3PXP');
    expect(html).toMatch(/role="alert".*The code is wrong\./);
    expect(html).toMatch(/autocomplete="one-time-code"/i);
  });

  it('groups a key of any length', () => {
    expect([inFours('ABCD'), inFours('ABCDE'), inFours('')]).toEqual(['ABCD', 'ABCD E', '']);
  });
});

describe('recovery codes', () => {
  it('are a list, and nobody goes on before they say that they are kept', () => {
    const html = renderToStaticMarkup(<RecoveryCodes codes={['a-1', 'b-2']} onKept={() => undefined} />);
    expect(html.match(/<code>/g)).toHaveLength(2);
    expect(html).toMatch(/<button[^>]*disabled=""[^>]*>Go on/);
  });
});
