/**
 * What V8 is told about compiling. Most of a short run is code that runs for the first time: with the usual settings
 * V8 optimises much of it too early and too widely, and throws half of that away when the next kind of program state
 * comes. A third as often and with less inlining, runs of up to a second are a tenth shorter and take a fifth less of
 * the processors; those of many seconds are as fast as before.
 */
import { setFlagsFromString } from 'node:v8';

/** The versions on which this was measured (Node 20); others have other compilers. */
const MEASURED = /^11\.3\./;

/** After the bundles are loaded: V8 takes no code that was compiled under other flags. */
export function compileLess(): void {
  if (!MEASURED.test(process.versions.v8)) return;
  setFlagsFromString('--interrupt-budget=200000');
  setFlagsFromString('--max-inlined-bytecode-size-cumulative=300');
}
