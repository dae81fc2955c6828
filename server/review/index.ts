/**
 * Review. In: a mail document and its diffs, or the letters of a whole archive. Out: threads, series with
 * their versions, who gave which trailer, and comments on the lines they are about. It never reads diffs
 * itself, never runs anything, never throws.
 */
export { readBody } from './body.js';
export { commentsIn } from './comments.js';
export { lettersOf } from './letter.js';
export { pointsIn } from './points.js';
export { seriesIn } from './series.js';
export { readSubject } from './subject.js';
export { parentsOf, threadsOf } from './thread.js';
export type {
  Anchor,
  Comment,
  LineRange,
  Point,
  BaseInfo,
  Destination,
  Earlier,
  FileMark,
  GivenTrailer,
  Letter,
  LetterKind,
  Series,
  SeriesPatch,
  SubjectTag,
  Thread,
  ThreadEntry,
  Trailer,
} from './types.js';
