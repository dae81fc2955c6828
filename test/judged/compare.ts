/**
 * What is claimed of a line against what was judged of it (README.md says what each entry means and
 * when a claim is wrong).
 */
import type { Held } from '../../server/context/held.js';

export interface JudgedLine {
  readonly where: string;
  readonly entries: readonly JudgedEntry[];
  readonly handle: string;
}

interface JudgedEntry {
  readonly kind: '' | 'caller' | 'also' | 'open';
  readonly path: string;
  readonly mode: string;
  readonly certainty: string;
}

const ENTRY = /^(?:(caller|also|open):)?(.+) (r|w|x|r\/w) (must|may)$/;
const KINDS = new Map<string | undefined, JudgedEntry['kind']>([
  ['caller', 'caller'],
  ['also', 'also'],
  ['open', 'open'],
]);

export function judgedLine(row: string): JudgedLine {
  const [where = '', expected = '', handle = ''] = row.split('\t');
  const entries = expected.split('; ').flatMap((text): readonly JudgedEntry[] => {
    const [, kind, path, mode, certainty] = ENTRY.exec(text) ?? [];
    if (path === undefined || mode === undefined || certainty === undefined) return [];
    return [{ kind: KINDS.get(kind) ?? '', path, mode, certainty }];
  });
  return { where, entries, handle };
}

/** Locks without a field of their own, by the word that the sample and the tool name them with. */
const BY_WORD: readonly (readonly [RegExp, string])[] = [
  [/^(?:folio|page) lock\b/, 'folio lock'],
  [/^buffer lock\b/, 'buffer lock'],
  [/^AG[IF] buffer lock\b/, 'b_sema'],
  [/^BH_\w+ bit lock\b/, 'bit spinlock'],
  [/^bitlock$/, 'bit spinlock'],
  [/^ext4_group_lock_ptr\(/, 'group lock'],
  [/^rcu$/i, 'rcu'],
  [/^sb_start_\w+/, 'freeze protection'],
];

/** The lock without its owner: `i_rwsem` of `inode->i_rwsem`. */
function lockOf(path: string): string {
  const word = BY_WORD.find(([pattern]) => pattern.test(path))?.[1];
  if (word === undefined && path.includes(' ')) return path;
  const last = path.replace(/\[[^\]]*\]$/, '').match(/(\w+)\)?$/)?.[1] ?? path;
  return word ?? last;
}

/** The inode lock of xfs is a member of `i_lock` that is written so nowhere. */
const INNER = new Map([['mr_lock', 'i_lock']]);

function classOf(h: Held): string {
  const cls = lockOf(h.class);
  return INNER.get(cls) ?? cls;
}

/** `inode` of `EXT4_I(inode)->i_data_sem`, of `folio lock of inode`, of a name that stands alone. */
function ownerOf(path: string): string {
  const of = / of (.+)$/.exec(path)?.[1] ?? path;
  return of.replace(/^(?:\w+\()+/, '').match(/\w+/)?.[0] ?? of;
}

function sameMode(h: Held, mode: string): boolean {
  return h.named || h.class === 'RCU' || mode === 'r/w' || (mode === 'r') === h.shared;
}

function isHandle(h: Held): boolean {
  return h.class === 'handle';
}

/** The claim about an entry: of its owner where there are several of its class. */
function claimOf(e: JudgedEntry, claims: readonly Held[]): Held | undefined {
  const same = claims.filter((h) => classOf(h) === lockOf(e.path));
  const exact = same.filter((h) => h.object === e.path);
  if (exact[0]) return exact[0];
  const best = same.filter((h) => ownerOf(h.object) === ownerOf(e.path));
  return [...best, ...same].sort((a, b) => Number(b.certain) - Number(a.certain))[0];
}

function handleProblems(handle: string, claims: readonly Held[]): readonly string[] {
  const [own, more] = [claims.find(isHandle), claims.find((h) => isHandle(h) && h.certain)];
  if (handle === 'handle' && more?.from !== 'here') return ['handle missing'];
  if ((handle === 'none' || handle === '?') && more) return ['handle is not certain'];
  return handle === '-' && own ? ['no handle here'] : [];
}

/** What is wrong in what is claimed of a line, in words; nothing when it is right. */
export function problemsOf(line: JudgedLine, claims: readonly Held[]): readonly string[] {
  const out: string[] = [...handleProblems(line.handle, claims)];
  const locks = claims.filter((h) => !isHandle(h));
  const used = new Set<Held>();
  const entries = [...line.entries].sort((a, b) => a.kind.length - b.kind.length);
  for (const e of entries) {
    const claim = claimOf(
      e,
      locks.filter((h) => !used.has(h)),
    );
    if (!claim) {
      if (e.kind === '') out.push(`${e.path} missing`);
      continue;
    }
    used.add(claim);
    if (e.kind === 'open') continue;
    if (!sameMode(claim, e.mode)) out.push(`${e.path} is held in the other mode`);
    if (claim.certain && e.certainty === 'may') out.push(`${e.path} is not certain: WRONG MUST`);
    if (!claim.certain && e.certainty === 'must' && e.kind === '') out.push(`${e.path} is certain`);
  }
  const judged = new Set(line.entries.map((e) => lockOf(e.path)));
  for (const h of locks)
    if (!used.has(h) && h.certain && h.from === 'here' && !isListed(h, judged))
      out.push(`${h.class} of ${h.object} is not held: WRONG MUST`);
  return out;
}

/** Not judged: transactions of other file systems, access that is counted. */
const NOT_JUDGED = new Set(['transaction', 'write access', 'freeze protection']);

function isListed(h: Held, judged: ReadonlySet<string>): boolean {
  return NOT_JUDGED.has(h.class) || (judged.has(classOf(h)) && h.object === '');
}
