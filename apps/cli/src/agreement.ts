import {
  agreementDigest,
  NotSignable,
  readAgreement,
  signAgreement,
  signNotice,
  verifyAgreement,
  type AgreementAnswer,
  type AgreementDocument,
  type AgreementVerdict,
  type HubClient,
  type SignatureMade,
} from '@hub/client';
import {
  agreementFindings,
  agreementSteps,
  plainEnglish,
  signedThings,
  type AgreementState,
} from '@hub/agreements/domain';
import { isObject } from '@hub/identity/domain';
import { addDays, londonDate, parseStrictJson, type Finding } from '@hub/kernel';
import { loadCatalogue, loadRegistry, namesOf } from '@hub/registry/domain';
import {
  dateOf,
  listing,
  moment,
  readInput,
  readText,
  table,
  UsageError,
  type Command,
  type Outcome,
  type Values,
} from './command';
import { connectionOptions, hubOf } from './connection';
import { findingLines } from './findings';
import { readKey } from './keys';
import { previewCommand } from './preview';
import { keptLines } from './retention';

const CONNECTION = '--url HUB --token-file F';

/** ID and --version: what a step is about. */
function nameOf(values: Values): { id: string; version: number } {
  return { id: values.the('ID'), version: wholeNumber(values.the('version')) };
}
function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new UsageError('--version is a whole number from 1 on.');
  return Number(text);
}

const stateWords: Readonly<Record<AgreementState, string>> = {
  draft: 'draft: nobody has been asked to sign it yet',
  proposed: 'proposed: open for signature',
  inForce: 'in force',
  suspended: 'suspended',
  expired: 'expired',
  terminated: 'ended',
  superseded: 'superseded: a later version has taken its place',
};

const partyLine = ({ authority, name, status, withdrawnFrom }: AgreementAnswer['parties'][number]) => [
  name ?? '',
  authority,
  status === 'withdrawn' ? `leaves from ${withdrawnFrom}` : status === 'signed' ? 'signed' : 'not signed yet',
];

/** Where an agreement stands: what it is called, and who has signed. */
const standing = (one: AgreementAnswer): string =>
  listing([
    ['agreement', `${one.id}, version ${one.version}`],
    ['title', one.title],
    ['state', stateWords[one.state]],
    ['digest', `SHA-256 ${one.digest}`],
    ['holds', `${one.effectiveFrom} to ${addDays(one.effectiveUntil, -1)}`],
    ['review', `by ${one.reviewDate}${one.reviewDue ? ' (due)' : ''}`],
    ['under', one.parent ?? undefined],
    ['superseded', one.supersededFrom ? `from ${one.supersededFrom}` : undefined],
  ]) + `\n${table(['party', 'code', 'signature'], one.parties.map(partyLine))}`;

const told = (one: AgreementAnswer, remark?: string): Outcome => ({
  text: standing(one),
  json: one,
  ...(remark === undefined ? {} : { remark }),
});

/** What is still missing, for whoever has just done a step. */
const missing = ({ missingSignatures, state }: AgreementAnswer): string =>
  state === 'inForce'
    ? 'It is in force.'
    : `Still to sign: ${missingSignatures.length ? missingSignatures.join(' ') : 'nobody'}.`;

/** The words as this machine reads them, which have to be those that the hub calls by that digest. */
function trusted(text: string, digest: string): AgreementDocument {
  const document = readAgreement(text);
  if (agreementDigest(document) !== digest)
    throw new NotSignable('The document that the hub shows does not have the digest that the hub gives for it.');
  return document;
}

/** The page, made on this machine of the very words that are signed. */
const page = (document: AgreementDocument): string => plainEnglish(document, namesOf(loadRegistry(), loadCatalogue()));

const step = (name: 'suspend' | 'resume' | 'terminate', summary: string): Command => ({
  name: `agreement ${name}`,
  usage: `ID --version N --reason TEXT ${CONNECTION}`,
  summary,
  argument: 'ID',
  options: { version: 'required', reason: 'required', ...connectionOptions },
  run: async (values) => told(await hubOf(values).changeAgreement(name, nameOf(values), values.the('reason'))),
});

async function withdrawalPlan(hub: HubClient, values: Values): Promise<Outcome> {
  const { rounds, returns } = await hub.withdrawalPlan(nameOf(values), values.the('authority'), values.the('from'));
  const text = [
    `If ${values.the('authority')} leaves from ${values.the('from')}:\n`,
    rounds.length
      ? `Rounds that it would not be in, unless published before: ${rounds.join(' ')}\n`
      : 'No open or unpublished round is touched.\n',
    returns.length ? `\n${keptLines(returns)}` : 'Nothing that it has sent would go earlier than it does now.\n',
  ].join('');
  return {
    text,
    json: { rounds, returns },
    remark: 'Nothing has happened yet. Without --plan the notice is signed and sent.',
  };
}

