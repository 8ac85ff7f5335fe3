import { basename } from 'node:path';
import {
  allPages,
  camelCase,
  HubProblem,
  patiently,
  sendPatiently,
  signEnvelope,
  type Page,
  type Patience,
  type SubmissionAnswer,
} from '@hub/client';
import { sha256, type Finding } from '@hub/kernel';
import { parseEnvelope } from '@hub/submissions/domain';
import { listing, moment, readInput, readText, UsageError, type Command, type Outcome, type Values } from './command';
import { connectionOptions, hubOf, nullWhere } from './connection';
import { findingLines, inFile, named } from './findings';
import { assertNoTable, readEnvelope } from './envelope-file';
import { readKey } from './keys';
import { tableLines } from './make';
import { parcelsOf, sendAll } from './send-all';

const bodyOf = ({ id, state, version, digest, receipt, findings }: SubmissionAnswer) => ({
  id,
  state,
  version,
  digest,
  receipt,
  findings,
});

/** What an envelope signs; undefined where it is none, which the hub says. */
function payloadIn(envelope: string): string | undefined {
  try {
    const { payload } = JSON.parse(envelope) as { payload?: unknown };
    return typeof payload === 'string' ? Buffer.from(payload, 'base64url').toString() : undefined;
  } catch {
    return undefined;
  }
}

/** What the hub finds in an envelope names the counts that it is about. */
async function naming<Answer extends { readonly findings: readonly Finding[] }>(
  envelope: string,
  asked: Promise<Answer>,
): Promise<Answer> {
  const told = (findings: readonly Finding[]) => named(findings, payloadIn(envelope));
  try {
    const answer = await asked;
    return { ...answer, findings: told(answer.findings) };
  } catch (error) {
    if (!(error instanceof HubProblem) || !error.more.findings) throw error;
    throw new HubProblem(error.code, error.message, { ...error.more, findings: told(error.more.findings) });
  }
}

/** How long to try, and that the person is told of it. @throws UsageError */
function patienceOf(values: Values, say: (what: string) => void): Patience {
  const attempts = values.get('attempts') ?? '8';
  if (!/^[1-9]\d?$/.test(attempts)) throw new UsageError('--attempts is a number from 1 to 99.');
  return {
    attempts: Number(attempts),
    onWait: (why, seconds) =>
      say(
        `${why instanceof HubProblem ? `${why.code}: ${why.message}` : why.message} Again in ${Math.ceil(seconds)} s.`,
      ),
  };
}

interface OwnSubmission {
  readonly id: string;
  readonly receivedAt: string;
  readonly dataset: string;
  readonly period: string;
  readonly version: number;
  readonly state: string;
  readonly kids: readonly string[];
  readonly sender: string;
  readonly signedOffBy: string | null;
  readonly digest: string;
  readonly hasReceipt: boolean;
  readonly carriedBy: string | null;
}
const OWN = `query ($authority: ID!, $dataset: String, $period: String, $kid: String, $after: String) {
  ownSubmissions(authority: $authority, dataset: $dataset, period: $period, kid: $kid, after: $after) {
    edges { node { id receivedAt dataset period version state kids sender signedOffBy digest hasReceipt carriedBy } }
    pageInfo { hasNextPage endCursor } } }`;

/** One version in four lines: what it is, how it came, and its envelope. @param who  names a member */
function sentOf(one: OwnSubmission, who: (member: string) => string): string {
  const rest = `\n${' '.repeat(16)}`;
  return [
    `${one.state.padEnd(15)} ${one.period.padEnd(8)} ${one.dataset}, version ${one.version}  ${one.id}`,
    `received ${moment(one.receivedAt)}, keys ${one.kids.join(', ')}`,
    `sent by ${who(one.sender)}${one.signedOffBy === null ? '' : `, signed off by ${who(one.signedOffBy)}`}`,
    `envelope ${one.digest}, ${one.hasReceipt ? 'with' : 'without'} a receipt${one.carriedBy === null ? '' : `, came with ${one.carriedBy}`}`,
  ]
    .join(rest)
    .concat('\n');
}

