import type { MailDocument, Message } from '../mail/index.js';
import type { FilePatch } from './types.js';

export type Language = 'c' | 'rust' | 'shell' | 'docs' | 'translation' | 'build' | 'other';

/** Language of a file by its path. Translations are documents in `Documentation/translations/`. */
export function languageOf(path: string): Language {
  if (path.startsWith('Documentation/translations/')) return 'translation';
  if (/\.[ch]$/.test(path)) return 'c';
  if (/\.rs$/.test(path)) return 'rust';
  if (/\.(?:sh|bash|pl|py|awk)$/.test(path) || path.startsWith('scripts/')) return 'shell';
  if (
    path.startsWith('Documentation/') ||
    /\.(?:rst|txt|md|[1-9])$/.test(path) ||
    path === 'MAINTAINERS'
  )
    return 'docs';
  if (/(?:^|\/)(?:Kconfig[^/]*|Kbuild|Makefile[^/]*|configure(?:\.ac)?)$/.test(path))
    return 'build';
  return 'other';
}

/** Whether this is C of the kernel or of anything else. */
export function isC(path: string): boolean {
  return languageOf(path) === 'c';
}

/** Userspace trees whose series go to the same lists: by a path that only they have. */
const TREES: readonly (readonly [string, RegExp])[] = [
  [
    'xfstests',
    /^(?:tests\/[a-z0-9-]+\/(?:\d{3,4}(?:\.\w+)*|group)$|common\/[a-z0-9-]+$|ltp\/|m4\/|src\/[\w-]+\.(?:c|pl|py|sh)$|crash\/)/,
  ],
  [
    'e2fsprogs',
    /^(?:lib\/(?:ext2fs|e2p|et|blkid|uuid|ss|support)\/|e2fsck\/|misc\/|debugfs\/|resize\/|e4defrag|debian\/|tests\/[a-z]_\w+\/)/,
  ],
  [
    'xfsprogs',
    /^(?:libxfs\/|libxlog\/|libfrog\/|libxcmd\/|mkfs\/|repair\/|db\/|scrub\/|spaceman\/|mdrestore\/|io\/[\w-]+\.[ch]$|copy\/|growfs\/|quota\/|man\/man\d\/)/,
  ],
  [
    'btrfs-progs',
    /^(?:cmds\/|kernel-shared\/|common\/[\w-]+\.[ch]$|check\/[\w-]+\.[ch]$|convert\/|tests\/(?:fsck|misc|mkfs|cli|convert|fuzz)-tests\/)/,
  ],
];

/** The names in subjects: `[PATCH xfstests]`, `[xfsprogs PATCH v2 1/3]`, `[PATCH] btrfs-progs: …`. */
const TAG =
  /(?:\[[^\]]*\b|\] *)(xfstests|fstests|e2fsprogs|xfsprogs|btrfs-progs|f2fs-tools|erofs-utils|nfs-utils|blktests|util-linux)\b(?:[^\]]*\]|:)/i;

/** Directories at the top of a kernel tree that hold C. */
const KERNEL =
  /^(?:arch|block|certs|crypto|drivers|fs|include|init|io_uring|ipc|kernel|lib|mm|net|rust|samples|security|sound|tools|usr|virt)\//;

/** The userspace project that a subject names in or right behind its brackets. */
export function userspaceTag(subject: string): string | undefined {
  const found = TAG.exec(subject.slice(0, 300))?.[1]?.toLowerCase();
  return found === 'fstests' ? 'xfstests' : found;
}

function treeOfSubject(messages: readonly Message[]): string | undefined {
  for (const { subject } of messages) {
    const found = userspaceTag(subject);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The userspace project that all these paths belong to; undefined for the kernel and for what is unknown. */
export function userspaceTree(paths: readonly string[]): string | undefined {
  if (paths.length === 0) return undefined;
  const own = (tree: RegExp): number => paths.filter((path) => tree.test(path)).length;
  if (paths.some((path) => KERNEL.test(path) && !TREES.some(([, tree]) => tree.test(path))))
    return undefined;
  const best = TREES.map(([name, tree]) => ({ name, n: own(tree) })).sort((a, b) => b.n - a.n)[0];
  return best && best.n * 2 >= paths.length ? best.name : undefined;
}

/** Whether a patch with these paths is for a userspace project. */
export function isUserspace(paths: readonly string[]): boolean {
  return userspaceTree(paths) !== undefined;
}

function topOf(path: string): string {
  const parts = path.split('/');
  if (path.startsWith('Documentation/translations/')) return 'Documentation/translations/…';
  return parts.length > 1 ? `${parts[0] ?? ''}/…` : path;
}

function listed(paths: readonly string[]): string {
  const tops = [...new Set(paths.map(topOf))];
  return tops.length > 3
    ? `${tops.slice(0, 3).join(', ')} and ${tops.length - 3} more`
    : tops.join(', ');
}

function nothingFound(doc: MailDocument): string {
  const n = doc.messages.length;
  const encoded = doc.problems.filter((p) => p.message.endsWith('was not decoded')).length;
  const lost = doc.problems.some((p) => p.message.startsWith('the line ends'));
  const why =
    encoded > 0 ? ` (${encoded} of the texts not decoded)` : lost ? ' (line ends were lost)' : '';
  return `no patch found in ${n} ${n === 1 ? 'message' : 'messages'}${why}`;
}

/**
 * One line on why there is nothing to analyse: no patch, a userspace series, no C. Undefined when
 * there is kernel C, or C that cannot be told from it.
 */
export function whyNothing(doc: MailDocument, files: readonly FilePatch[]): string | undefined {
  const changed = files.filter(
    (f) => f.hunks.length > 0 || f.isRename || f.isBinary || f.newMode !== undefined,
  );
  if (changed.length === 0) return nothingFound(doc);
  const paths = [...new Set(changed.map((f) => f.path).filter((path) => path !== ''))];
  const tree = treeOfSubject(doc.messages) ?? userspaceTree(paths);
  if (tree !== undefined && !paths.some((path) => KERNEL.test(path) && path.startsWith('fs/')))
    return `userspace series (${tree})`;
  const hasC = paths.some(isC) || changed.some((f) => f.path === '' && f.hunks.length > 0);
  return hasC ? undefined : `no C in this patch (${listed(paths)})`;
}
