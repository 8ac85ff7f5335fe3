/**
 * What kind of "no" a refusal is. Only the edge turns a kind into a status code; the rules have not heard of HTTP.
 */
export type Kind =
  | 'malformed'
  | 'unauthenticated'
  | 'forbidden'
  | 'absent'
  | 'wrongMethod'
  | 'conflict'
  | 'gone'
  | 'tooLarge'
  | 'unsupportedType'
  | 'unprocessable'
  | 'tooMany'
  | 'unavailable';

/**
 * Every refusal the hub can give. A code is public: never renamed, never reused.
 * `title` says what happened in plain words, `next` what to do about it.
 */
export const refusals = {
  // The envelope, in the order in which it is checked.
  ENVELOPE_TOO_LARGE: {
    kind: 'tooLarge',
    title: 'The envelope is larger than the hub accepts',
    next: 'Send one return per envelope; the limit is envelopeBytes in /.well-known/hub.json.',
  },
  ENVELOPE_MALFORMED: {
    kind: 'malformed',
    title: 'This is not a signed envelope',
    next: 'Send a JWS in flattened or general JSON serialization (RFC 7515), with strict base64url parts.',
  },
  ENVELOPE_ALGORITHM: {
    kind: 'malformed',
    title: 'The signature algorithm is not accepted',
    next: 'Sign with EdDSA or ES256, the one registered with the key.',
  },
  ENVELOPE_HEADER: {
    kind: 'malformed',
    title: 'The protected header is not as required',
    next: 'The protected header holds exactly alg, kid, typ, iat, jti and aud; nothing is unprotected.',
  },
  ENVELOPE_AUDIENCE: {
    kind: 'unprocessable',
    title: 'The envelope is addressed to another hub',
    next: 'Set aud to the hubId in /.well-known/hub.json and sign again.',
  },
  ENVELOPE_STALE: {
    kind: 'unprocessable',
    title: 'The envelope was signed too long ago, or in the future',
    next: 'Check the clock of the signing system and sign again; see iatPastSeconds and iatFutureSeconds in /.well-known/hub.json.',
  },
  KEY_UNKNOWN: {
    kind: 'forbidden',
    title: 'The signing key is not registered here, or not approved yet',
    next: 'Register the key with `hub keys register`, have a second person approve it (`hub keys list` says whether it waits), or sign with an approved one.',
  },
  KEY_REVOKED: {
    kind: 'forbidden',
    title: 'The signing key has been revoked',
    next: 'Register a new key and sign with it.',
  },
  KEY_RETIRED: {
    kind: 'forbidden',
    title: 'Another key has taken the place of this one',
    next: 'Sign with the key that replaced it.',
  },
  KEY_FOREIGN: {
    kind: 'forbidden',
    title: 'The key or the token belongs to another organisation',
    next: "Sign with a key of the return's own authority, and call with a token of the same organisation.",
  },
  KEY_PROOF_INVALID: {
    kind: 'unprocessable',
    title: 'The proof of possession does not hold for this key',
    next: 'Sign {"authority","kid"} with the new key and typ safeguarding-key-proof+jws;v=1; `hub keys register` does it.',
  },
  KEY_MALFORMED: {
    kind: 'malformed',
    title: 'This is not a public key that the hub can register',
    next: 'Send a public JWK: Ed25519 (EdDSA) or P-256 (ES256), with kid and alg, without private parts.',
  },
  KEY_TAKEN: {
    kind: 'conflict',
    title: 'A key with this identifier or these bytes is already registered',
    next: 'Choose a new kid and make a new key with `hub keys new`.',
  },
  KEY_SELF_APPROVED: {
    kind: 'forbidden',
    title: 'A key is approved by somebody else than the one who registered it',
    next: 'Ask a second approver of your organisation to approve it.',
  },
  KEY_ABSENT: { kind: 'absent', title: 'No such key', next: 'Check the kid.' },
  SIGNATURE_INVALID: {
    kind: 'forbidden',
    title: 'The signature does not hold',
    next: 'Sign the exact bytes that you send; do not change the payload after signing.',
  },
  // The return inside the envelope.
  SUBMISSION_JTI_REUSED: {
    kind: 'conflict',
    title: 'This jti was already used for another payload',
    next: 'Make a new jti of at least 120 random bits for every new return.',
  },
  SUBMISSION_OLDER: {
    kind: 'conflict',
    title: 'The return was signed before one that the hub has already',
    next: 'Nothing was changed; what was on its way for long can be left. If you mean it, sign it again now (with a new jti) and send that; if you have just signed it, check the clock of the signing system.',
  },
  SUBMISSION_INVALID: {
    kind: 'unprocessable',
    title: 'The return does not satisfy its dataset',
    next: 'Mend every finding of severity error and send it again; `hub submission check` stores nothing.',
  },
  SUBMISSION_STEP_REFUSED: {
    kind: 'conflict',
    title: 'The submission does not allow this step',
    next: 'Look at the submission’s state first.',
  },
  SUBMISSION_COMPILED: {
    kind: 'conflict',
    title: 'The return is in a round that compiles or has been compiled',
    next: 'It cannot be withdrawn any more. Tell the regional lead what is wrong with it.',
  },
  SUBMISSION_ABSENT: { kind: 'absent', title: 'No such submission', next: 'Check the id.' },
  AGREEMENT_ABSENT: { kind: 'absent', title: 'No such agreement', next: 'Check the agreement’s id and version.' },
  AGREEMENT_MALFORMED: {
    kind: 'malformed',
    title: 'The agreement document is not one that the hub understands',
    next: 'Follow the JSON Schema in contracts/agreements; a constraint that is not understood refuses the whole document.',
  },
  AGREEMENT_UNSUPPRESSED: {
    kind: 'unprocessable',
    title: 'The agreement asks for figures without suppression',
    next: 'Such sharing is not offered, not even between named officers: use threshold 3 or more and presentation "named".',
  },
  AGREEMENT_SIGNATURE_MALFORMED: {
    kind: 'malformed',
    title: 'This is not a signature of an agreement',
    next: 'Send a flattened JWS whose protected header holds exactly alg, kid, typ and iat, over the RFC 8785 form of the document.',
  },
  AGREEMENT_STEP_REFUSED: {
    kind: 'conflict',
    title: 'The agreement does not allow this step',
    next: 'Look at the agreement’s state first.',
  },
  AGREEMENT_NOT_PROPOSED: {
    kind: 'conflict',
    title: 'The agreement is not open for signature',
    next: 'Propose it first. One that could not bind any more needs a new version: its last day has passed, its review is overdue, or a later version has begun.',
  },
  AGREEMENT_NOT_IN_FORCE: {
    kind: 'forbidden',
    title: 'The agreement is not in force',
    next: 'Name an agreement and version that is in force today.',
  },
  AGREEMENT_NOT_A_PARTY: {
    kind: 'forbidden',
    title: 'The authority is not a party to the agreement',
    next: 'Ask the regional lead which agreement your authority has signed.',
  },
  AGREEMENT_NOT_COVERED: {
    kind: 'forbidden',
    title: 'The agreement does not cover this',
    next: 'Compare the dataset, its version, the tables, the period and the audience with the agreement.',
  },
  AGREEMENT_NOTICE_TOO_SHORT: {
    kind: 'conflict',
    title: 'The withdrawal begins earlier than the agreement allows',
    next: 'Give a later day; membership.leavingNoticeDays says how much notice the parties have agreed.',
  },
  AGREEMENT_SIGN_OFF_MISSING: {
    kind: 'forbidden',
    title: 'The return waits for its approver, and this envelope does not carry both signatures',
    next: 'Add your signature to the envelope that waits, with another key of the authority: `hub submission sign --also ENVELOPE`.',
  },
  AGREEMENT_WIDENS: {
    kind: 'unprocessable',
    title: 'The agreement goes beyond the one that it stands under',
    next: 'A purpose agreement can only narrow its parent: narrow the clause that is named, or change the parent first.',
  },
  AGREEMENT_PARTY_FOREIGN: {
    kind: 'unprocessable',
    title: 'A party lies in none of the regions that the agreement names',
    next: 'Take the party out, or name its region or board.',
  },
  AGREEMENT_ONE_SIDED: {
    kind: 'unprocessable',
    title: 'One side of the agreement has nobody who signs',
    next: 'Both sides sign: name a party within each region and each organisation of the audience.',
  },
  AGREEMENT_VERSION_TAKEN: {
    kind: 'conflict',
    title: 'This version of the agreement is there already, with other words',
    next: 'Write the changed document as the next version.',
  },
  RETENTION_ENDED: {
    kind: 'gone',
    title: 'What was sent has been deleted, as the agreement says',
    next: 'The receipt still verifies; the publication stays.',
  },
  ERASURE_ABSENT: { kind: 'absent', title: 'No such erasure', next: 'Check the id.' },
  ERASURE_PLAN_CHANGED: {
    kind: 'conflict',
    title: 'The plan is not the one of this moment',
    next: 'Nothing was erased. Look at the plan again, and ask for it by its new id.',
  },
  // Rounds and publications.
  ROUND_ABSENT: { kind: 'absent', title: 'No such round', next: 'Check the id.' },
  ROUND_EXISTS: {
    kind: 'conflict',
    title: 'There is already a round for this dataset and period in this region',
    next: 'Use the round that exists.',
  },
  ROUND_DATES: {
    kind: 'conflict',
    title: 'The dates of the round do not follow one another',
    next: 'The period ends before the round opens, and opens ≤ due ≤ closes < checkUntil < publishesAt.',
  },
  ROUND_NOT_OPEN: {
    kind: 'conflict',
    title: 'No round is open for this dataset and period',
    next: 'Check the period inside the return against the open rounds of your region. After the end of a round a lead can grant an exception until it compiles.',
  },
  ROUND_NOT_CLOSED: {
    kind: 'conflict',
    title: 'The round does not stand where this can be done',
    next: 'A round is opened, closed, perhaps checked, published, and then opened again for its next edition: `hub round status ROUND` says where it stands.',
  },
  ROUND_NOT_CHECKED: {
    kind: 'conflict',
    title: 'The authorities are still looking at their figures',
    next: 'Wait until the check window is over, or until everybody who has reported has confirmed.',
  },
  CONFIRMATION_OUTDATED: {
    kind: 'conflict',
    title: 'This is not the version in use',
    next: 'Look at the figures of the version in use, and confirm that one.',
  },
  CONFIRMATION_OWN_RETURN: {
    kind: 'forbidden',
    title: 'Who has sent a return does not confirm it',
    next: 'Ask another approver of your authority, or invite a deputy with dates.',
  },
  ROUND_EDITION: {
    kind: 'conflict',
    title: 'This edition does not come after the last one',
    next: 'After a provisional edition comes a revised or a final one; after the final one none.',
  },
  EXCEPTION_DATES: {
    kind: 'conflict',
    title: 'The exception would have ended already',
    next: 'Name a last day that is today or later.',
  },
  PUBLICATION_ABSENT: { kind: 'absent', title: 'No such publication', next: 'Check the id.' },
  PUBLICATION_WITHDRAWN: {
    kind: 'gone',
    title: 'The publication was withdrawn',
    next: 'Use no copy of it. Read the edition that replaces it, where one is named; else ask the regional lead when there is one.',
  },
  PUBLICATION_LINKED: {
    kind: 'conflict',
    title: 'The figures share unknown counts with an earlier publication that has been purged',
    next: 'Nothing has left. Without the purged counts nothing can be shown to be safe beside it: publish another period.',
  },
  PUBLICATION_UNSAFE: {
    kind: 'conflict',
    title: 'The figures could not be shown to be safe',
    next: 'Nothing has left. Publish at a coarser level of detail, or without the breakdowns.',
  },
  PUBLICATION_TOO_FEW: {
    kind: 'conflict',
    title: 'Too few authorities have sent a return',
    next: 'The agreement names the least number of authorities for an edition.',
  },
  PUBLICATION_POLICY: {
    kind: 'conflict',
    title: 'The figures cannot be protected as strictly as the agreement asks',
    next: 'Nothing has left. What would help the region’s leads see in heldHelp: fewer breakdowns, categories taken together, or an agreement that asks for less.',
  },
  PUBLICATION_ELSEWHERE: {
    kind: 'conflict',
    title: 'Another hub decides what may be printed of some of these authorities',
    next: 'Nothing has left. An authority’s counts are protected by the hub of its own region alone, which knows what it has printed of them: publish the network there.',
  },
  // What the Department prints.
  NATIONAL_MAP: {
    kind: 'malformed',
    title: 'This does not say how the national release is to be read',
    next: 'See contracts/national for maps, and docs/how-to/load-a-national-release.md.',
  },
  NATIONAL_FILE: {
    kind: 'unprocessable',
    title: 'This is not the national release that the map describes',
    next: 'Take the file of explore education statistics as it was published, and the map of that table.',
  },
  NATIONAL_SYMBOL: {
    kind: 'unprocessable',
    title: 'A cell holds neither a whole number nor a symbol that is known',
    next: 'Known are c, k, low, u, x, z and a colon. Ask the Department what the symbol stands for before it is loaded.',
  },
  NATIONAL_CONTRADICTS: {
    kind: 'conflict',
    title: 'The release contradicts itself, or one that was loaded before',
    next: 'The book is as it was. Find out which of the two is right; a figure that was printed once stays known.',
  },
  NATIONAL_ABSENT: {
    kind: 'absent',
    title: 'No such national release is waiting',
    next: 'hub book digest says which digest the hub finds for a file; hub book list shows what was loaded.',
  },
  NATIONAL_SELF_CONFIRMED: {
    kind: 'forbidden',
    title: 'A national release is confirmed by somebody else than the one who loaded it',
    next: 'Ask a second steward to take the file from the Department itself, and to confirm it.',
  },
  // Who is asking.
  TOKEN_MISSING: {
    kind: 'unauthenticated',
    title: 'No access token was sent',
    next: 'Send Authorization: Bearer TOKEN.',
  },
  TOKEN_INVALID: {
    kind: 'unauthenticated',
    title: 'The access token is not accepted',
    next: 'Get a new token from the issuer named in /.well-known/hub.json, for the audience of this hub.',
  },
  MEMBER_UNKNOWN: {
    kind: 'unauthenticated',
    title: 'The access token is good, but this hub does not know whose it is',
    next: 'Have yourself let in by those who administer your organisation here: a person takes up their invitation with this token (`hub member accept`), a system is registered and confirmed by two approvers (`hub system register`). If you were let in already, it was with another account of the issuer.',
  },
  TOKEN_REFUSED: {
    kind: 'unauthenticated',
    title: 'The token issuer gives this client no token',
    next: 'Check the client’s id, that the issuer has the public half of this very key, and that the client may ask for this hub.',
  },
  NOT_FOR_THIS_ROLE: {
    kind: 'forbidden',
    title: 'Your role does not allow this',
    next: 'Ask somebody of your organisation who holds the role.',
  },
  // Members.
  ORGANISATION_ABSENT: {
    kind: 'absent',
    title: 'No such organisation',
    next: 'Check the code; you see the organisations that you administer.',
  },
  INVITATION_ABSENT: {
    kind: 'absent',
    title: 'No such invitation',
    next: 'An invitation works once, for 14 days, until it is withdrawn. Ask for a new one.',
  },
  MEMBER_ABSENT: { kind: 'absent', title: 'Nobody of that id holds this role there', next: 'Look at `members`.' },
  MEMBER_DATES: {
    kind: 'conflict',
    title: 'The dates of the role do not follow one another',
    next: 'A role begins today or later, and ends after it began.',
  },
  MEMBER_LAST_ADMINISTRATOR: {
    kind: 'conflict',
    title: 'Nobody would be left to administer the organisation',
    next: 'Appoint somebody else to the role first, without an end date.',
  },
  SYSTEM_ABSENT: {
    kind: 'absent',
    title: 'No such system waits to be confirmed',
    next: 'Look at `systemAccounts`; a system of your authority is registered by one approver and confirmed by another.',
  },
  SYSTEM_SELF_CONFIRMED: {
    kind: 'forbidden',
    title: 'A system is confirmed by somebody else than the one who registered it',
    next: 'Ask a second approver of your authority to confirm it.',
  },
  SYSTEM_TAKEN: {
    kind: 'conflict',
    title: 'This client is registered already with other words, or is a person here',
    next: 'Withdraw the one that waits, or have the issuer make a client of its own for the system.',
  },
  SYSTEM_NOT_INVITED: {
    kind: 'conflict',
    title: 'A system takes up no invitation',
    next: 'Register its client with `hub system register`, and have a second approver confirm it.',
  },
  LEAD_OWN_AUTHORITY: {
    kind: 'forbidden',
    title: 'This concerns your own authority',
    next: 'Ask the deputy: another lead of the region, from another authority. What is only early can wait for its date.',
  },
  // What boards do together.
  ACTING_FOR_SEVERAL: {
    kind: 'malformed',
    title: 'A request acts for one organisation',
    next: 'Ask for each board, agency or authority in a request of its own.',
  },
  ISSUE_ABSENT: {
    kind: 'absent',
    title: 'No such issue',
    next: 'Check the id, and for whom you act; you see what your organisation has raised, is asked or was given.',
  },
  ISSUE_STEP_REFUSED: {
    kind: 'conflict',
    title: 'The issue does not allow this step',
    next: 'See docs/chairs.md for the steps; an issue that has left its board is not changed any more.',
  },
  ISSUE_REPLY_PENDING: {
    kind: 'conflict',
    title: 'Those whom the issue names have not all answered yet',
    next: 'Wait for the answers, or until the day after the date that was set for them.',
  },
  ISSUE_BOARD_OUTSIDE: {
    kind: 'forbidden',
    title: 'No agreement in force covers both boards',
    next: 'Share with boards that an agreement covers together with yours; across regions the parties of both have to sign one.',
  },
  ISSUE_BODY_OUTSIDE: {
    kind: 'forbidden',
    title: 'The issue names somebody whom no agreement in force covers together with your board',
    next: 'Name authorities of your own board or of an agreement that covers it, and agencies that serve one of those areas.',
  },
  EVIDENCE_NOT_SEEN: {
    kind: 'forbidden',
    title: 'Somebody who would read this evidence may not see that figure',
    next: 'Leave the figure out, or name one of a publication that you and every recipient may read by name.',
  },
  ITEM_ABSENT: {
    kind: 'absent',
    title: 'No such challenge, action, decision or note',
    next: 'Check the id, and for whom you act.',
  },
  ITEM_STEP_REFUSED: {
    kind: 'conflict',
    title: 'The challenge or action does not allow this step',
    next: 'A challenge is asked, answered and judged; an action that is done stays done.',
  },
  ACTION_EVIDENCE_MISSING: {
    kind: 'unprocessable',
    title: 'An action is not closed without evidence',
    next: 'Say what it changed for children, and how that is known.',
  },
  WORDS_REFUSED: {
    kind: 'unprocessable',
    title: 'The text holds what does not belong here',
    next: 'Nothing was stored. Take out what each finding names; no child, case or review is discussed here.',
  },
  WORDS_QUESTIONED: {
    kind: 'unprocessable',
    title: 'The text may give somebody away',
    next: 'Nothing was stored. Change it, or send it again as confirmed; where the agreement asks for it a second person approves.',
  },
  PATTERN_ABSENT: {
    kind: 'absent',
    title: 'Nothing unusual stands there',
    next: 'List what is unusual at that period with `hub pattern list REGION`, and name indicator, category and authority as they stand there.',
  },
  NOTE_ABSENT: {
    kind: 'absent',
    title: 'Your authority has no such note',
    next: 'List its notes with `hub note list AUTHORITY`.',
  },
  NOTES_TOO_MANY: {
    kind: 'conflict',
    title: 'Your authority has as many notes on this indicator, of all periods together, as there may be',
    next: 'Nothing was stored. Take one back that is not needed (`hub note list AUTHORITY`, `hub note end NOTE`), or say it in one note.',
  },
  COMMENTARY_TOO_MUCH: {
    kind: 'conflict',
    title: 'Your organisation has said as much of this indicator in this period as is shown',
    next: 'Nothing was stored. Take one back that is not needed (`hub commentary list REGION --period P`, `hub commentary withdraw COMMENTARY`), or say it in one.',
  },
  COMMENTARY_ABSENT: {
    kind: 'absent',
    title: 'You have no such commentary',
    next: 'List it with `hub commentary list REGION --period P`: its id stands beside it.',
  },
  COMMENTARY_FIGURES: {
    kind: 'unprocessable',
    title: 'The text and its figures do not match',
    next: 'Name twelve figures at most, and each in the text by its letter in braces: the first as {a}, the second as {b}.',
  },
  NOTE_DATES: {
    kind: 'unprocessable',
    title: 'A note does not end before it begins',
    next: 'Give the last period that it is about, not earlier than its first one.',
  },
  WORDS_AWAITING: {
    kind: 'conflict',
    title: 'A text waits for a second person',
    next: 'Have another chair of the board, or another member of your organisation, approve it.',
  },
  WORDS_SECOND_PERSON: {
    kind: 'forbidden',
    title: 'Nobody approves their own text',
    next: 'Ask another member of your organisation.',
  },
  MEETING_ABSENT: {
    kind: 'absent',
    title: 'No such meeting',
    next: 'Check the id, and for which board you act; a meeting is seen by the boards that were called to it.',
  },
  REGION_ABSENT: {
    kind: 'absent',
    title: 'No such region',
    next: 'Check the code; you see the regions that you belong to.',
  },
  NOTHING_PUBLISHED: {
    kind: 'absent',
    title: 'Nothing is published for this period',
    next: 'Ask for one of the periods in `published`. The region’s `publications` and `rounds` tell what was withdrawn and what is on its way.',
  },
  NOTHING_TO_DRAW: {
    kind: 'absent',
    title: 'There is nothing to draw',
    next: 'Ask for another kind of chart, or for the table: `benchmark` says of each figure what it is.',
  },
  INDICATOR_ABSENT: {
    kind: 'absent',
    title: 'No such indicator or category',
    next: 'Look it up in the region’s `catalogue`, which has the code, name and breakdowns of each indicator.',
  },
  AUTHORITY_ABSENT: {
    kind: 'absent',
    title: 'No such authority in this region',
    next: 'Check the code: where figures are asked for without one, each authority comes with its own.',
  },
  DATASET_ABSENT: {
    kind: 'absent',
    title: 'No such dataset',
    next: 'Look the code up in the region’s `catalogue`, which names the datasets of each indicator, or list them with `hub dataset list`.',
  },
  DATASET_LOCAL: {
    kind: 'conflict',
    title: 'This dataset is an authority’s own and is never added up',
    next: 'It has no rounds. An authority sends its return once the period has ended, under an agreement that names the dataset.',
  },
  PERIOD_MALFORMED: {
    kind: 'malformed',
    title: 'This is not a period',
    next: 'Quarters, halves and FY are of the financial year: 2025-Q1 is April to June 2025, 2025-FY until March 2026.',
  },
  CODE_MALFORMED: { kind: 'malformed', title: 'This is not a code of the right form', next: 'Check the code.' },
  REQUEST_MALFORMED: {
    kind: 'malformed',
    title: 'The request is not in the form that the hub reads',
    next: 'Check the request against the published schema.',
  },
  REQUEST_TOO_LARGE: {
    kind: 'tooLarge',
    title: 'The request is larger than the hub reads',
    next: 'Send less at once: one return, one agreement or one query to a request, and without a token 4,096 bytes. The limit of an envelope is envelopeBytes in /.well-known/hub.json.',
  },
  SUBMISSIONS_TOO_MANY: {
    kind: 'tooMany',
    title: 'Your authority has sent very much in a short time',
    next: 'Nothing was stored. Send the same again after the seconds in Retry-After.',
  },
  QUERIES_TOO_MANY: {
    kind: 'tooMany',
    title: 'You have asked for very much in a short time',
    next: 'Nothing was looked up. Ask the same again after the seconds in Retry-After, or for less of it: fewer whole documents, charts and periods looked back.',
  },
  QUERY_TOO_LARGE: {
    kind: 'tooLarge',
    title: 'The query asks for too much at once',
    next: 'Ask for fewer fields, for smaller pages, or in several requests.',
  },
  QUERY_UNKNOWN: {
    kind: 'forbidden',
    title: 'The hub does not know this query',
    next: 'Send the text of the query. Where the hub answers known ones alone, use its client or its command line, or ask its operator to take yours in (HUB_TRUSTED_DOCUMENTS).',
  },
  MEDIA_TYPE: {
    kind: 'unsupportedType',
    title: 'The content type or encoding is not accepted',
    next: 'Send returns to /submissions as application/jose+json without Content-Encoding, and queries to /graphql as application/json in UTF-8.',
  },
  PATH_ABSENT: {
    kind: 'absent',
    title: 'There is nothing at this address',
    next: 'docs/http.md lists the addresses of a hub.',
  },
  METHOD_NOT_ALLOWED: {
    kind: 'wrongMethod',
    title: 'This address is not asked in that way',
    next: 'Use a method that the header Allow names; docs/http.md says what each does.',
  },
  UNAVAILABLE: {
    kind: 'unavailable',
    title: 'The hub cannot answer just now',
    next: 'Nothing was stored. Try again after the time in Retry-After.',
  },
  CONFIGURATION: {
    kind: 'malformed',
    title: 'A setting is wrong or missing',
    next: 'Correct the variable that is named and start again.',
  },
  DATABASE_TOO_OLD: {
    kind: 'unavailable',
    title: 'The database is older than version 15',
    next: 'Use PostgreSQL 15 or newer.',
  },
  DATABASE_RESTORED: {
    kind: 'unavailable',
    title: 'The database was restored, or another server has taken over: what was ended since may be back',
    next: 'Do what docs/runbook.md says under "Restore", then say: npm run operate -- open',
  },
} as const satisfies Record<string, { kind: Kind; title: string; next: string }>;

export type RefusalCode = keyof typeof refusals;
