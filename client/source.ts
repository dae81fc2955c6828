/** Showing a place of a trace in an editor beside the trace. */
import { Range, TextEditorRevealType, Uri, ViewColumn, window, workspace } from 'vscode';
import type { DocRange } from '../shared/trace.js';

/** The column in which the document is shown already, else one that is not the panel's. */
function columnFor(uri: Uri, panel: ViewColumn | undefined): ViewColumn {
  const shown = window.visibleTextEditors.find((e) => e.document.uri.toString() === uri.toString());
  if (shown?.viewColumn !== undefined) return shown.viewColumn;
  return panel === ViewColumn.One ? ViewColumn.Two : ViewColumn.One;
}

export async function openSource(at: DocRange, panel: ViewColumn | undefined): Promise<void> {
  const uri = Uri.parse(at.uri, true);
  const range = new Range(at.line, at.character, at.endLine, at.endCharacter);
  try {
    const document = await workspace.openTextDocument(uri);
    const editor = await window.showTextDocument(document, {
      viewColumn: columnFor(uri, panel),
      selection: range,
    });
    editor.revealRange(range, TextEditorRevealType.InCenterIfOutsideViewport);
  } catch (error) {
    void window.showWarningMessage(
      `Cannot open ${uri.path}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
