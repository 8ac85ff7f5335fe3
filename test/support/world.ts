import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import type { Writable } from 'node:stream';
import type { AgreementDocument, AgreementState } from '@hub/agreements/domain';
import {
  HubClient,
  keyProof,
  newKey,
  publicOf,
  signAgreement,
  signEnvelope,
  signNotice,
  type PrivateJwk,
} from '@hub/client';
import { londonDate } from '@hub/kernel';
import { startEmbeddedPostgres, logins, type Login } from '@hub/platform';
import { startIssuer, type Issuer } from '../issuer/issuer';
import { exampleAgreement, seedMembers } from '../seed/seed';
import { ask, post } from './graphql';
import { startHubProcess, type HubProcess } from './hub-process';
import { rootFolder } from './root';

export const AUDIENCE = 'urn:safeguarding-hub';
export const NORTH_EAST = 'E12000001';
export const WEST_MIDLANDS = 'E12000005';

const agreementNames = {
  [NORTH_EAST]: 'north-east-benchmarking.v1',
  [WEST_MIDLANDS]: 'west-midlands-benchmarking.v1',
} as const;
export type SeededRegion = keyof typeof agreementNames;

/** One return in the project's own format; `test/figures` holds real ones. */
export interface FigureReturn {
  readonly authority: string;
  readonly period: string;
  readonly rows: readonly Row[];
}
export interface Row {
  readonly indicator: string;
  readonly breakdown?: Record<string, string>;
  readonly count?: number;
  readonly of?: number;
  readonly status?: string;
  readonly reason?: string;
  /** An earlier period that the row refreshes. */
  readonly period?: string;
}
export interface Figures {
  readonly region: string;
  readonly dataset: { readonly code: string; readonly version: string };
  readonly sources: readonly { file: string; repository: string; commit: string; licence: string }[];
  readonly returns: readonly FigureReturn[];
}

/** Committed figures of a region, `E12000001` or `E12000001.quarterly`. */
export const figuresOf = (name: string): Figures =>
  JSON.parse(readFileSync(join(rootFolder, 'test/figures', `${name}.json`), 'utf8')) as Figures;

/** A civil date so many days from today, which is what the hub takes for it: the date in London. */
export const day = (offset: number): string => londonDate(new Date(Date.now() + offset * 86_400_000));

/** The role that answers for an organisation's keys. */
export const approverOf = (organisation: string): string =>
  organisation.startsWith('agy-') ? 'agency-partner' : 'authority-approver';

/** What a hub of tests is started with. */
export function hubEnvironment({
  hubId = 'hub-local',
  dataFolder,
  issuer,
  database,
}: {
  hubId?: string;
  dataFolder: string;
  issuer: Issuer;
  database?: { readonly ownerUrl: string; readonly urls?: Readonly<Record<Login, string>> };
}): Record<string, string> {
  const urls = database?.urls;
  return {
    HUB_ID: hubId,
    HUB_DATA_DIR: dataFolder,
    OIDC_ISSUER: issuer.issuer,
    OIDC_AUDIENCE: AUDIENCE,
    LOG_LEVEL: 'error',
    ...(database ? { DATABASE_URL: database.ownerUrl } : {}),
    ...(urls ? Object.fromEntries(logins.map((login) => [`DATABASE_${login.toUpperCase()}_URL`, urls[login]])) : {}),
  };
}

interface AskedAbout {
  readonly severity: string;
  readonly rule: string;
  readonly pointer: string;
}

const confirmed = (findings: readonly AskedAbout[]) =>
  findings
    .filter(({ severity }) => /^query$/i.test(severity))
    .map(({ rule, pointer }) => ({
      rule,
      pointer,
      answer: 'confirmed',
      text: 'Checked against the published figures.',
    }));

/** A running hub with its issuer, members, keys and agreements: what a demonstration, a developer and a test need. */
export class World {
  readonly keys = new Map<string, PrivateJwk>();
  readonly agreements = new Map<string, AgreementDocument>();
  private readonly tokens = new Map<string, Promise<string>>();

  private constructor(
    readonly issuer: Issuer,
    public hub: HubProcess,
    /** What the hub was started with. */
    readonly environment: Readonly<Record<string, string>>,
    readonly hubId: string,
    readonly ownerUrl: string,
    private readonly release: () => Promise<void>,
  ) {}

