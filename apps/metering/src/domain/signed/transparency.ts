/**
 * The signed records of a session as the transparency software of SAFE e.V. reads them: one XML text, a `value` for each, with the key
 * that an operator registered. Whoever has it can check the session without us.
 */
import type { JudgedRecord } from './signed-session.js';

export function transparencyXml(records: readonly JudgedRecord[]): string {
  const values = records
    .filter(({ ocmf }) => ocmf !== '')
    .map(({ ocmf, key, claimedKey, record }) => {
      const context = contextOf(record?.readings.map(({ reason }) => reason) ?? []);
      const attributes = ['transactionId="1"', ...(context ? [`context="${context}"`] : [])];
      const publicKey = key
        ? `<publicKey encoding="hex">${Buffer.from(key.spki).toString('hex')}</publicKey>`
        : claimedKey === ''
          ? ''
          : `<publicKey encoding="plain">${escaped(claimedKey)}</publicKey>`;
      return (
        `  <value ${attributes.join(' ')}>\n` +
        `    <signedData format="OCMF" encoding="plain">${escaped(ocmf)}</signedData>\n` +
        (publicKey === '' ? '' : `    ${publicKey}\n`) +
        `  </value>\n`
      );
    });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<values>\n${values.join('')}</values>\n`;
}

/** Records that hold both ends name neither. */
function contextOf(reasons: readonly (string | undefined)[]): string | undefined {
  const begins = reasons.includes('B');
  const ends = reasons.some((reason) => reason !== undefined && 'ELRAP'.includes(reason));
  if (begins === ends) return undefined;
  return begins ? 'Transaction.Begin' : 'Transaction.End';
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}
