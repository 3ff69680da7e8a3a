import { KwError, wrongInput } from '../kw-error.js';
import { table } from '../output.js';
import type { Command } from './context.js';
import { costText, kwhText, SESSION_ROW, stateText, type SessionRow } from './session-row.js';

const DETAILS = `${SESSION_ROW} endedAt stopReason transactionId startMethod
  station { name location { name } } token { masked } driver { displayName }
  energyStatus socPercent estimatedFullAt
  quote { tariffName tariffVersion } anomalies { kind explanation } rating { score }`;
const MOST = 100;

export const listSessions: Command = async ([text = '20'], { client, output }) => {
  const first = Number(text);
  if (!Number.isInteger(first) || first < 1 || first > MOST)
    throw wrongInput(`how many? kw sessions list N takes 1 to ${MOST}, not ${text}`);
  const { sessions } = await client.request<{ sessions: { edges: { node: SessionRow }[] } }>(
    `query($first: Int!) { sessions(first: $first) { edges { node { ${SESSION_ROW} } } } }`,
    { first },
  );
  const rows = sessions.edges.map((edge) => edge.node);
  output.show(rows, () =>
    rows.length === 0
      ? 'no sessions yet'
      : table(
          ['session', 'station', 'started', 'state', 'kWh', 'W now', 'cost', 'invoice'],
          rows.map((session) => [
            session.id,
            session.station.identity,
            session.startedAt,
            stateText(session),
            kwhText(session),
            String(session.livePowerW ?? '-'),
            costText(session),
            session.invoice ? `${session.invoice.number} ${session.invoice.status}` : '-',
          ]),
        ),
  );
  return 0;
};

export const showSession: Command = async ([id], { client, output }) => {
  if (!id) throw wrongInput('which session? kw sessions show ID');
  const { session } = await client.request<{ session: SessionRow | null }>(
    `query($id: ID!) { session(id: $id) { ${DETAILS} } }`,
    { id },
  );
  if (!session) throw new KwError('NOT_FOUND', `there is no session ${id}`);
  output.show(session, () =>
    [
      `${session.station.identity}  ${session.state}  ${kwhText(session)} kWh  ${costText(session)}`,
      ...(session.cost?.lines ?? []).map(
        (line) =>
          `  ${line.dimension.padEnd(14)} ${line.quantity} ${line.unit} x ${line.unitPrice} = ${line.inclVat.amount}`,
      ),
      session.invoice ? `  invoice ${session.invoice.number} ${session.invoice.status}` : '  no invoice yet',
    ].join('\n'),
  );
  return 0;
};
