import { parseArgs } from 'node:util';
import { DataSource } from 'typeorm';
import { letInSteward } from '@hub/identity';
import {
  endAtSignals,
  firstConnection,
  openDatabase,
  readConfig,
  startEmbeddedPostgres,
  whyNotStarted,
  type Config,
} from '@hub/platform';
import { layOrganisation } from '@hub/registry';
import { Refusal } from '@hub/kernel';

/** What nobody inside the hub can do: the owner of the database does it, with the hub's own settings (docs/runbook.md). */
const usage = `npm run operate -- steward --subject SUB --name NAME
    lets the first two stewards in; SUB is the sub of their tokens from OIDC_ISSUER
npm run operate -- organisation --code brd-NAME|agy-NAME --name NAME --areas CODE,CODE
    makes a board or an agency known, or gives one another name or further areas
npm run operate -- open
    lets the hub start on a database that was restored, or after a standby has taken over (runbook, Restore)
Settings are the hub's own (README), and the hub has been started once: it makes the tables.
`;

interface Command {
  readonly options: readonly string[];
  readonly run: (owner: DataSource, given: Readonly<Record<string, string>>, config: Config) => Promise<string>;
}
const commands: Readonly<Record<string, Command>> = {
  steward: {
    options: ['subject', 'name'],
    async run(owner, given, { issuer }) {
      if (issuer === null)
        throw new Refusal('CONFIGURATION', { variable: 'OIDC_ISSUER', expected: 'who issues tokens' });
      const { stewards, name } = await letInSteward(owner, { issuer, subject: given.subject!, name: given.name! });
      return `${name} is a steward; the hub has ${stewards === 1 ? 'one, and needs a second' : 'two, and they invite all others'}`;
    },
  },
  organisation: {
    options: ['code', 'name', 'areas'],
    async run(owner, { code, name, areas }) {
      await layOrganisation(owner, { code: code!, name: name!, areas: areas!.split(',').map((area) => area.trim()) });
      return `${code} is known; a lead of its region invites who works there`;
    },
  },
  open: {
    options: [],
    async run(owner) {
      await openDatabase(owner, { again: true });
      return 'open: the hub starts on this database';
    },
  },
};

async function asOwner<T>(config: Config, work: (owner: DataSource) => Promise<T>): Promise<T> {
  const embedded = config.databaseUrl === null ? await startEmbeddedPostgres(config.dataFolder, config) : null;
  try {
    await embedded?.createDatabase('hub');
    const url = config.databaseUrl ?? embedded!.url('hub');
    const unopened = new DataSource({ type: 'postgres', url, poolSize: 1, applicationName: 'hub owner' });
    const owner = await firstConnection(unopened, embedded ? 'HUB_DATA_DIR' : 'DATABASE_URL');
    try {
      return await work(owner);
    } finally {
      await owner.destroy();
    }
  } finally {
    await embedded?.stop();
  }
}

async function main([name = '', ...rest]: readonly string[]): Promise<number> {
  const wrong = (what: string) => {
    process.stderr.write(`${what}\n${usage}`);
    return 2;
  };
  const command = Object.hasOwn(commands, name) ? commands[name]! : null;
  if (!command) return wrong(`The commands are ${Object.keys(commands).join(', ')}.`);
  let given: Readonly<Record<string, string | undefined>>;
  try {
    const options = Object.fromEntries(command.options.map((option) => [option, { type: 'string' as const }]));
    given = parseArgs({ args: [...rest], options }).values as Record<string, string>;
  } catch (error) {
    return wrong(`${(error as Error).message.split('. ')[0]}.`);
  }
  const missing = command.options.filter((option) => !given[option]?.trim());
  if (missing.length) return wrong(`Missing: ${missing.map((option) => `--${option}`).join(', ')}.`);
  const config = readConfig(process.env);
  const said = await asOwner(config, (owner) => command.run(owner, given as Record<string, string>, config));
  process.stdout.write(`${said}\n`);
  return 0;
}

/** No such schema, table or function. */
const ABSENT = ['3F000', '42P01', '42883'];

endAtSignals();
main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    const isAbsent = ABSENT.includes(String((error as { code?: unknown }).code));
    const why = isAbsent ? 'start the hub once on this database: it makes the tables' : whyNotStarted(error);
    process.stderr.write(`not done: ${why}\n`);
    process.exitCode = 1;
  },
);
