import { Injectable } from '@nestjs/common';
import { parseStrictJson } from '@hub/kernel';
import type { Tx } from '@hub/platform';
import { parseAgreement, type Agreement, type AgreementDocument, type AgreementState } from './domain';

interface Row {
  id: string;
  version: number;
  state: AgreementState;
  document: string;
  parties: { authority: string; status: 'invited' | 'signed' | 'withdrawn'; withdrawnFrom: string | null }[];
}

const columns = `a.id, a.version, a.state, a.document,
  (select coalesce(jsonb_agg(jsonb_build_object('authority', t.code, 'status', p.status, 'withdrawnFrom', p.withdrawn_from)), '[]')
   from agreements.party p join registry.authority t on t.id = p.authority_id
   where p.agreement_id = a.id and p.agreement_version = a.version) as parties`;

/**
 * Loads agreements with their state of this moment. A signed document never changes, so its parsed form is kept; its
 * state and its parties are read anew each time, for decisions are never cached.
 */
@Injectable()
export class AgreementsService {
  private readonly documents = new Map<string, AgreementDocument>();

  /** The agreement, in whatever state; null when this login sees none of that name. */
  async find(tx: Tx, id: string, version: number): Promise<Agreement | null> {
    const rows = (await tx.query(`select ${columns} from agreements.agreement a where a.id = $1 and a.version = $2`, [
      id,
      version,
    ])) as Row[];
    return rows[0] ? this.toAgreement(rows[0]) : null;
  }

  /** Every agreement of the region that is in force. */
  async inForceOver(tx: Tx, regionId: number): Promise<Agreement[]> {
    const rows = (await tx.query(
      `select ${columns} from agreements.agreement a where a.region_id = $1 and a.state = 'inForce' order by a.id, a.version`,
      [regionId],
    )) as Row[];
    return rows.map((row) => this.toAgreement(row));
  }

  private toAgreement({ id, version, state, document, parties }: Row): Agreement {
    const key = `${id} ${version}`;
    let parsed = this.documents.get(key);
    if (!parsed) this.documents.set(key, (parsed = parseAgreement(parseStrictJson(document))));
    return {
      document: parsed,
      state,
      parties: new Map(
        parties.map(({ authority, status, withdrawnFrom }) => [
          authority as never,
          { status, ...(withdrawnFrom ? { withdrawnFrom } : {}) },
        ]),
      ),
    };
  }
}
