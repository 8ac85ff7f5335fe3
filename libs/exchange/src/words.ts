import { Injectable } from '@nestjs/common';
import type { Finding } from '@hub/kernel';
import { judgeWords, parseWords, wordFindings, type Wording } from './domain';
import { Seats, type Seat } from './seats';

/** Without any agreement the widest threshold holds: counts of one digit are small. */
const WIDEST_THRESHOLD = 10;

/** Free texts, in their form and checked for what does not belong into them. */
@Injectable()
export class Words {
  constructor(private readonly seats: Seats) {}

  /**
   * @param texts      by the names of their fields
   * @param bodies     organisations that must not stand in them
   * @param confirmed  the author has read the questions and stands by the texts
   * @throws Refusal REQUEST_MALFORMED | WORDS_REFUSED | WORDS_QUESTIONED
   */
  judge<T extends Readonly<Record<string, string | null>>>(
    seat: Seat,
    texts: T,
    bodies: readonly string[],
    confirmed: boolean,
  ): { readonly texts: T; readonly wording: Wording } {
    const context = {
      threshold: Math.max(...seat.covers.map(({ threshold }) => threshold), seat.covers.length ? 0 : WIDEST_THRESHOLD),
      places: this.seats.places(seat.acting.regions),
      bodies: bodies.map((code) => this.seats.name(seat, code)),
    };
    const parsed: Record<string, string | null> = {};
    const findings: Finding[] = [];
    for (const [field, text] of Object.entries(texts)) {
      const words = text === null ? null : parseWords(text, field === 'title' || field === 'theme' ? 'title' : 'text');
      parsed[field] = words;
      if (words !== null) findings.push(...wordFindings(words, context, `/${field}`));
    }
    const signOff = seat.covers.some((cover) => cover.signOff);
    return { texts: parsed as T, wording: judgeWords(findings, confirmed, signOff) };
  }
}
