import { table } from '../output.js';
import type { Command } from './context.js';

const FIELDS = `id state chargingState startedAt endedAt stopReason transactionId startMethod
  station { identity name location { name } } token { masked } driver { displayName }
  energyWh energyStatus livePowerW socPercent estimatedFullAt
  quote { tariffName tariffVersion } cost { final totalInclVat { amount currency } lines { dimension quantity unit unitPrice inclVat { amount } } }
  invoice { number status } anomalies { kind explanation } rating { score }`;

interface Session {
  id: string;
  state: string;
  chargingState: string;
  startedAt: string;
  station: { identity: string };
  energyWh: number | null;
  livePowerW: number | null;
  cost: {
    totalInclVat: { amount: string; currency: string };
    lines: {
      dimension: string;
      quantity: string;
      unit: string;
      unitPrice: string;
      inclVat: { amount: string };
    }[];
  } | null;
  invoice: { number: string; status: string } | null;
}

const kwh = (session: Session) => ((session.energyWh ?? 0) / 1000).toFixed(3);
const cost = (session: Session) =>
  session.cost ? `${session.cost.totalInclVat.amount} ${session.cost.totalInclVat.currency}` : '-';

export const listSessions: Command = async (args, { client, output }) => {
  const first = Math.min(100, Math.max(1, Number(args[0] ?? 20) || 20));
  const { sessions } = await client.request<{ sessions: { edges: { node: Session }[] } }>(
    `query($first: Int!) { sessions(first: $first) { edges { node {
      id state chargingState startedAt station { identity } energyWh livePowerW cost { totalInclVat { amount currency } lines { dimension quantity unit unitPrice inclVat { amount } } } invoice { number status } } } } }`,
    { first },
  );
  const rows = sessions.edges.map((edge) => edge.node);
  output.show(rows, () =>
    rows.length === 0
      ? 'no sessions yet'
      : table(
          ['session', 'station', 'started', 'state', 'kWh', 'W now', 'cost', 'invoice'],
          rows.map((s) => [
            s.id,
            s.station.identity,
            s.startedAt,
            s.state === 'ACTIVE' ? s.chargingState : s.state,
            kwh(s),
            String(s.livePowerW ?? '-'),
            cost(s),
            s.invoice ? `${s.invoice.number} ${s.invoice.status}` : '-',
          ]),
        ),
  );
  return 0;
};

export const showSession: Command = async ([id], { client, output }) => {
  if (!id) throw new Error('which session? kw sessions show ID');
  const { session } = await client.request<{ session: Session | null }>(
    `query($id: ID!) { session(id: $id) { ${FIELDS} } }`,
    { id },
  );
  if (!session) throw new Error(`there is no session ${id}`);
  output.show(session, () =>
    [
      `${session.station.identity}  ${session.state}  ${kwh(session)} kWh  ${cost(session)}`,
      ...(session.cost?.lines ?? []).map(
        (line) =>
          `  ${line.dimension.padEnd(14)} ${line.quantity} ${line.unit} x ${line.unitPrice} = ${line.inclVat.amount}`,
      ),
      session.invoice ? `  invoice ${session.invoice.number} ${session.invoice.status}` : '  no invoice yet',
    ].join('\n'),
  );
  return 0;
};

/** Prints each change until the session ended or Ctrl-C. */
export const watchSession: Command = async ([id], { client, output, interrupted }) => {
  if (!id) throw new Error('which session? kw sessions watch ID');
  const over = new Promise<void>((resolve) => {
    client.subscribe<{ sessionUpdated: Session | null }>(
      `subscription($id: ID!) { sessionUpdated(id: $id) { id state chargingState startedAt station { identity } energyWh livePowerW
        cost { totalInclVat { amount currency } lines { dimension quantity unit unitPrice inclVat { amount } } } invoice { number status } } }`,
      { id },
      ({ sessionUpdated: session }) => {
        if (!session) return resolve();
        const power = session.livePowerW === null ? '-' : `${session.livePowerW} W`;
        output.show(
          session,
          () =>
            `${session.chargingState.padEnd(13)} ${power.padStart(8)}  ${kwh(session)} kWh  ${cost(session)}`,
        );
        if (session.state === 'ENDED' && session.invoice) resolve();
      },
    );
  });
  await Promise.race([over, interrupted]);
  await client.close();
  return 0;
};
