import {
  AgreementLife1795400000014,
  Agreements1795400000004,
  Audience1795400000021,
  ChangeCount1795500000100,
  SignaturesShown1795400000030,
  Revisions1795400000100,
  Successors1795400000035,
} from '@hub/agreements';
import {
  CallerInPlace1795900000156,
  Identity1795400000003,
  Keys1795400000009,
  Members1795400000011,
  NoPersons1795400000028,
  OneDayForAllRows1795900000159,
  OwnAuthorities1795400000121,
  ReachInPlace1795900000158,
  SigningKeyEntity,
  Standings1795400000020,
  Systems1795400000027,
} from '@hub/identity';
import {
  Commentary1795700000040,
  Endings1795600000501,
  EndingSpan1795900000110,
  Notes1795600000500,
} from '@hub/benchmarks';
import { Exchange1795500000600, NoticesOnce1795600000600 } from '@hub/exchange';
import { systemClock } from '@hub/kernel';
import {
  HubKeys1795400000010,
  Ledger1795400000006,
  LedgerTiles1795400000040,
  loadHubKey,
  recordHubKey,
} from '@hub/ledger';
import {
  Accesses1795400000023,
  openDatabase,
  Opened1795900000140,
  Outbox1795400000008,
  prepareDatabase,
  Schemas1795400000001,
  type Config,
  type Database,
  type Migration,
} from '@hub/platform';
import {
  Book1795400000140,
  Held1795600000320,
  National1795500000301,
  OneRegion1795400000022,
  Openings1795800000080,
  OwnProofsAgain1795700000020,
  Prepared1795500000300,
  ReadersProofs1795400000180,
  Release1795400000007,
  SharedFigures1795400000024,
  TwoStewards1795800000081,
  WithdrawnPublications1795900000000,
  WithdrawnWithheld1795900000100,
} from '@hub/publications';
import {
  Circles1795400000012,
  Knowledge1795400000025,
  loadCatalogue,
  loadRegistry,
  Registry1795400000002,
  syncRegistry,
} from '@hub/registry';
import {
  CheckWindow1795400000201,
  CellsCheckedOnce1795900000157,
  CellsCheckedTogether1795400000120,
  Editions1795400000141,
  Exceptions1795400000051,
  Lapsed1795900000160,
  LeadsOwnAuthority1795400000026,
  Mailboxes1795900000001,
  MailboxesOf1795900000101,
  Notices1795400000202,
  Refreshes1795500000200,
  SignOff1795500000201,
  RemindedOfADate1795500000202,
  Retention1795400000013,
  ReturnStatus1795400000050,
  RoundEntity,
  RoundsIntake1795400000005,
  Said1795400000200,
  SignedAt1795900000150,
  Withdrawals1795400000052,
  WhenSignedOff1795900000161,
} from '@hub/submissions';
import type { DataSource } from 'typeorm';

/** Every library's migrations, in the order of their stamps. */
export const migrations: readonly Migration[] = [
  Schemas1795400000001,
  Registry1795400000002,
  Identity1795400000003,
  Agreements1795400000004,
  RoundsIntake1795400000005,
  Ledger1795400000006,
  Release1795400000007,
  Outbox1795400000008,
  Keys1795400000009,
  HubKeys1795400000010,
  Members1795400000011,
  Circles1795400000012,
  Retention1795400000013,
  AgreementLife1795400000014,
  Standings1795400000020,
  Audience1795400000021,
  OneRegion1795400000022,
  Accesses1795400000023,
  SharedFigures1795400000024,
  Knowledge1795400000025,
  LeadsOwnAuthority1795400000026,
  Systems1795400000027,
  NoPersons1795400000028,
  SignaturesShown1795400000030,
  Successors1795400000035,
  LedgerTiles1795400000040,
  ReturnStatus1795400000050,
  Exceptions1795400000051,
  Withdrawals1795400000052,
  Revisions1795400000100,
  CellsCheckedTogether1795400000120,
  OwnAuthorities1795400000121,
  Book1795400000140,
  Editions1795400000141,
  ReadersProofs1795400000180,
  Said1795400000200,
  CheckWindow1795400000201,
  Notices1795400000202,
  ChangeCount1795500000100,
  Refreshes1795500000200,
  SignOff1795500000201,
  RemindedOfADate1795500000202,
  Prepared1795500000300,
  National1795500000301,
  Exchange1795500000600,
  Held1795600000320,
  Notes1795600000500,
  Endings1795600000501,
  NoticesOnce1795600000600,
  OwnProofsAgain1795700000020,
  Commentary1795700000040,
  Openings1795800000080,
  TwoStewards1795800000081,
  WithdrawnPublications1795900000000,
  Mailboxes1795900000001,
  WithdrawnWithheld1795900000100,
  MailboxesOf1795900000101,
  EndingSpan1795900000110,
  Opened1795900000140,
  SignedAt1795900000150,
  CallerInPlace1795900000156,
  CellsCheckedOnce1795900000157,
  ReachInPlace1795900000158,
  OneDayForAllRows1795900000159,
  Lapsed1795900000160,
  WhenSignedOff1795900000161,
];

/** Tables that carry rules; the rest is SQL. */
export const entities = [SigningKeyEntity, RoundEntity];

/** What the owner lays in once the tables stand. */
export const layIn = (owner: DataSource): Promise<void> => syncRegistry(owner, loadRegistry(), loadCatalogue());

/** The hub's database, at the newest migration, with the registry laid in and the hub's own key written down. */
export const prepare = (config: Config): Promise<Database> =>
  prepareDatabase(config, migrations, async (owner) => {
    await layIn(owner);
    await openDatabase(owner, { again: false });
    await recordHubKey(owner, loadHubKey(config), systemClock.now());
  });
