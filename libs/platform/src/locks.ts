/**
 * The advisory lock of whoever reads or takes away what publications are made of, from reading to the commit: one compile
 * at a time on this hub, and no raw count that goes while a compile still holds it.
 */
export const BOOK_LOCK = 7_205_003;
