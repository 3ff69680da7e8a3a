import { encode } from 'uqr';

/** The dark modules as one path: a rectangle for each run of them in a row. */
export function qrPath(data: readonly (readonly boolean[])[]): string {
  return data
    .flatMap((row, y) =>
      row.flatMap((dark, x) => {
        if (!dark || row[x - 1]) return [];
        const light = row.indexOf(false, x);
        return [`M${x} ${y}h${(light < 0 ? row.length : light) - x}v1H${x}z`];
      }),
    )
    .join('');
}

/** A QR code that is drawn here: what it says goes to no server. Dark on light in both colour schemes, as cameras expect. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const { data, size } = encode(text, { ecc: 'M', border: 4 });
  return (
    <svg className="qr-code" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label}>
      <rect width={size} height={size} />
      <path d={qrPath(data)} shapeRendering="crispEdges" />
    </svg>
  );
}