async function sent(values: Values): Promise<Outcome> {
  const [hub, authority, kid] = [hubOf(values), values.the('authority'), values.get('kid')];
  const asked = {
    authority,
    dataset: values.get('dataset') ?? null,
    period: values.get('period') ?? null,
    kid: kid ?? null,
  };
  const all = await allPages(
    async (after) =>
      (await hub.graphql<{ ownSubmissions: Page<OwnSubmission> }>(OWN, { ...asked, after })).ownSubmissions,
  );
  const found = all.map((one) => ({ ...one, state: camelCase(one.state) }));
  // Who is who is told to approvers alone.
  const members = await nullWhere(
    ({ code }) => code === 'NOT_FOR_THIS_ROLE',
    hub.graphql<{ members: { member: string; name: string }[] }>(
      'query ($of: ID!) { members(organisation: $of) { member name } }',
      { of: authority },
    ),
  );
  const names = new Map(members?.members.map(({ member, name }) => [member, name]));
  const who = (member: string) => (names.has(member) ? `${names.get(member)} (${member})` : member);
  const none =
    kid === undefined
      ? 'No return.\n'
      : `No return that the key ${kid} has signed. How keys are called: hub keys list --organisation ${authority}\n`;
  return {
    text: found.map((one) => sentOf(one, who)).join('') || none,
    json: found,
    ...(members ? {} : { remark: `Who that is, an approver sees: hub member list --of ${authority}` }),
  };
}

