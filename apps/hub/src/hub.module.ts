import { type ApolloFederationDriverConfig, ApolloFederationDriver } from '@nestjs/apollo';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
} from '@apollo/server/plugin/disabled';
import { type DynamicModule, Module } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import { AgreementDeskModule, AgreementsModule } from '@hub/agreements';
import { BenchmarksModule } from '@hub/benchmarks';
import { ExchangeModule, exchangeWork } from '@hub/exchange';
import { IdentityModule, type Asked } from '@hub/identity';
import { CLOCK, type Clock } from '@hub/kernel';
import { LedgerModule } from '@hub/ledger';
import {
  CivilDate,
  formatGraphQLError,
  headsOfAnswers,
  knownTexts,
  limitQueries,
  LOGGER,
  PlatformModule,
  queryLimits,
  Rate,
  WorkModule,
  type Config,
  type Database,
  type Logger,
  writeAnswer,
} from '@hub/platform';
import { compileWork, PublicationsModule } from '@hub/publications';
import { RegistryModule } from '@hub/registry';
import { retentionWork, roundWork, SubmissionsModule } from '@hub/submissions';
import { entities } from './database';
import { eachEntityForItself } from './entities';
import { strictInstants } from './instants';
import { shortLists, weights } from './short-lists';
import { WellKnownController } from './well-known.controller';
import { withTokenAlone } from './with-token';

/** The directives that the schema uses, pinned: the newest link would ask gateways for what they may not know. */
const federation = {
  version: 2,
  importUrl: 'https://specs.apollo.dev/federation/v2.7',
  directives: ['@key', '@shareable'],
} as const;

const memberOf = (context: unknown): string | null => (context as Asked).member?.id ?? null;

/** Fields of a region whose views are kept with what they are made of (`BenchmarkViews`). */
const knownFields = ['benchmark', 'benchmarkTable', 'history'];

/** The hub: an Apollo Federation subgraph that also stands alone, the REST door, and what tells others about it. */
@Module({})
export class HubModule {
  static of(config: Config, database: Database): DynamicModule {
    return {
      module: HubModule,
      imports: [
        PlatformModule.of({ config, database, entities }),
        RegistryModule,
        IdentityModule,
        AgreementsModule,
        AgreementDeskModule,
        LedgerModule,
        SubmissionsModule,
        PublicationsModule,
        BenchmarksModule,
        ExchangeModule,
        WorkModule.of(compileWork, retentionWork, roundWork, exchangeWork),
        GraphQLModule.forRootAsync<ApolloFederationDriverConfig>({
          driver: ApolloFederationDriver,
          inject: [LOGGER, CLOCK],
          useFactory: (logger: Logger, clock: Clock) => ({
            path: '/graphql',
            autoSchemaFile: { federation: { ...federation, directives: [...federation.directives] } } as never,
            sortSchema: true,
            // A federated schema is built from its text, in which a scalar is a name alone.
            resolvers: { Date: CivilDate },
            transformSchema: (schema) => withTokenAlone(eachEntityForItself(strictInstants(schema))),
            context: ({ req }: { req: Asked }) => ({ member: req.member, subject: req.subject }),
            formatError: formatGraphQLError(logger),
            includeStacktraceInErrorResponses: false,
            stringifyResult: writeAnswer,
            csrfPrevention: true,
            // Nobody lays a document down here: those known by their hash stand in a file (trustedDocuments).
            persistedQueries: false,
            playground: false,
            // To members; the schema is published anyway (contracts/schema), and `_service` gives it to gateways.
            introspection: true,
            parseOptions: { maxTokens: queryLimits.tokens },
            plugins: [
              // Traces would tell a gateway how long each figure took.
              ApolloServerPluginInlineTraceDisabled() as never,
              ApolloServerPluginCacheControlDisabled() as never,
              headsOfAnswers() as never,
              knownTexts({ root: 'region', fields: knownFields }, formatGraphQLError(logger)) as never,
              limitQueries(memberOf, new Rate(config.readingPerMinute, clock), shortLists, weights) as never,
            ],
            // The hub's own filter and door answer; Nest's enhancers do not run on `_entities`.
            fieldResolverEnhancers: [],
          }),
        }),
      ],
      controllers: [WellKnownController],
    };
  }
}
