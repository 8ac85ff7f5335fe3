import { camelCase } from '@hub/client';
import { roles, type Role } from '@hub/identity/domain';
import { dateOf, listing, readText, table, UsageError, type Command, type Outcome, type Values } from './command';
import { connectionOptions, hubOf } from './connection';

interface Dates {
  readonly from: string;
  readonly until: string | null;
}
interface MembershipAnswer extends Dates {
  readonly member: string;
  readonly name: string;
  readonly role: string;
  readonly of: string;
}
interface InvitationAnswer extends Dates {
  readonly id: string;
  readonly role: string;
  readonly of: string;
  readonly name: string;
  readonly state: string;
  readonly expiresAt: string;
  readonly code: string | null;
}
interface SystemAnswer extends Dates {
  readonly id: string;
  readonly of: string;
  readonly client: string;
  readonly name: string;
  readonly state: string;
  readonly member: string | null;
}
const MEMBERSHIP = 'member name role of from until';
const INVITATION = 'id role of name from until state expiresAt code';
const SYSTEM = 'id of client name from until state member';

/** A role as the API writes it. @throws UsageError */
function roleOf(values: Values): string {
  const role = values.the('role');
  if (!roles.includes(role as Role)) throw new UsageError(`--role is one of ${roles.join(', ')}.`);
  return role.toUpperCase().replaceAll('-', '_');
}
/** As files and the command line write it. */
const kebab = (role: string) => role.toLowerCase().replaceAll('_', '-');
const state = <Answer extends { state: string }>(answer: Answer) => ({ ...answer, state: camelCase(answer.state) });
const days = ({ from, until }: Dates) => `${from} to ${until ?? 'further notice'}`;

const invitationOf = (answer: InvitationAnswer) => ({ ...state(answer), role: kebab(answer.role) });
function toldInvitation(answer: InvitationAnswer): Outcome {
  const invitation = invitationOf(answer);
  const { id, role, of, name, code, expiresAt } = invitation;
  return {
    text: listing([
      ['invitation', id],
      ['role', `${role} of ${of}`],
      ['name', name],
      ['held', days(invitation)],
      ['state', invitation.state],
      ['code', code ?? undefined],
    ]),
    json: invitation,
    ...(code
      ? {
          remark: `Give the code to ${name} alone: it works once, until ${expiresAt.slice(0, 10)}, and is shown only now.`,
        }
      : {}),
  };
}
function toldSystem(answer: SystemAnswer): Outcome {
  const system = state(answer);
  const { id, of, client, name, member } = system;
  return {
    text: listing([
      ['system', id],
      ['client', client],
      ['of', of],
      ['name', name],
      ['held', days(system)],
      ['state', system.state],
      ['member', member ?? undefined],
    ]),
    json: system,
    ...(system.state === 'pending' ? { remark: `Another approver lets it in: hub system confirm ${id}` } : {}),
  };
}

