import { auth, type common } from '@kilowatch/contracts';
import type { AuthorizeMessage, IdToken } from '@kilowatch/ocpp';
import { noteAsked } from './connection-notes.js';
import { meantToken } from './stand-in-tags.js';
import { idTokenToWire, tokenStatus } from './token-status.js';
import { callOptions, type Handler, type HandlerPorts, type StationCall } from './station-call.js';

/** One decision function for all versions and tokens; it lives in auth. */
export const handleAuthorize: Handler<AuthorizeMessage> = async (ports, call, message) => {
  noteAsked(call.station, message.idToken.value, call.receivedAt);
  const known = meantToken(call.station, message.idToken, call.receivedAt);
  const contract = contractOf(message);
  const shown = await decide(ports, call, idTokenToWire(known), contract);
  const meant =
    NOBODYS.has(shown.status) && !contract ? await standIn(ports, call, message.idToken) : undefined;
  const decision = meant ? await decide(ports, call, meant) : shown;
  return {
    type: 'authorize',
    token: {
      status: tokenStatus(decision.status),
      groupId: decision.groupId || null,
      cacheExpiry: decision.cacheExpiry ?? null,
      evseNumbers: decision.evseNumbers,
      language: decision.language,
    },
    certificateStatus: decision.certificateStatus || null,
  };
};

/** Undefined when the station sent neither certificate nor hash data. */
function contractOf({ certificate, certificateHashes }: AuthorizeMessage): auth.ContractEvidence | undefined {
  if (certificate === null && certificateHashes.length === 0) return undefined;
  return { certificatePem: certificate ?? '', hashes: certificateHashes };
}

/** What auth says of a token that nobody has. */
const NOBODYS: ReadonlySet<auth.DecisionStatus> = new Set([
  auth.DecisionStatus.DECISION_STATUS_UNKNOWN,
  auth.DecisionStatus.DECISION_STATUS_INVALID,
]);

/** Q44: another connection or pod asked the station to start with a tag of its own. Sessions being away must cost no answer. */
async function standIn(
  ports: HandlerPorts,
  call: StationCall,
  shown: IdToken,
): Promise<common.IdToken | undefined> {
  const { stationId } = call.station;
  const question = { stationId, idToken: idTokenToWire(shown), receivedAt: call.receivedAt };
  try {
    return (await ports.sessions.resolveStandIn(question, callOptions(call))).standsFor;
  } catch {
    return undefined;
  }
}

function decide(
  ports: HandlerPorts,
  call: StationCall,
  idToken: common.IdToken | undefined,
  contract?: auth.ContractEvidence,
): Promise<auth.DecideResponse> {
  return ports.auth.decide(
    {
      stationId: call.station.stationId,
      evseNumber: 0,
      idToken,
      purpose: auth.DecisionPurpose.DECISION_PURPOSE_AUTHORIZE,
      occurredAt: call.receivedAt,
      offline: false,
      decisionKey: '',
      ocppMessageId: call.id.slice(0, 64),
      openSessionIds: [],
      contract,
      remoteStart: false,
    },
    callOptions(call),
  );
}