/** The file that `hub agreement show --json` writes. @throws UsageError */
function readSigned(path: string): {
  document: AgreementDocument;
  signatures: SignatureMade[];
  digest: string | undefined;
} {
  const json = parseStrictJson(readInput(path));
  const shape = `${path} is not what \`hub agreement show --json\` writes`;
  if (!isObject(json)) throw new UsageError(`${shape}.`);
  const { document, signatures, digest } = json;
  if (!isObject(document)) throw new UsageError(`${shape}: document is missing.`);
  if (!Array.isArray(signatures)) throw new UsageError(`${shape}: signatures are missing.`);
  const read = signatures.map((one: unknown, i): SignatureMade => {
    const { authority, what, jws, kid, jwk } = isObject(one) ? one : {};
    const isThing = signedThings.some((thing) => thing === what);
    if (![authority, jws, kid].every((text) => typeof text === 'string') || !isThing || !isObject(jwk))
      throw new UsageError(`${shape}: signatures/${i} has no authority, what, jws, kid and jwk.`);
    return { authority, what, jws, kid, jwk } as SignatureMade;
  });
  return {
    document: readAgreement(JSON.stringify(document)),
    signatures: read,
    digest: typeof digest === 'string' ? digest : undefined,
  };
}

/** Public keys by authority: `{ "E06000001": [JWK, …] }`. @throws UsageError */
function readKeys(path: string): (authority: string) => unknown[] {
  const json = parseStrictJson(readInput(path), 4);
  if (!isObject(json)) throw new UsageError(`${path} holds no keys by authority: {"E06000001":[{"kty":…}]}.`);
  return (authority) => [json[authority] ?? []].flat();
}

/** Names of the registry that is shipped with this program. */
function authorityNames(): (code: string) => string {
  const names = new Map(loadRegistry().authorities.map(({ code, name }) => [code, name]));
  return (code) => names.get(code) ?? '';
}

function verdictText({ id, version }: AgreementDocument, { digest, parties }: AgreementVerdict): string {
  const name = authorityNames();
  const isLeft = parties.some(({ withdrawal }) => withdrawal);
  const rows = parties.map(({ authority, signature, withdrawal }) => [
    name(authority),
    authority,
    signature ? moment(signature.signedAt.toISOString()) : 'not signed',
    ...(isLeft ? [withdrawal?.from ?? ''] : []),
    signature?.kid ?? '',
    signature?.thumbprint ?? '',
  ]);
  const signed = parties.filter(({ signature }) => signature).length;
  return [
    `${id}, version ${version}\nSHA-256 ${digest}\n\n`,
    table(
      ['party', 'code', 'signed', ...(isLeft ? ['leaves from'] : []), 'key', 'thumbprint of the key (RFC 7638)'],
      rows,
    ),
    `\n${signed} of ${parties.length} parties have signed this very document.\n`,
  ].join('');
}

/** Why a signature does not hold, to somebody who has nothing but the file. */
const reasons: Readonly<Record<string, string>> = {
  SIGNATURE_INVALID: 'It was made of other words, or with another key than the one beside it.',
  KEY_UNKNOWN: 'It was made with a key that is not one of this authority’s.',
  KEY_MALFORMED: 'What stands beside it is no public key.',
};

const refused = (verdict: AgreementVerdict & { readonly broken: object }, text: string): Outcome => {
  const { authority, what, refusal } = verdict.broken!;
  return {
    exitCode: 1,
    text,
    json: { status: 'broken', authority, what, code: refusal.code, facts: refusal.facts },
    remark: `${refusal.code}: The ${what === 'withdrawal' ? 'notice' : 'signature'} of ${authority} does not hold. ${reasons[refusal.code] ?? `${refusal.message}.`}`,
  };
};

const summaryOf = (document: AgreementDocument): string =>
  listing([
    ['title', document.title],
    ['agreement', `${document.id}, version ${document.version}`],
    ['digest', `SHA-256 ${agreementDigest(document)}`],
    ['parties', document.parties.length],
    ['purposes', document.purposes.map(({ code }) => code).join(', ')],
    ['hides', `counts from 1 to ${document.disclosure.threshold - 1}`],
    ['holds', `${document.effective.from} to ${addDays(document.effective.until, -1)}`],
  ]);