export const memberCommands: readonly Command[] = [
  {
    name: 'member invite',
    usage: '--role ROLE --of CODE --name NAME [--from DATE] [--until DATE] --url HUB --token-file F',
    summary:
      'Invites somebody to a role; the code that comes back is accepted once, within 14 days. Approvers invite for their authority, leads for their region, stewards for the hub.',
    more: `ROLE is ${roles.join(', ')}.`,
    options: {
      role: 'required',
      of: 'required',
      name: 'required',
      from: 'optional',
      until: 'optional',
      ...connectionOptions,
    },
    async run(values) {
      const { inviteMember } = await hubOf(values).graphql<{ inviteMember: InvitationAnswer }>(
        `mutation ($role: Role!, $of: ID!, $name: String!, $from: Date, $until: Date) {
           inviteMember(role: $role, organisation: $of, name: $name, from: $from, until: $until) { ${INVITATION} } }`,
        {
          role: roleOf(values),
          of: values.the('of'),
          name: values.the('name'),
          from: dateOf(values, 'from'),
          until: dateOf(values, 'until'),
        },
      );
      return toldInvitation(inviteMember);
    },
  },
  {
    name: 'member accept',
    usage: '--code-file FILE --url HUB --token-file F',
    summary: 'Takes up an invitation with your own token; the hub need not know you yet.',
    options: { 'code-file': 'required', ...connectionOptions },
    async run(values) {
      const code = readText(values.the('code-file')).trim();
      const { acceptInvitation } = await hubOf(values).graphql<{
        acceptInvitation: { id: string; roles: { role: string; of: string }[] };
      }>('mutation ($code: String!) { acceptInvitation(code: $code) { id roles { role of } } }', { code });
      const held = acceptInvitation.roles.map(({ role, of }) => ({ role: kebab(role), of }));
      return {
        text: held.map(({ role, of }) => `${role} of ${of}\n`).join('') || 'The role begins later.\n',
        json: { id: acceptInvitation.id, roles: held },
      };
    },
  },
  {
    name: 'member list',
    usage: '--of CODE --url HUB --token-file F',
    summary: 'Who holds, held or will hold a role that you administer there, with the id by which it is ended.',
    options: { of: 'required', ...connectionOptions },
    async run(values) {
      const { members } = await hubOf(values).graphql<{ members: MembershipAnswer[] }>(
        `query ($of: ID!) { members(organisation: $of) { ${MEMBERSHIP} } }`,
        { of: values.the('of') },
      );
      const held = members.map((one) => ({ ...one, role: kebab(one.role) }));
      const rows = held.map((one) => [one.role, one.name, one.from, one.until ?? '', one.member]);
      return { text: rows.length ? table(['role', 'name', 'from', 'until', 'member'], rows) : 'Nobody.\n', json: held };
    },
  },
  {
    name: 'member invitations',
    usage: '--of CODE --url HUB --token-file F',
    summary: 'Invitations that you administer there, newest first.',
    options: { of: 'required', ...connectionOptions },
    async run(values) {
      const { invitations } = await hubOf(values).graphql<{ invitations: InvitationAnswer[] }>(
        `query ($of: ID!) { invitations(organisation: $of) { ${INVITATION} } }`,
        { of: values.the('of') },
      );
      const all = invitations.map(invitationOf);
      const rows = all.map((one) => [one.state, one.role, one.name, one.expiresAt.slice(0, 10), one.id]);
      const head = ['state', 'role', 'name', 'until', 'invitation'];
      return { text: rows.length ? table(head, rows) : 'No invitations.\n', json: all };
    },
  },
  {
    name: 'member withdraw',
    usage: 'INVITATION --url HUB --token-file F',
    summary: 'Takes an open invitation back.',
    argument: 'INVITATION',
    options: connectionOptions,
    async run(values) {
      const { withdrawInvitation } = await hubOf(values).graphql<{ withdrawInvitation: InvitationAnswer }>(
        `mutation ($id: ID!) { withdrawInvitation(id: $id) { ${INVITATION} } }`,
        { id: values.the('INVITATION') },
      );
      return toldInvitation(withdrawInvitation);
    },
  },
  {
    name: 'member end',
    usage: 'MEMBER --role ROLE --of CODE --on DATE --url HUB --token-file F',
    summary: 'Ends a role, a system’s too: DATE is the first day without it, and today ends it at once.',
    argument: 'MEMBER',
    options: { role: 'required', of: 'required', on: 'required', ...connectionOptions },
    async run(values) {
      const { endRole } = await hubOf(values).graphql<{ endRole: MembershipAnswer }>(
        `mutation ($id: ID!, $role: Role!, $of: ID!, $on: Date!) {
           endRole(member: $id, role: $role, organisation: $of, on: $on) { ${MEMBERSHIP} } }`,
        { id: values.the('MEMBER'), role: roleOf(values), of: values.the('of'), on: dateOf(values, 'on') },
      );
      const ended = { ...endRole, role: kebab(endRole.role) };
      return { text: `${ended.name}: ${ended.role} of ${ended.of}, ${days(ended)}\n`, json: ended };
    },
  },
  {
    name: 'system register',
    usage: '--client ID --of CODE --name NAME [--from DATE] [--until DATE] --url HUB --token-file F',
    summary:
      'Registers a client of the token issuer as a system of your authority; a second approver lets it in. ID is the subject of its tokens: with most issuers the client id.',
    options: {
      client: 'required',
      of: 'required',
      name: 'required',
      from: 'optional',
      until: 'optional',
      ...connectionOptions,
    },
    async run(values) {
      const { registerSystem } = await hubOf(values).graphql<{ registerSystem: SystemAnswer }>(
        `mutation ($of: ID!, $client: String!, $name: String!, $from: Date, $until: Date) {
           registerSystem(organisation: $of, client: $client, name: $name, from: $from, until: $until) { ${SYSTEM} } }`,
        {
          of: values.the('of'),
          client: values.the('client'),
          name: values.the('name'),
          from: dateOf(values, 'from'),
          until: dateOf(values, 'until'),
        },
      );
      return toldSystem(registerSystem);
    },
  },
  ...(['confirm', 'withdraw'] as const).map((step): Command => ({
    name: `system ${step}`,
    usage: 'SYSTEM --url HUB --token-file F',
    summary:
      step === 'confirm'
        ? 'Lets a system in that another approver of your authority has registered.'
        : 'Takes back a system that waits to be confirmed.',
    argument: 'SYSTEM',
    options: connectionOptions,
    async run(values) {
      const { system } = await hubOf(values).graphql<{ system: SystemAnswer }>(
        `mutation ($id: ID!) { system: ${step}System(id: $id) { ${SYSTEM} } }`,
        { id: values.the('SYSTEM') },
      );
      return toldSystem(system);
    },
  })),
  {
    name: 'system list',
    usage: '--of CODE --url HUB --token-file F',
    summary: 'Every service account that your authority ever had, newest first.',
    options: { of: 'required', ...connectionOptions },
    async run(values) {
      const { systemAccounts } = await hubOf(values).graphql<{ systemAccounts: SystemAnswer[] }>(
        `query ($of: ID!) { systemAccounts(organisation: $of) { ${SYSTEM} } }`,
        { of: values.the('of') },
      );
      const all = systemAccounts.map(state);
      const rows = all.map((one) => [one.state, one.client, one.name, one.from, one.until ?? '', one.member ?? one.id]);
      const head = ['state', 'client', 'name', 'from', 'until', 'member, or system'];
      return { text: rows.length ? table(head, rows) : 'No systems.\n', json: all };
    },
  },
];
