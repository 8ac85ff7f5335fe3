import { randomBytes } from 'node:crypto';
import { refusals, type Kind, type RefusalCode } from '@hub/contracts';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { graphql, post } from '../../support/graphql';
import { rootFolder } from '../../support/root';
import { hartlepool, world, stored } from './hub';
import { type Sent, type Case, cases } from './cases';

const statuses: Record<Kind, number> = {
  malformed: 400,
  unauthenticated: 401,
  forbidden: 403,
  absent: 404,
  wrongMethod: 405,
  conflict: 409,
  gone: 410,
  tooLarge: 413,
  unsupportedType: 415,
  unprocessable: 422,
  tooMany: 429,
  unavailable: 503,
};
interface Said {
  readonly code: string;
  readonly title: string;
  readonly next: string;
  readonly pointer?: string;
  readonly findings?: readonly { rule: string; pointer: string; severity: string; message: string; found?: string }[];
}

const doors = {
  REST: async ({ envelope, headers }: Sent, token: string | null, { code }: Case) => {
    const answer = await post(world.hub.url, token, envelope, headers);
    const kind = refusals[code].kind;
    expect(answer.body).toMatchObject({ code, status: statuses[kind] });
    expect(answer.status).toBe(statuses[kind]);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    const problem = answer.body as unknown as Omit<Said, 'next'> & { detail: string };
    return { text: answer.text, said: { ...problem, next: problem.detail } as Said };
  },
  GraphQL: async ({ envelope }: Sent, token: string | null, { code, graphqlStatus = 200 }: Case) => {
    const answer = await graphql(
      world.hub.url,
      token,
      'mutation ($envelope: String!) { submit(envelope: $envelope) { id } }',
      { envelope: Buffer.from(envelope).toString('utf8') },
    );
    expect(answer.errors?.map(({ extensions }) => [extensions.code, extensions.kind])).toEqual([
      [code, refusals[code].kind],
    ]);
    expect(answer.status).toBe(graphqlStatus);
    expect(answer.data?.['submit' as never] ?? null).toBeNull();
    const { message, extensions } = answer.errors![0]!;
    return { text: JSON.stringify(answer), said: { title: message, ...extensions } as unknown as Said };
  },
};

const tried = new Set<RefusalCode>();
const rows = cases.flatMap((one) =>
  (one.restOnly ? (['REST'] as const) : (['REST', 'GraphQL'] as const)).map((door) => [one.rule, door, one] as const),
);

