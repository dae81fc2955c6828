/** `racelore scenarios`: what the model can run, and the fixes that can be turned on. */
import { oneLine, wrap } from '../report/plain.js';
import { analyzer } from './analyzer.js';
import { EXIT_CLEAN, print } from './exit.js';

export async function scenarios(): Promise<number> {
  const a = await analyzer();
  const out: string[] = [];
  for (const s of a.kernel.scenarios) {
    out.push(`${s.id}  ${oneLine(s.title)}`);
    out.push(...wrap(`threads: ${s.threads.join(', ')}`, 68, '  ').map((l) => `    ${l}`));
    for (const b of s.bounds) out.push(`    bound: ${oneLine(b)}`);
    for (const src of s.sources)
      out.push(...wrap(`source: ${oneLine(src)}`, 68, '  ').map((l) => `    ${l}`));
    for (const f of s.fixes)
      out.push(...wrap(`--with ${f.id}: ${oneLine(f.text)}`, 68, '  ').map((l) => `    ${l}`));
  }
  print(`${out.join('\n')}\n`);
  return EXIT_CLEAN;
}
