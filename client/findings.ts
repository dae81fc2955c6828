/** Going from finding to finding in the active editor. */
import type { Diagnostic, TextEditor } from 'vscode';
import { Selection, TextEditorRevealType, languages, window } from 'vscode';

function findingsOf(editor: TextEditor): readonly Diagnostic[] {
  return languages
    .getDiagnostics(editor.document.uri)
    .filter((d) => d.source === 'racelore')
    .sort((a, b) => a.range.start.compareTo(b.range.start));
}

/** Goes round at the end; says so when there is nothing to go to. */
export function goToFinding(direction: 'next' | 'previous'): void {
  const editor = window.activeTextEditor;
  const findings = editor ? findingsOf(editor) : [];
  if (!editor || findings.length === 0) {
    window.setStatusBarMessage('Racelore: no findings in this editor', 3000);
    return;
  }
  const here = editor.selection.active;
  const target =
    direction === 'next'
      ? (findings.find((d) => d.range.start.isAfter(here)) ?? findings[0])
      : (findings.findLast((d) => d.range.start.isBefore(here)) ?? findings.at(-1));
  if (!target) return;
  editor.selection = new Selection(target.range.start, target.range.start);
  editor.revealRange(target.range, TextEditorRevealType.InCenterIfOutsideViewport);
}