  /**
   * Starts issuer and hub, each a process of its own, and writes the members.
   * @param dataFolder  for the embedded PostgreSQL of this world; or a database that is there already
   * @param seeded      false: the hub knows nobody yet
   * @param log         where the hub's log goes; absent: it is kept for `hub.stderr()`
   */
  static async start({
    hubId = 'hub-local',
    dataFolder,
    database,
    environment = {},
    seeded = true,
    log,
  }: {
    hubId?: string;
    dataFolder: string;
    database?: { readonly ownerUrl: string; readonly urls?: Readonly<Record<Login, string>> };
    environment?: Record<string, string>;
    seeded?: boolean;
    log?: Writable;
  }): Promise<World> {
    const issuer = await startIssuer({ audience: AUDIENCE });
    const everything = { ...hubEnvironment({ hubId, dataFolder, issuer, database }), ...environment };
    const hub = await startHubProcess(everything, log).catch(async (error: unknown) => {
      await issuer.stop();
      throw error;
    });
    const embedded = database ? null : await startEmbeddedPostgres(dataFolder);
    const ownerUrl = database?.ownerUrl ?? embedded!.url('hub');
    if (seeded) await seedMembers(ownerUrl, issuer.issuer);
    return new World(issuer, hub, everything, hubId, ownerUrl, async () => {
      await embedded?.stop();
    });
  }

  /** By which what this hub has signed is checked, as it says itself. */
  async ledgerKey(): Promise<string> {
    return (await new HubClient({ url: this.hub.url }).describe()).ledgerKey;
  }

  /** A token of a seeded member: of a role, or of the second one with it, `authority-approver-2`. */
  token(role: string, organisation: string): Promise<string> {
    const key = `${role}@${organisation}`;
    const token = this.tokens.get(key) ?? this.issuer.tokenFor(role, organisation);
    this.tokens.set(key, token);
    return token;
  }

  ask<T>(token: string | null, query: string, variables: Record<string, unknown> = {}): Promise<T> {
    return ask<T>(this.hub.url, token, query, variables);
  }

  /** Registers a key for the authority or agency, by one of its approvers; it waits for the other. */
  async askToRegister(organisation: string, key: PrivateJwk, replaces: string | null = null): Promise<void> {
    await this.ask(
      await this.token(approverOf(organisation), organisation),
      `mutation ($authority: ID!, $jwk: String!, $proof: String!, $replaces: ID) {
         registerKey(authority: $authority, jwk: $jwk, proof: $proof, replaces: $replaces) { kid } }`,
      {
        authority: organisation,
        jwk: JSON.stringify(publicOf(key)),
        proof: await keyProof({ key, authority: organisation, aud: this.hubId }),
        replaces,
      },
    );
  }

  /**
   * A new key of the authority or agency, registered by one of its approvers and approved by the other: it is good.
   * @param replaces  the kid of the key whose place it takes
   */
  async registerKey(
    organisation: string,
    alg: 'EdDSA' | 'ES256' = 'EdDSA',
    replaces: string | null = null,
  ): Promise<PrivateJwk> {
    const key = await newKey(`${organisation}-${this.keys.size + 1}-${Date.now().toString(36)}`, alg);
    await this.askToRegister(organisation, key, replaces);
    await this.ask(
      await this.token(`${approverOf(organisation)}-2`, organisation),
      'mutation ($kid: ID!) { approveKey(kid: $kid) { kid } }',
      { kid: key.kid },
    );
    this.keys.set(organisation, key);
    return key;
  }

  /** The region's example agreement, in force. */
  concludeAgreement(region: SeededRegion): Promise<AgreementDocument> {
    return this.conclude(exampleAgreement(agreementNames[region]));
  }

  /**
   * Brings an agreement into force as its parties do: drafted and proposed by the lead of its first region, signed by each
   * party with a key of its own. Where it collects returns, `payload` names it from then on.
   */
  async conclude(document: AgreementDocument): Promise<AgreementDocument> {
    await this.propose(document);
    for (const { authority } of document.parties) await this.signAgreement(document, authority);
    if (document.regions.length === 1) this.agreements.set(document.regions[0]!, document);
    return document;
  }

  /** The hub as the client library sees it, with a token of a seeded member. */
  async client(role: string, organisation: string): Promise<HubClient> {
    return new HubClient({ url: this.hub.url, token: await this.token(role, organisation) });
  }

  /** Lays an agreement down and opens it for signature. */
  async propose(document: AgreementDocument): Promise<void> {
    const lead = await this.client('regional-lead', document.regions[0]!);
    await lead.draftAgreement(JSON.stringify(document));
    await lead.proposeAgreement(document);
  }

