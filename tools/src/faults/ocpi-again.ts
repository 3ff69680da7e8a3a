import { MockEmsp } from '@kilowatch/testing';
import type { Stage } from './stage.js';

const INVITE = `mutation($input: InviteOcpiPartnerInput!) {
  inviteOcpiPartner(input: $input) { partner { id } versionsUrl tokenA } }`;

interface Answer {
  readonly partner: { readonly id: string };
  readonly versionsUrl: string;
  readonly tokenA: string;
}

interface Invitation extends Answer {
  /** Of faults before this one. Of them a partner is told the CDRs: what it is told of sessions begins with its invitation. */
  readonly sessionsBefore: number;
}

/** Before the sessions that it shall be told of. */
export async function invitePartner(stage: Stage): Promise<Invitation> {
  const sessionsBefore = stage.ledger().length;
  const input = { name: 'Says everything twice', seesOwnFleet: true };
  const { inviteOcpiPartner } = await stage.people.operator.request<{ inviteOcpiPartner: Answer }>(INVITE, {
    input,
  });
  return { ...inviteOcpiPartner, sessionsBefore };
}

/**
 * A roaming partner whose requests come twice: the PUT of its credentials, at once and afterwards. It takes effect once: one
 * token is given and valid, a repetition with the token that was spent for it is refused and changes nothing, and what the
 * partner then reads holds each session and each CDR once. One sentence per difference.
 */
export async function ocpiPutTwice(stage: Stage, invited: Invitation): Promise<string[]> {
  const emsp = await MockEmsp.start();
  try {
    const { operator } = stage.people;
    await emsp.register(invited.versionsUrl, invited.tokenA, () => undefined);
    const problems = await repeatedPut(emsp);
    const all = stage.ledger().length;
    const expected = { sessions: all - invited.sessionsBefore, cdrs: all };
    for (const [module, count] of Object.entries(expected)) {
      const since = '2000-01-01T00:00:00Z';
      const { objects } = await emsp.pull(`${emsp.endpoint(module)}?date_from=${since}`, () => undefined);
      const ids = new Set(objects.map(({ id }) => id));
      if (objects.length !== count || ids.size !== count)
        problems.push(`the partner reads ${objects.length} ${module} (${ids.size} different), not ${count}`);
    }
    await operator.request(
      `mutation($input: RemoveOcpiPartnerInput!) { removeOcpiPartner(input: $input) { partner { id } } }`,
      { input: { partnerId: invited.partner.id } },
    );
    return problems;
  } finally {
    await emsp.close();
  }
}

async function repeatedPut(emsp: MockEmsp): Promise<string[]> {
  const url = emsp.endpoint('credentials');
  const spent = emsp.tokenForThem;
  const put = (token: string) => emsp.send('PUT', url, { token, body: emsp.credentials(emsp.tokenForUs!) });
  const valid = async (token: string) => (await emsp.send('GET', url, { token })).http === 200;
  const answers = [...(await Promise.all([put(spent), put(spent)])), await put(spent)];
  const last = answers.findLast(({ body }) => body.status_code === 1000);
  if (!last) return ['a PUT that came three times was never taken'];
  emsp.tokenForThem = (last.body.data as { token: string }).token;
  const problems: string[] = [];
  if (!(await valid(emsp.tokenForThem))) problems.push('the token that was given last is not valid');
  // Its use ends the others.
  await emsp.send('GET', emsp.endpoint('sessions'), { token: emsp.tokenForThem });
  if (await valid(spent)) problems.push('the token that was spent is valid');
  return problems;
}
