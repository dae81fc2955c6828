import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Analyzer } from '../../../server/analysis/index.js';
import type { Assets, CheckResult } from '../../../server/analysis/index.js';
import type { ChangeReport } from '../../../server/analysis/types.js';
import { readAssets } from '../../../server/assets.js';
import type { Budget } from '../../../server/search/types.js';
import { ROOT, sharedData } from '../../support/tools.mjs';

export const UNLIMITED: Budget = { states: 5_000_000, expired: () => false };

export const ASSETS: Assets = readAssets();

let made: Promise<Analyzer> | undefined;

/** One analysis a test file. */
export function analyzer(): Promise<Analyzer> {
  made ??= Analyzer.create(ASSETS);
  return made;
}

export const EXAMPLE = readFileSync(join(ROOT, 'examples/zeroing.eml'), 'utf8');

/** Text of a real thread; undefined where the data is not there. */
export function seed(name: string): string | undefined {
  const file = join(sharedData() ?? '', 'seeds', name);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

const checked = new Map<string, CheckResult>();

/** A check from scratch, done once for each text. */
export async function check(text: string): Promise<CheckResult> {
  const known = checked.get(text);
  if (known) return known;
  const result = await checkAgain(text);
  checked.set(text, result);
  return result;
}

export async function checkAgain(text: string): Promise<CheckResult> {
  const a = await analyzer();
  a.close('test:mail');
  return a.check('test:mail', text, UNLIMITED);
}

/** `R1 absent`, one line a race of a change. */
export function outcomes(change: ChangeReport | undefined): readonly string[] {
  return (change?.races ?? []).map((r) => `${r.scenario} ${r.outcome}`);
}

/** Races that are as before and not where the change is. */
export function apart(change: ChangeReport | undefined): readonly string[] {
  return (change?.races ?? []).filter((r) => r.apart).map((r) => r.scenario);
}

/** 1-based lines, as people count. */
export function places(result: CheckResult): readonly string[] {
  return result.findings
    .filter((f) => f.severity === 'error' || f.severity === 'warning')
    .map((f) => `${f.at.line + 1}:${f.at.character + 1} ${f.rule} ${f.scenario ?? ''}`);
}