test.each(rows)('%s is refused by %s, and nothing is stored or repeated', async (_rule, door, one) => {
  // Letters alone, or it might look like a person's number.
  const mark = `zq${[...randomBytes(16)].map((byte) => 'abcdefghijklmnop'[byte % 16]).join('')}`;
  const sent = await one.send(mark);
  const before = await stored.count();
  const token = sent.token === undefined ? await world.token('authority-system', hartlepool) : sent.token;

  const { text, said } = await doors[door](sent, token, one);
  tried.add(one.code);

  expect(said).toMatchObject({ title: refusals[one.code].title, next: refusals[one.code].next });
  if (one.pointer !== undefined) expect(said.pointer).toBe(one.pointer);
  if (one.findings) {
    expect(said.findings!.map(({ rule, pointer }) => `${rule} ${pointer}`).sort()).toEqual([...one.findings].sort());
    expect(
      said.findings!.every(
        ({ severity, message }) => severity === (door === 'REST' ? 'error' : 'ERROR') && message.length > 10,
      ),
    ).toBe(true);
  }
  expect(await stored.count()).toEqual(before);
  for (const place of [text, world.hub.stderr()]) {
    expect(place.toLowerCase()).not.toContain(mark);
    expect(place).not.toContain(mark.toUpperCase());
  }
  if (one.number !== undefined) {
    const number = String(Math.abs(one.number));
    expect(world.hub.stderr()).not.toContain(number);
    const elsewhere = said.findings!.map(({ found: _, ...finding }) => finding);
    // What a sum or a whole should have been is of this very return.
    expect(JSON.stringify(elsewhere.map(({ message, pointer, rule }) => [message, pointer, rule]))).not.toContain(
      number,
    );
  }
});
/** Codes that neither door of a submission can give, and where they are given instead. */
const elsewhere: Readonly<Partial<Record<RefusalCode, string>>> = {
  PUBLICATION_ABSENT: 'publication',
  NOTE_ABSENT: 'comparabilityNotes',
  PATTERN_ABSENT: 'endPattern',
  NOTE_DATES: 'writeComparabilityNote',
  NOTES_TOO_MANY: 'writeComparabilityNote',
  COMMENTARY_TOO_MUCH: 'writeCommentary',
  COMMENTARY_ABSENT: 'withdrawCommentary',
  COMMENTARY_FIGURES: 'writeCommentary',
  KEY_PROOF_INVALID: 'registerKey',
  KEY_MALFORMED: 'registerKey',
  KEY_TAKEN: 'registerKey',
  KEY_ABSENT: 'revokeKey',
  KEY_SELF_APPROVED: 'approveKey',
  SUBMISSION_OLDER: 'a late envelope, in the tests of a submission',
  SUBMISSION_STEP_REFUSED: 'withdrawSubmission',
  SUBMISSION_COMPILED: 'withdrawSubmission',
  EXCEPTION_DATES: 'grantException',
  ROUND_NOT_CHECKED: 'checkRound',
  CONFIRMATION_OUTDATED: 'confirmReturn',
  CONFIRMATION_OWN_RETURN: 'confirmReturn',
  SUBMISSION_ABSENT: 'reading a submission',
  ERASURE_ABSENT: 'erasures',
  ERASURE_PLAN_CHANGED: 'eraseReturns',
  AGREEMENT_ABSENT: 'reading a publication',
  AGREEMENT_MALFORMED: 'proposing an agreement',
  AGREEMENT_UNSUPPRESSED: 'proposing an agreement',
  AGREEMENT_SIGNATURE_MALFORMED: 'signing an agreement',
  AGREEMENT_STEP_REFUSED: 'the life of an agreement',
  AGREEMENT_NOT_PROPOSED: 'signing an agreement',
  AGREEMENT_NOTICE_TOO_SHORT: 'withdrawing from an agreement',
  AGREEMENT_SIGN_OFF_MISSING: 'signing off with one signature alone, in the test of the quarter’s end',
  AGREEMENT_WIDENS: 'drafting an agreement',
  AGREEMENT_PARTY_FOREIGN: 'drafting an agreement',
  AGREEMENT_ONE_SIDED: 'drafting an agreement',
  AGREEMENT_VERSION_TAKEN: 'drafting an agreement',
  RETENTION_ENDED: 'the retention job; to a sender what is gone is as if it had not been sent',
  ROUND_ABSENT: 'rounds',
  ROUND_EXISTS: 'rounds',
  ROUND_DATES: 'rounds',
  ROUND_NOT_CLOSED: 'publishing',
  ROUND_EDITION: 'rounds',
  PUBLICATION_ELSEWHERE: 'publishing',
  PUBLICATION_WITHDRAWN: 'publication',
  PUBLICATION_LINKED: 'publishing',
  PUBLICATION_UNSAFE: 'publishing',
  PUBLICATION_TOO_FEW: 'publishing',
  PUBLICATION_POLICY: 'publishing',
  ORGANISATION_ABSENT: 'members',
  INVITATION_ABSENT: 'acceptInvitation and withdrawInvitation',
  MEMBER_ABSENT: 'endRole',
  MEMBER_DATES: 'inviteMember and endRole',
  MEMBER_LAST_ADMINISTRATOR: 'endRole',
  TOKEN_REFUSED: 'the client, when the issuer gives no token',
  SYSTEM_ABSENT: 'confirmSystem and withdrawSystem',
  SYSTEM_SELF_CONFIRMED: 'confirmSystem',
  SYSTEM_TAKEN: 'registerSystem and confirmSystem',
  SYSTEM_NOT_INVITED: 'inviteMember',
  LEAD_OWN_AUTHORITY: 'members, and rounds that close early',
  REGION_ABSENT: 'reading a region',
  INDICATOR_ABSENT: 'reading a benchmark',
  NOTHING_PUBLISHED: 'reading a benchmark',
  NOTHING_TO_DRAW: 'a chart',
  AUTHORITY_ABSENT: 'what is asked of benchmarks',
  DATASET_ABSENT: 'rounds; a round’s own dataset is there',
  DATASET_LOCAL: 'rounds; its returns need none',
  PERIOD_MALFORMED: 'rounds and benchmarks; in a return it is a finding',
  CODE_MALFORMED: 'keys; in a return it is a finding',
  NATIONAL_MAP: 'loading what the Department prints',
  NATIONAL_FILE: 'loading what the Department prints',
  NATIONAL_SYMBOL: 'loading what the Department prints',
  NATIONAL_CONTRADICTS: 'loading what the Department prints',
  NATIONAL_ABSENT: 'confirming what the Department prints',
  NATIONAL_SELF_CONFIRMED: 'confirming what the Department prints',
  ACTING_FOR_SEVERAL: 'what boards do together',
  ISSUE_ABSENT: 'issues',
  ISSUE_STEP_REFUSED: 'stepIssue',
  ISSUE_REPLY_PENDING: 'shareIssue',
  ISSUE_BOARD_OUTSIDE: 'shareIssue',
  ISSUE_BODY_OUTSIDE: 'raiseIssue',
  EVIDENCE_NOT_SEEN: 'raiseIssue',
  ITEM_ABSENT: 'challenges and actions',
  ITEM_STEP_REFUSED: 'challenges and actions',
  ACTION_EVIDENCE_MISSING: 'closing an action',
  WORDS_REFUSED: 'what chairs write',
  WORDS_QUESTIONED: 'what chairs write',
  WORDS_AWAITING: 'what chairs write',
  WORDS_SECOND_PERSON: 'what chairs write',
  MEETING_ABSENT: 'meetings of boards',
  REQUEST_MALFORMED: 'a request that is no request, the test above',
  REQUEST_TOO_LARGE: 'a request that is no request, the test above',
  SUBMISSIONS_TOO_MANY: 'a hub with low limits, the test below',
  QUERIES_TOO_MANY: 'a member who asks for very much, in a hub with low limits',
  QUERY_TOO_LARGE: 'a query that asks for too much, the test above',
  QUERY_UNKNOWN: 'a hub that answers known documents alone, the test below',
  PATH_ABSENT: 'another address',
  METHOD_NOT_ALLOWED: 'another method, the test below',
  UNAVAILABLE: 'a database or issuer that is gone',
  CONFIGURATION: 'the start',
  DATABASE_TOO_OLD: 'the start',
  DATABASE_RESTORED: 'the start',
};

