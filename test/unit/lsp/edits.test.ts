import { describe, expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { moved } from '../../../server/lsp/edits.js';
import type { Edit } from '../../../server/lsp/edits.js';

const TEXT = 'one two\nthree four\nfive six\n';

/** Applies the edit to the text and to the range of `word`; shows what the range holds then. */
function after(word: string, from: string, to: string, occurrence = 0): readonly [string, boolean] {
  const doc = TextDocument.create('x:', 'x', 1, TEXT);
  const at = TEXT.indexOf(word);
  const start = doc.positionAt(at);
  const end = doc.positionAt(at + word.length);
  const cut = TEXT.indexOf(from, occurrence);
  const range = { start: doc.positionAt(cut), end: doc.positionAt(cut + from.length) };
  const edit: Edit = { range, text: to };
  const result = moved(
    {
      uri: 'x:',
      line: start.line,
      character: start.character,
      endLine: end.line,
      endCharacter: end.character,
    },
    edit,
  );
  const next = TextDocument.update(doc, [edit], 2);
  const { line, character, endLine, endCharacter } = result.range;
  const text = next.getText({
    start: { line, character },
    end: { line: endLine, character: endCharacter },
  });
  return [text, result.touched];
}

describe('a range after an edit', () => {
  test.each([
    ['lines inserted above', 'four', 'one', 'a\nb\nc'],
    ['lines deleted above', 'four', 'one two\n', ''],
    ['text inserted before it on its line', 'four', 'three', 'three and a half'],
    ['a line break before it on its line', 'four', 'three ', 'three\n'],
    ['its line joined to the line above', 'four', '\nthree ', ' '],
    ['text behind it on its line', 'three', ' four', ' and four and'],
    ['lines below it', 'three', 'five', ''],
  ])('%s: still holds its text', (_, word, from, to) => {
    expect(after(word, from, to)).toEqual([word, false]);
  });

  test('text typed right before it or right behind it is not in it', () => {
    expect(after('four', '', 'X', TEXT.indexOf('four'))).toEqual(['four', false]);
    expect(after('three', '', 'X', TEXT.indexOf(' four'))).toEqual(['three', false]);
  });

  test('text typed inside grows it and counts as touched', () => {
    expect(after('four', 'ou', 'OoU')).toEqual(['fOoUr', true]);
  });

  test('deleting it leaves nothing of it', () => {
    expect(after('three four', 'two\nthree four\nfive', '')).toEqual(['', true]);
  });

  test('an edit over its end cuts it there', () => {
    expect(after('three', 'ee fo', '')).toEqual(['thr', true]);
  });

  test('replacing the whole text touches everything', () => {
    const at = { uri: 'x:', line: 1, character: 0, endLine: 1, endCharacter: 5 };
    expect(moved(at, { text: 'new' })).toEqual({ range: at, touched: true });
  });
});
