/** What every service knows of one session, in one query. */
export const FEDERATED_SESSION = `query($id: ID!) { session(id: $id) {
  id state station { identity name location { name city } ratingSummary { average count } }
  driver { displayName } token { masked }
  energyWh livePowerW powerCurve { at powerW }
  quote { tariffName hash summary }
  cost { final totalInclVat { amount currency } lines { dimension quantity unit unitPrice inclVat { amount } } }
  invoice { number status totalInclVat { amount currency } lines { dimension } }
  anomalies { kind explanation resolvedAt } alerts { kind title } rating { score text } } }`;