export const submissionCommands: readonly Command[] = [
  {
    name: 'submission sign',
    usage: '--key FILE --in PAYLOAD.json --aud HUB_ID [--jti J] [--iat T] [--also ENVELOPE]',
    summary:
      'Signs the payload byte for byte, offline; the envelope to stdout. --also adds your signature to an envelope: what that one holds, where --in is left out.',
    options: { key: 'required', in: 'optional', aud: 'required', jti: 'optional', iat: 'optional', also: 'optional' },
    async run(values) {
      const iat = values.get('iat');
      if (iat !== undefined && !/^\d{1,12}$/.test(iat)) throw new UsageError('--iat is in whole seconds since 1970.');
      const jti = values.get('jti');
      const also = values.get('also') === undefined ? undefined : readText(values.the('also'));
      const file = values.get('in');
      if (file === undefined && also === undefined) throw new UsageError('--in is needed, or --also.');
      const payload = file === undefined ? parseEnvelope(Buffer.from(also!)).payloadBytes : readInput(file);
      if (file !== undefined) assertNoTable(file, payload);
      const envelope = await signEnvelope({
        payload,
        key: readKey(values.the('key')),
        aud: values.the('aud'),
        ...(jti === undefined ? {} : { jti }),
        ...(iat === undefined ? {} : { iat: Number(iat) }),
        ...(also === undefined ? {} : { also }),
      });
      return { text: `${envelope}\n`, json: JSON.parse(envelope) as unknown };
    },
  },
  {
    name: 'submission check',
    usage: '--in ENVELOPE [--payload PAYLOAD.json] --url HUB --token-file F',
    summary:
      'Every finding of the envelope at once; stores nothing. With --payload, what was signed, as file:line:column rule message.',
    options: { in: 'required', payload: 'optional', ...connectionOptions },
    async run(values) {
      const envelope = readEnvelope(values.the('in'));
      const file = values.get('payload');
      const payload = file === undefined ? undefined : readText(file);
      if (payload !== undefined && payload !== payloadIn(envelope)) {
        throw new UsageError('--payload is not what the envelope signs, byte for byte.');
      }
      const answer = await naming(
        envelope,
        patiently(() => hubOf(values).check(envelope), { attempts: 3 }),
      );
      const lines =
        payload === undefined
          ? findingLines(answer.findings)
          : tableLines(basename(file!), inFile(answer.findings, payload));
      const verdict = answer.accepted ? 'The hub would accept this return.\n' : '';
      return {
        exitCode: answer.accepted ? 0 : 1,
        text: lines + verdict,
        json: answer,
        ...(answer.accepted ? {} : { remark: 'SUBMISSION_INVALID: The return does not satisfy its dataset.' }),
      };
    },
  },
  {
    name: 'submission send',
    usage: '--in ENVELOPE [--attempts N] --url HUB --token-file F',
    summary:
      'Sends the envelope; the receipt to stdout. Where the hub is busy or does not answer it is tried again, 8 times unless --attempts says otherwise; sending the same again gives the same receipt.',
    more: 'The token is the one of the authority’s system (authority-system). An approver’s (authority-approver) is taken for a return that waits\nfor its signature, once that is added; an analyst checks, and sends nothing.',
    options: { in: 'required', attempts: 'optional', ...connectionOptions },
    async run(values, say) {
      const envelope = readEnvelope(values.the('in'));
      const answer = await naming(envelope, sendPatiently(hubOf(values), envelope, patienceOf(values, say)));
      const { id, version, state, receipt } = answer;
      const how = answer.known ? 'The hub had it already' : receipt === null ? 'Taken' : 'Accepted';
      const next =
        state !== 'accepted' && state !== 'awaitingSignOff'
          ? 'It is not in use.'
          : receipt === null
            ? `Its approver signs next: hub submission to-sign ${id}.`
            : 'Keep the receipt.';
      return {
        text: receipt ?? '',
        json: { ...bodyOf(answer), known: answer.known },
        remark: `${how}: ${id}, version ${version}, ${state}. ${next}\n${findingLines(answer.findings)}`.trimEnd(),
      };
    },
  },
  {
    name: 'submission send-all',
    usage: 'ENVELOPE... --receipts FOLDER [--attempts N] --url HUB --token-file F',
    summary:
      'Sends several envelopes one after the other, the one signed first before the others, each receipt to a file of its own in the folder. One that is refused does not stop the others; run again it sends what is missing a receipt.',
    list: 'ENVELOPE',
    options: { receipts: 'required', attempts: 'optional', ...connectionOptions },
    async run(values, say) {
      const patience = patienceOf(values, say);
      const parcels = parcelsOf(values.all, values.the('receipts'));
      return sendAll(hubOf(values), parcels, patience);
    },
  },
  {
    name: 'submission list',
    usage: '--authority CODE [--dataset D] [--period P] [--kid KID] --url HUB --token-file F',
    summary:
      'Every version of your authority’s returns, newest first: when it came, under which keys, from whom, and whether it stands (accepted) or not any more.',
    more: 'With --kid only what that key has signed: after it was stolen, what was sent with it.',
    options: { authority: 'required', dataset: 'optional', period: 'optional', kid: 'optional', ...connectionOptions },
    run: sent,
  },
  {
    name: 'submission to-sign',
    usage: 'ID --url HUB --token-file F',
    summary:
      'The envelope of a return that waits for its approver, to stdout. Read it, add your signature (submission sign --also), send it.',
    argument: 'ID',
    options: connectionOptions,
    async run(values) {
      const envelope = await hubOf(values).toSign(values.the('ID'));
      if (envelope === null) return { exitCode: 1, text: '', json: null, remark: 'It does not wait for an approver.' };
      return { text: `${envelope}\n`, json: JSON.parse(envelope) as unknown };
    },
  },
  {
    name: 'submission withdraw',
    usage: 'ID --reason TEXT --url HUB --token-file F',
    summary:
      'Takes a return back before its round compiles; for approvers. An earlier version does not come back by itself.',
    argument: 'ID',
    options: { reason: 'required', ...connectionOptions },
    async run(values) {
      const withdrawn = await hubOf(values).withdrawSubmission(values.the('ID'), values.the('reason'));
      return {
        text: listing([
          ['id', withdrawn.id],
          ['state', withdrawn.state],
          ['version', String(withdrawn.version)],
          ['because', withdrawn.withdrawnBecause],
        ]),
        remark: 'The authority has sent nothing now, until it sends a new version.',
        json: withdrawn,
      };
    },
  },
  {
    name: 'submission status',
    usage: 'ID [--in ENVELOPE] --url HUB --token-file F',
    summary:
      'State and receipt of a submission of your authority; with --in, its envelope, findings name the counts that they are about.',
    argument: 'ID',
    options: { in: 'optional', ...connectionOptions },
    async run(values) {
      const envelope = values.has('in') ? readEnvelope(values.the('in')) : undefined;
      const found = await hubOf(values).status(values.the('ID'));
      if (envelope !== undefined && sha256(envelope).toString('hex') !== found.digest)
        throw new UsageError(
          `${values.the('in')} is not the envelope of ${found.id}: that has the SHA-256 ${found.digest}.`,
        );
      const answer = { ...found, findings: named(found.findings, envelope && payloadIn(envelope)) };
      const lines = listing([
        ['id', answer.id],
        ['state', answer.state],
        ['version', answer.version],
        ['digest', answer.digest],
      ]);
      return { text: `${lines}${findingLines(answer.findings)}\n${answer.receipt ?? ''}`, json: bodyOf(answer) };
    },
  },
];
