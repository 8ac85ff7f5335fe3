import { Injectable } from '@nestjs/common';
import { judgeWords, parseWords, WIDEST_THRESHOLD, wordFindings, type Finding, type Wording } from '@hub/kernel';
import { Seats, type Seat } from './seats';

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
