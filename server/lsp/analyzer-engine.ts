/** The analysis of this installation as the server's fast part. */
import type { Analyzer, DocumentAnalysis as Analysed } from '../analysis/index.js';
import type { Assets } from '../assets.js';
import { hoverMarkdown } from '../report/hover.js';
import type { DocumentAnalysis, Engine } from './engine.js';

/** The façade's facts as what LSP shows. */
function worded(analysis: Analysed): DocumentAnalysis {
  return {
    ...analysis,
    hover(line, character) {
      const found = analysis.hover(line, character);
      if (!found) return undefined;
      const { facts, table, watched, range } = found;
      return { markdown: hoverMarkdown(facts, table, watched), range };
    },
  };
}

export function engineOf(analyzer: Analyzer, assets: Assets): Engine {
  const kernel = new Map(assets.kernel.map((f) => [f.name, f.text]));
  return {
    open: (uri, text) => worded(analyzer.open(uri, text)),
    close: (uri) => {
      analyzer.close(uri);
    },
    explain: (id) => analyzer.explain(id),
    kernelText: (name) => kernel.get(name),
  };
}
