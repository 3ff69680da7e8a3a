/** What an operator should do about an incident of each rule: plain English, in the order of doing. */
import type { AttemptRule } from './attempt-rules.js';

export const SUGGESTED_ACTIONS: Readonly<Record<AttemptRule, string>> = {
  TOKEN_GUESSING:
    'Somebody tries cards at this station. Look whether a reader is broken (the same card misread); if not, send somebody, or set a delay of refusals. The station keeps serving cards that are known.',
  KEY_CODE_GUESSING:
    'Somebody guesses codes at this keypad. Codes there are refused for a while by themselves. Change codes that are short or known to many.',
  TOKEN_AT_MANY_STATIONS:
    'A card that is refused is tried at station after station. It is watched now. If it is a customer with an expired card, help them; if nobody knows it, leave it refused.',
  IMPOSSIBLE_TRAVEL:
    'One card was accepted at two places too far apart for the time between: there is probably a copy. Block the card, give its holder another one, and check the sessions in the evidence before they are billed.',
  CONCURRENT_USE:
    'A card was shown at one site while it charges at another. Ask its holder; if it is not theirs, block it. If several people share the card, allow it concurrent sessions.',
  REVOKED_CONTRACT:
    'A contract whose certificate is revoked or expired is presented again. Its vehicle needs a new contract certificate. At several stations: suspect that its key was stolen, and tell the mobility operator.',
  FORGED_CHAIN:
    'A contract certificate was forged or altered: its signature, its issuer, its name or its responder is not what it claims. Keep the decision as evidence, look at what stands at the station, and tell the mobility operator.',
  SEQUENTIAL_UIDS:
    'Card numbers are counted through at this station: somebody holds an emulator. Send somebody, and block cards of neighbouring numbers that were accepted there.',
  STATION_CREDENTIAL:
    'Somebody fails to prove that they are this station. If it was just set up, correct its password or certificate; if it works elsewhere at the same time, somebody else uses its name. The address is refused for a while by itself.',
  IDENTITY_SCAN:
    'Somebody tries names of stations from one address. Nothing was let in; the address is refused for a while by itself. Block it at the firewall if it goes on.',
  NEW_NETWORK:
    'A station connected from another network while its connection was still open. A change of mobile provider explains it once; if the two take turns, two devices use one identity: change its password.',
  CONNECTION_FLAPPING:
    'Connections of this station replace each other again and again. Compare the two addresses: if they differ, two devices use one identity; find the double (a copied configuration, a test device), or change the password of the station. If they are the same, look for a second device behind that address, or for a line that drops connections.',
  PROFILE_DOWNGRADE:
    'Somebody with the name of this station came with less security than it was set up for. If its settings were changed by mistake, put them back; if not, somebody else uses its name.',
  UNAUTHORISED_START:
    'The station started a transaction for a token that nobody allowed. Check its settings for local and offline authorisation, and whether its firmware or its owner can start without us.',
  MASTER_PASS_START:
    'A master pass was used to start a transaction, which it must never do. Find out who holds it, and check what the station has as its master pass group.',
  OFFLINE_ENERGY:
    'Energy was delivered offline to a token that nobody allowed, so nobody will pay it. Check what the station may do offline (unknown tokens, its local list), and why it was offline.',
};
