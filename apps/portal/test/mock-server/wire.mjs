// What came over the wire of the mock's stations: attempts to connect, frames, commands, messages set aside.

const MINUTE = 60_000;

/** Root fields about the wire; gives each station what its own pages show. */
export function wireFields(startMs, { page, deny, stations }) {
  const at = (minutesAgo) => new Date(startMs - minutesAgo * MINUTE).toISOString();
  const attempt = (id, minutesAgo, more) => ({
    ...{ id, at: at(minutesAgo), times: 1, outcome: 'ACCEPTED', reason: null, advice: null, httpStatus: 101 },
    ...{ subprotocols: 'ocpp1.6, ocpp2.0.1', protocol: 'ocpp2.0.1', securityProfile: 1, tls: null },
    ...{ remoteIp: '192.0.2.17', userAgent: '', station: null },
    ...more,
  });
  const refused = { outcome: 'REFUSED', protocol: null, securityProfile: null };
  const attempts = [
    attempt('ca1', 2, {
      ...{ ...refused, identity: 'HARBOUR-99', url: '/ocpp/HARBOUR-99', httpStatus: 404 },
      ...{ reason: 'unknown_station', advice: 'No station has this identity. Import it, or correct it.' },
    }),
    attempt('ca2', 30, {
      ...{ ...refused, identity: '', url: '/', httpStatus: 404, reason: 'wrong_prefix', times: 4 },
      advice: 'The path must begin with /ocpp/.',
    }),
  ];
  const frames = [
    ['SENT', '[3,"77",{}]', 1],
    ['RECEIVED', '[2,"77","MeterValues",{"connectorId":1,"meterValue":[]}]', 1],
  ].map(([direction, text, minutesAgo], i) => ({
    ...{ id: `fr${i}`, at: at(minutesAgo), direction, action: 'MeterValues', messageId: '77', text },
    ...{ truncated: false, length: text.length, connectionId: 'c1' },
  }));
  const commands = [
    {
      ...{ id: 'cm1', action: 'Reset', payload: { type: 'Soft' }, requestedAt: at(50), requestedBy: 'Olli' },
      ...{ finishedAt: at(50), outcome: 'ACCEPTED', status: 'Accepted' },
      ...{ errorCode: null, errorDescription: null },
    },
  ];
  const setAside = [
    {
      ...{ id: 'q1', station: stations[1], action: 'StopTransaction', errorCode: 'meterStop is missing' },
      ...{ protocol: 'ocpp1.6', receivedAt: at(20), repeats: 2, transactionId: null },
      text: '[2,"12","StopTransaction",{"transactionId":7}]',
      ...{ resolution: null, resolutionNote: null, resolvedAt: null },
    },
  ];
  for (const station of stations)
    Object.assign(station, {
      connection: {
        ...{ online: station.online, protocol: 'ocpp2.0.1', remoteIp: '192.0.2.17', since: at(600) },
        ...{ lastSeenAt: at(0), disconnectedAt: null, generation: 4, pod: 'ocpp-gateway-1' },
      },
      setupFields: [{ field: 'url', value: `wss://charge.demo.example/ocpp/${station.identity}` }],
      connectionAttempts: (paging) =>
        page(
          [
            attempt(`ca-${station.id}`, 600, {
              identity: station.identity,
              url: `/ocpp/${station.identity}`,
            }),
          ],
          paging,
        ),
      frames: (paging) => page(frames, paging),
      commands: (paging) => page(commands, paging),
    });
  const decide = (id, resolution, resolutionNote = null) => {
    const frame = setAside.find((one) => one.id === id);
    if (!frame) throw deny('NOT_FOUND', 'No such message');
    return {
      frame: Object.assign(frame, { resolution, resolutionNote, resolvedAt: new Date().toISOString() }),
    };
  };
  return {
    connectionAttempts: ({ filter, ...paging }) =>
      page(
        attempts.filter(({ outcome }) => !filter?.outcome || outcome === filter.outcome),
        paging,
      ),
    quarantinedFrames: ({ filter, ...paging }) =>
      page(
        setAside.filter(({ resolution }) => !filter?.open || resolution === null),
        paging,
      ),
    replayQuarantinedFrame: ({ input }) => decide(input.frameId, 'REPLAYED'),
    dismissQuarantinedFrame: ({ input }) => decide(input.frameId, 'DISMISSED', input.reason),
  };
}
