import { rmSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { join } from 'node:path';
import { Client } from 'pg';
import { newId } from '@hub/platform';
import { graphql } from '../support/graphql';
import { calmHistory, EARLIER, layPublications } from '../support/lay';
import { NORTH_EAST, World } from '../support/world';
import { machine, option, ownFolder, quantile, round, takesOnly } from './measure';

/**
 * How long the border page of a board takes where 40 boards have 5,000 issues with 20,000 actions, beside the same page of the
 * same hub where there are next to none: what is left is what their number costs. Patterns are looked for in the newest of twelve published quarters.
 */
const BOARD = 'brd-tees';
const BORDER = `query ($as: ID!) { border(as: $as) { period sides { board { code } agencies { code } issues { state count }
  challenges { count overdue } actions { count overdue } due { id kind text overdue to { name } }
  patterns { indicator { code } questions mine { code } theirs { code } boards } } } }`;

interface Page {
  readonly border: {
    readonly sides: readonly {
      readonly issues: readonly { readonly count: number }[];
      readonly actions: { readonly count: number };
    }[];
  };
}

/** Boards over the areas of the region, one after the other, until there are so many. */
async function layBoards(client: Client, count: number): Promise<void> {
  await client.query(
    `insert into registry.organisation (code, name) select 'brd-bench-' || n, 'Board ' || n from generate_series(1, $1::int) n`,
    [count],
  );
  await client.query(
    `insert into registry.organisation_area (organisation, authority_id)
     select 'brd-bench-' || n, (select array_agg(ra.authority_id order by ra.authority_id) from registry.region_authority ra
       join registry.region g on g.id = ra.region_id where g.code = $2 and ra.valid @> current_date)[1 + n % 12]
     from generate_series(1, $1::int) n`,
    [count, NORTH_EAST],
  );
}

/** Issues of all boards in turn, open to the network, each with actions: one in four of these is done, the others are due about now. */
async function layIssues(client: Client, author: string, issues: number, actions: number): Promise<void> {
  await client.query(
    `with boards as (select array_agg(code order by code) as codes from registry.organisation where code like 'brd-%'
         and code <> 'brd-black-country'),
       made as (
         insert into exchange.issue (id, region_id, board, author, state, theme, title, text, question, source, likelihood, impact,
           reply_by, shared_on, network, wording, worded_by, created_at, changed_at)
         select gen_random_uuid(), g.id, codes[1 + n % cardinality(codes)], $3, (array['network', 'accepted', 'inProgress', 'watching', 'resolved'])[1 + n % 5],
           'Front door', 'Issue ' || n, 'A text about nobody.', 'What comes of it?', 'chair', 1 + n % 5, 1 + n % 4,
           '2026-01-01', '2026-01-02', true, 'shown', $3, now(), now()
         from generate_series(1, $1::int) n, registry.region g, boards where g.code = $4
         returning id, board)
     insert into exchange.item (id, issue_id, kind, by_organisation, author, to_organisation, text, state, due, wording, at)
     select gen_random_uuid(), made.id, case when k % 8 = 0 then 'challenge' else 'action' end, made.board, $3,
       'agy-cleveland-police', 'Something is to be done.',
       case when k % 8 = 0 then 'answered' when k % 4 = 1 then 'done' else 'onTrack' end,
       current_date - 30 + k * 11, 'shown', now()
     from made, generate_series(1, $2::int) k`,
    [issues, Math.round(actions / issues), author, NORTH_EAST],
  );
}

async function main(): Promise<void> {
  takesOnly('boards', 'issues', 'actions', 'looks');
  const [boards, issues, actions, looks] = [
    option('boards', 40),
    option('issues', 5000),
    option('actions', 20_000),
    option('looks', 30),
  ];
  const folder = ownFolder('border');
  const world = await World.start({ dataFolder: join(folder, 'data') });
  try {
    const agreement = await world.concludeAgreement(NORTH_EAST);
    const authorities = agreement.parties.map(({ authority }) => authority).sort();
    await layPublications(
      world.ownerUrl,
      calmHistory(world.hubId, NORTH_EAST, authorities, agreement, EARLIER.slice(-12)),
    );
    const client = new Client({ connectionString: world.ownerUrl });
    await client.connect();
    const author = newId();
    await client.query(
      `insert into identity.member (id, issuer, subject, name) values ($1, 'none', 'bench', 'A chair')`,
      [author],
    );
    await layBoards(client, boards - 1);
    await layIssues(client, author, boards, boards);
    const token = await world.token('board-chair', BOARD);
    const look = async (): Promise<{ page: Page; ms: number }> => {
      const began = performance.now();
      const { data, errors } = await graphql<Page>(world.hub.url, token, BORDER, { as: BOARD });
      if (errors) throw new Error(JSON.stringify(errors));
      return { page: data!, ms: performance.now() - began };
    };
    const measured = async () => {
      const first = await look();
      const times = [first.ms];
      for (let i = 0; i < looks; i++) times.push((await look()).ms);
      const sorted = times.slice(1).sort((a, b) => a - b);
      const sum = (of: (side: Page['border']['sides'][number]) => number) =>
        first.page.border.sides.reduce((all, side) => all + of(side), 0);
      return {
        boards: first.page.border.sides.length,
        issues: sum((side) => side.issues.reduce((all, { count }) => all + count, 0)),
        openActions: sum((side) => side.actions.count),
        firstMs: round(first.ms),
        p50: round(quantile(sorted, 0.5)),
        p95: round(quantile(sorted, 0.95)),
      };
    };
    const few = await measured();
    await layIssues(client, author, issues - boards, actions - boards);
    await client.query('analyze exchange.issue; analyze exchange.item');
    const many = await measured();
    await client.end();
    if (many.boards < boards || many.issues < issues)
      throw new Error(`the page holds ${many.boards} boards and ${many.issues} issues`);
    for (const [name, one] of Object.entries({ few, many })) {
      process.stdout.write(
        `  ${name.padEnd(5)} ${one.boards} boards, ${one.issues} issues, ${one.openActions} open actions: p50 ${one.p50} ms, p95 ${one.p95} ms\n`,
      );
    }
    process.stdout.write(
      `${JSON.stringify({ bench: 'border', many, baseline: few, times: round(many.p50 / few.p50), config: await machine(world.ownerUrl) })}\n`,
    );
  } finally {
    await world.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

main().catch((error: Error) => {
  process.stderr.write(`bench:border failed: ${error.stack}\n`);
  process.exitCode = 1;
});