test('every code that these doors can give was given', () => {
  const codes = Object.keys(refusals) as RefusalCode[];
  expect(codes.filter((code) => !tried.has(code) && !elsewhere[code])).toEqual([]);
  expect(codes.filter((code) => tried.has(code) && elsewhere[code])).toEqual([]);
});

describe('an address of docs/http.md', () => {
  const page = readFileSync(join(rootFolder, 'docs/http.md'), 'utf8');
  const addresses = [...page.matchAll(/^\| `(GET|POST) (\S*)` /gm)].map(([, method, path]) => [
    path!.replace(/[:*]\w+/, '1'),
    method === 'GET' ? 'GET, HEAD' : method!,
  ]) as [string, string][];

  test.each([...addresses, ['/graphql', 'GET, POST'] as [string, string]])(
    '%s, asked in another way, says which there are: %s',
    async (path, allowed) => {
      const others = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD'].filter(
        (method) => !allowed.split(', ').includes(method),
      );
      for (const method of others) {
        const answer = await fetch(`${world.hub.url}${path}`, { method });
        expect([method, answer.status, answer.headers.get('allow')]).toEqual([method, 405, allowed]);
        if (method === 'HEAD') continue;
        const { METHOD_NOT_ALLOWED: said } = refusals;
        const facts = { allowed };
        expect(await answer.json()).toMatchObject(
          path === '/graphql'
            ? { errors: [{ message: said.title, extensions: { code: 'METHOD_NOT_ALLOWED', next: said.next, facts } }] }
            : { code: 'METHOD_NOT_ALLOWED', title: said.title, detail: said.next, facts },
        );
      }
    },
  );
  test('and one that is none is absent, whatever the method', async () => {
    expect(addresses).toHaveLength(9);
    for (const method of ['GET', 'PUT']) {
      const answer = await fetch(`${world.hub.url}/submission`, { method });
      expect([answer.status, answer.headers.get('allow')]).toEqual([404, null]);
    }
  });
});
