/**
 * Patches. In: a mail document. Out: every diff in it, quoted ones too, as files and hunks whose lines
 * know their place in the document; images of a hunk before and after; changes with their copies;
 * application to a text. It never invents a line, never guesses between two repairs, never throws.
 */
export { applyHunks, reverse } from './apply.js';
export {
  isC,
  isUserspace,
  languageOf,
  userspaceTag,
  userspaceTree,
  whyNothing,
} from './classify.js';
export { groupChanges, isChange } from './group.js';
export { contentHash } from './hash.js';
export { image } from './image.js';
export { patchId } from './patch-id.js';
export { readDiffs } from './read.js';
export { writtenMail } from './written.js';
export type { Change, FilePatch, Hunk, HunkImage, HunkLine, Repair } from './types.js';
