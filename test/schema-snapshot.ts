import 'reflect-metadata';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import { graphql } from 'graphql';
import { readConfig, type Database } from '@hub/platform';
import { HubModule } from '../apps/hub/src/hub.module';
import { breaking, difference, sorted } from './support/schema-text';
import { rootFolder } from './support/root';

/**
 * The published GraphQL schema, which others hold us to. Without arguments it is written; with `--check` the program
 * fails when the committed one differs, and says which change would break whoever relies on it.
 */
const file = join(rootFolder, 'contracts/schema/hub.graphql');
const name = 'contracts/schema/hub.graphql';

/**
 * The hub's subgraph SDL as `_service` gives it, made without a database or a network: in Nest's preview mode the
 * modules are scanned for their types and no provider is created.
 */
async function hubSdl(): Promise<string> {
  const nothing = { ownerUrl: '', urls: {}, stop: async () => undefined } as unknown as Database;
  const app = await NestFactory.createApplicationContext(HubModule.of(readConfig({}), nothing), {
    preview: true,
    logger: ['error'],
    abortOnError: false,
  });
  try {
    const { schema } = app.get(GraphQLSchemaHost, { strict: false });
    const { data, errors } = await graphql({ schema, source: '{ _service { sdl } }' });
    if (errors) throw errors[0]!;
    return (data as { _service: { sdl: string } })._service.sdl;
  } finally {
    await app.close();
  }
}

async function main(argument: string | undefined): Promise<number> {
  const now = sorted(await hubSdl());
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (argument === '--check') {
    if (now === before) return 0;
    const broken = before ? breaking(before, now) : [];
    console.error([`${name} is not the schema of this hub:`, ...difference(before, now)].join('\n'));
    if (broken.length)
      console.error(['', 'This breaks who relies on it:', ...broken.map((one) => `  breaking: ${one}`)].join('\n'));
    else console.error('\nNothing in it breaks who relies on it.');
    console.error('\nIf the change is meant, run `node dist/test/schema-snapshot.js` and commit the file.');
    return 1;
  }
  if (argument !== undefined) {
    console.error('usage: node dist/test/schema-snapshot.js [--check]');
    return 2;
  }
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, now);
  console.log(now === before ? `${name} is as it was` : `${name} is written`);
  return 0;
}

void main(process.argv[2]).then((status) => (process.exitCode = status));
