import { uuidv7 } from '@kilowatch/kernel';
import { pgArray, type Tx } from '@kilowatch/platform';

export interface AcceptedStart {
  readonly decisionId: string;
  readonly stationId: string;
  readonly tokenId: string;
}

/** No station keeps a card in its cache for longer without asking, and decisions are kept for ever: history must not cost. */
const CACHED_MS = 30 * 86_400_000;

/**
 * Ids of the starts whose token the station cannot have known: it never got a yes for it or for one of its group, which it could have
 * in its cache, and neither is in its list. Of stations that have asked before: others do not ask at all. Not of tokens that are
 * nobody's to show: those come with a request of ours.
 */
export async function unannouncedStarts(
  tx: Tx,
  tenant: string,
  starts: readonly AcceptedStart[],
  now: Date,
): Promise<ReadonlySet<string>> {
  if (starts.length === 0) return new Set();
  // Backwards from the start: what was asked is the decision before it, as a rule.
  const rows = await tx.query<{ decision_id: string }>(
    `select s.decision_id from unnest($2::uuid[], $3::uuid[], $4::uuid[]) as s(decision_id, station_id, token_id)
      join token t on t.tenant = $1 and t.id = s.token_id and t.type <> 'Central' and not t.is_app
      where not exists (select from local_list_entry e join token m on m.tenant = e.tenant and m.id = e.token_id
          where e.tenant = $1 and e.station_id = s.station_id
            and (m.id = t.id or (t.group_id <> '' and m.group_id = t.group_id)))
        and exists (select from (select 1 from authorization_decision a
          where a.tenant = $1 and a.station_id = s.station_id and a.id < s.decision_id and a.id >= $5 and a.purpose = 'AUTHORIZE' and a.ocpp_message_id <> ''
          order by a.id desc limit 1) asked)
        and not exists (select from (select 1 from authorization_decision d
          where d.tenant = $1 and d.station_id = s.station_id and d.id < s.decision_id and d.id >= $5 and d.status = 'ACCEPTED'
            and (d.token_id = t.id or (t.group_id <> '' and d.group_id = t.group_id))
          order by d.id desc limit 1) known)`,
    [
      tenant,
      pgArray.uuid(starts.map(({ decisionId }) => decisionId)),
      pgArray.uuid(starts.map(({ stationId }) => stationId)),
      pgArray.uuid(starts.map(({ tokenId }) => tokenId)),
      uuidv7(new Date(now.getTime() - CACHED_MS), new Uint8Array(10)),
    ],
  );
  return new Set(rows.map((row) => row.decision_id));
}