export const agreementCommands: readonly Command[] = [
  {
    name: 'agreement check',
    usage: '--in AGREEMENT.json [--parent PARENT.json] [--page]',
    summary: 'Everything that is wrong with a document, before anybody is asked to sign it; needs no hub.',
    more: `--parent: the overarching agreement, which this one can only narrow. --page: the page of plain English as the parties will
read it. Errors are what a hub refuses; notes are what it would take, but somebody probably did not mean.`,
    options: { in: 'required', parent: 'optional', page: 'flag' },
    async run(values) {
      const json = parseStrictJson(readInput(values.the('in')), 8);
      const parent = values.get('parent');
      const findings: Finding[] = agreementFindings(json, {
        registry: loadRegistry(),
        catalogue: loadCatalogue(),
        today: londonDate(new Date()),
        ...(parent === undefined ? {} : { parent: readAgreement(readInput(parent)) }),
      });
      const errors = findings.filter(({ severity }) => severity === 'error');
      const first = errors[0];
      if (first) {
        return {
          exitCode: 1,
          text: findingLines(findings, '(document)'),
          json: { accepted: false, findings },
          remark: `${first.rule}: The hub would refuse this document, for ${errors.length === 1 ? 'one reason' : `${errors.length} reasons`}.`,
        };
      }
      const document = readAgreement(JSON.stringify(json));
      return {
        text: `${findingLines(findings, '(document)')}${findings.length ? '\n' : ''}${values.has('page') ? page(document) : summaryOf(document)}`,
        json: { accepted: true, digest: agreementDigest(document), findings },
        remark: 'Nothing speaks against it.',
      };
    },
  },
  previewCommand,
  {
    name: 'agreement draft',
    usage: `--in AGREEMENT.json ${CONNECTION}`,
    summary: 'Lays a document down in the hub, for a lead of its first region; the same again is the same draft.',
    options: { in: 'required', ...connectionOptions },
    async run(values) {
      const text = readText(values.the('in'));
      const document = readAgreement(text);
      const drafted = await hubOf(values).draftAgreement(text);
      if (drafted.digest !== agreementDigest(document))
        throw new NotSignable('The hub has laid down other words than these: do not propose it.');
      return told(drafted, `Open it for signature: hub agreement propose ${drafted.id} --version ${drafted.version}`);
    },
  },
  {
    name: 'agreement propose',
    usage: `ID --version N ${CONNECTION}`,
    summary: 'Opens a draft for signature by all its parties.',
    argument: 'ID',
    options: { version: 'required', ...connectionOptions },
    async run(values) {
      const proposed = await hubOf(values).proposeAgreement(nameOf(values));
      return told(proposed, `Tell the parties its digest: ${proposed.digest}`);
    },
  },
  {
    name: 'agreement show',
    usage: `ID [--version N] [--document] ${CONNECTION}`,
    summary: 'The agreement as a page of plain English; --document: the document itself; --json: with all signatures.',
    argument: 'ID',
    options: { version: 'optional', document: 'flag', ...connectionOptions },
    async run(values) {
      const version = values.get('version');
      const whole = await hubOf(values).agreement(
        values.the('ID'),
        version === undefined ? undefined : wholeNumber(version),
      );
      const document = trusted(whole.document, whole.digest);
      if (values.has('document')) return { text: `${JSON.stringify(document, null, 2)}\n`, json: document };
      return {
        text: `${whole.plainEnglish}\n## How far it has come\n\n${standing(whole)}`,
        json: { ...whole, document },
      };
    },
  },
  {
    name: 'agreement list',
    usage: `[--region CODE] [--state STATE] ${CONNECTION}`,
    summary: 'Agreements that you have a part in, and who still has to sign.',
    more: `STATE is ${Object.keys(agreementSteps).join(', ')}.`,
    options: { region: 'optional', state: 'optional', ...connectionOptions },
    async run(values) {
      const state = values.get('state');
      const states = Object.keys(agreementSteps);
      if (state !== undefined && !states.includes(state))
        throw new UsageError(`--state is one of ${states.join(', ')}.`);
      const found = await hubOf(values).agreements({ region: values.get('region'), state: state as AgreementState });
      const rows = found.map((one) => [
        one.id,
        String(one.version),
        one.state,
        `${one.parties.filter(({ status }) => status !== 'invited').length} of ${one.parties.length}`,
        `${one.effectiveFrom} to ${addDays(one.effectiveUntil, -1)}`,
        one.reviewDue ? `${one.reviewDate} due` : one.reviewDate,
      ]);
      return {
        text: rows.length
          ? table(['agreement', 'version', 'state', 'signed', 'holds', 'review by'], rows, [1])
          : 'No agreements.\n',
        json: found,
      };
    },
  },
  {
    name: 'agreement sign',
    usage: `ID --version N --key FILE [--digest SHA256] ${CONNECTION}`,
    summary: 'Signs an agreement for your authority, on this machine, and hands the signature in.',
    more: `Read it before: hub agreement show ID --version N. What is signed is shown first. Nothing is signed when the document
does not have the digest that the hub gives for it, or that you give with --digest: the one that the lead has told you.
Needs a token of an authority-approver, and a key of the same authority.`,
    argument: 'ID',
    options: { version: 'required', key: 'required', digest: 'optional', ...connectionOptions },
    async run(values, say) {
      const name = nameOf(values);
      const agreed = values.get('digest')?.toLowerCase();
      if (agreed !== undefined && !/^[0-9a-f]{64}$/.test(agreed))
        throw new UsageError('--digest is a SHA-256 in hex, 64 characters.');
      const key = readKey(values.the('key'));
      const hub = hubOf(values);
      const whole = await hub.agreement(name.id, name.version);
      const document = trusted(whole.document, whole.digest);
      if (document.id !== name.id || document.version !== name.version)
        throw new NotSignable('The hub shows another agreement than the one that was asked for.');
      const signature = await signAgreement({ document, key, ...(agreed === undefined ? {} : { digest: agreed }) });
      say(`signing with key ${key.kid}:\n${summaryOf(document)}`);
      const signed = await hub.signAgreement(name, signature);
      return told(signed, missing(signed));
    },
  },
  {
    name: 'agreement verify',
    usage: 'FILE [--keys KEYS.json]',
    summary: 'Who has signed this very document, offline, out of what `hub agreement show --json` wrote.',
    more: `The signatures hold or not by mathematics. That a key is the authority's is what the hub says: compare thumbprints by
telephone, or give --keys with the public keys that the authorities gave you: {"E06000001":[{"kty":"OKP",…}]}.
Exit 1 at the first signature or notice that does not hold.`,
    argument: 'FILE',
    options: { keys: 'optional' },
    async run(values) {
      const { document, signatures, digest } = readSigned(values.the('FILE'));
      const keys = values.get('keys');
      const verdict = await verifyAgreement({ document, signatures }, keys === undefined ? undefined : readKeys(keys));
      if (verdict.broken) return refused({ ...verdict, broken: verdict.broken }, '');
      if (digest !== undefined && digest !== verdict.digest) {
        return {
          exitCode: 1,
          text: '',
          json: { status: 'broken', code: 'SIGNATURE_INVALID', expected: verdict.digest },
          remark: 'SIGNATURE_INVALID: The file gives another digest than its document has.',
        };
      }
      const { id, version, title } = document;
      const complete = verdict.parties.every(({ signature }) => signature);
      return {
        text: verdictText(document, verdict),
        json: { status: 'holds', id, version, title, complete, digest: verdict.digest, parties: verdict.parties },
      };
    },
  },
  {
    name: 'agreement withdraw',
    usage: `ID --version N --authority CODE --from DATE (--key FILE | --plan) ${CONNECTION}`,
    summary:
      'Takes your authority out from a day on, by a notice signed on this machine; --plan: what that would mean.',
    more: `DATE is the first day without you; the agreement says how many days of notice it asks for. From that day your figures
enter nothing new. It cannot be taken back: to come back, a new version of the agreement names you.`,
    argument: 'ID',
    options: {
      version: 'required',
      authority: 'required',
      from: 'required',
      key: 'optional',
      plan: 'flag',
      ...connectionOptions,
    },
    async run(values, say) {
      const [agreement, authority, from] = [nameOf(values), values.the('authority'), values.the('from')];
      dateOf(values, 'from');
      const hub = hubOf(values);
      if (values.has('plan')) return withdrawalPlan(hub, values);
      const file = values.get('key');
      if (file === undefined) throw new UsageError('--key is missing (or --plan, to see what it would mean).');
      const key = readKey(file);
      const notice = await signNotice({ agreement, authority, from, key });
      say(
        `signed with key ${key.kid}: ${authority} leaves ${agreement.id}, version ${agreement.version}, from ${from}`,
      );
      return told(await hub.withdrawFromAgreement(agreement, { authority, from, notice }));
    },
  },
  step('suspend', 'Stops an agreement until it is resumed, for a lead of its first region: every door closes.'),
  step('resume', 'Brings a suspended agreement back into force.'),
  step('terminate', 'Ends an agreement, or a draft of one, for good.'),
];
