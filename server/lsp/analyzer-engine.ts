/** The analysis of this installation as the server's fast part. */
import type { Analyzer } from '../analysis/index.js';
import type { Assets } from '../assets.js';
import type { Engine } from './engine.js';

export function engineOf(analyzer: Analyzer, assets: Assets): Engine {
  const kernel = new Map(assets.kernel.map((f) => [f.name, f.text]));
  return {
    open: (uri, text) => analyzer.open(uri, text),
    close: (uri) => {
      analyzer.close(uri);
    },
    explain: (id) => analyzer.explain(id),
    kernelText: (name) => kernel.get(name),
  };
}