  /** One party's signature, with its key of this world or a new one. @returns the state of the agreement then */
  async signAgreement(document: AgreementDocument, authority: string): Promise<AgreementState> {
    const key = this.keys.get(authority) ?? (await this.registerKey(authority));
    const approver = await this.client('authority-approver', authority);
    return (await approver.signAgreement(document, await signAgreement({ document, key }))).state;
  }

  /** One party's signed notice that it leaves from that civil date on. */
  async withdraw({ id, version }: AgreementDocument, authority: string, from: string): Promise<void> {
    const agreement = { id, version };
    const notice = await signNotice({ agreement, authority, from, key: this.keys.get(authority)! });
    const approver = await this.client('authority-approver', authority);
    await approver.withdrawFromAgreement(agreement, { authority, from, notice });
  }

  payload(region: string, dataset: Figures['dataset'], { authority, period, rows }: FigureReturn) {
    const { id, version } = this.agreements.get(region)!;
    return { authority, dataset, period, agreement: { id, version }, rows };
  }

  /** An envelope over a payload by the authority's key. */
  sign(authority: string, payload: unknown, more: { jti?: string; iat?: number; aud?: string } = {}): Promise<string> {
    const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
    return signEnvelope({ payload: text, key: this.keys.get(authority)!, aud: this.hubId, ...more });
  }

  async send(authority: string, envelope: string) {
    return post(this.hub.url, await this.token('authority-system', authority), envelope);
  }

  /**
   * Signs and sends a return. What the hub asks about a jump against the period before is answered "confirmed", for
   * these figures are real: then the return goes again, with the answers inside the signature.
   */
  async sendReturn(region: string, dataset: Figures['dataset'], one: FigureReturn) {
    const payload = this.payload(region, dataset, one);
    const first = await this.send(one.authority, await this.sign(one.authority, payload));
    const { findings = [] } = first.body as { findings?: AskedAbout[] };
    const explanations = confirmed(findings);
    if (first.status !== 422 || !explanations.length) return { answer: first, queries: 0 };
    const answer = await this.send(one.authority, await this.sign(one.authority, { ...payload, explanations }));
    return { answer, queries: explanations.length };
  }

  /** What a return has to say about itself, "confirmed" throughout; nothing is stored. */
  async explanationsOf(authority: string, payload: unknown) {
    const { checkSubmission } = await this.ask<{ checkSubmission: { findings: AskedAbout[] } }>(
      await this.token('authority-system', authority),
      'mutation ($e: String!) { checkSubmission(envelope: $e) { findings { severity rule pointer } } }',
      { e: await this.sign(authority, payload) },
    );
    return confirmed(checkSubmission.findings);
  }

  async openRound(region: string, dataset: string, period: string): Promise<string> {
    const { openRound } = await this.ask<{ openRound: { id: string } }>(
      await this.token('regional-lead', region),
      `mutation ($region: ID!, $dataset: String!, $period: String!, $opens: Date!, $due: Date!, $closes: Date!) {
         openRound(region: $region, dataset: $dataset, period: $period, opens: $opens, due: $due, closes: $closes) { id }
       }`,
      { region, dataset, period, opens: day(-20), due: day(10), closes: day(40) },
    );
    return openRound.id;
  }

  /** Closes the round, asks for publication, and waits until it is published or held. */
  async publish(region: string, round: string): Promise<{ state: string; heldBecause: string | null }> {
    const lead = await this.token('regional-lead', region);
    await this.ask(lead, 'mutation ($id: ID!) { closeRound(id: $id) { state } }', { id: round });
    await this.ask(lead, 'mutation ($id: ID!) { publishRound(id: $id) { state } }', { id: round });
    for (;;) {
      const { region: seen } = await this.ask<{
        region: { rounds: { edges: { node: { id: string; state: string; heldBecause: string | null } }[] } };
      }>(lead, 'query ($code: ID!) { region(code: $code) { rounds { edges { node { id state heldBecause } } } } }', {
        code: region,
      });
      const { state, heldBecause } = seen.rounds.edges.find(({ node }) => node.id === round)!.node;
      if (state === 'PUBLISHED' || state === 'HELD') return { state, heldBecause };
      await new Promise((later) => setTimeout(later, 100));
    }
  }

  /** Stops the hub and starts it again on the same database, with some settings changed. */
  async restart(changed: Record<string, string>): Promise<void> {
    await this.hub.stop();
    this.hub = await startHubProcess({ ...this.environment, ...changed });
  }

  async stop(): Promise<void> {
    await this.hub.stop();
    await this.issuer.stop();
    await this.release();
  }
}
