import { expect, test } from 'vitest';
import { readMailDocument } from '../../../server/mail/index.js';
import {
  isUserspace,
  languageOf,
  readDiffs,
  userspaceTree,
  whyNothing,
} from '../../../server/patch/index.js';

test.each([
  ['fs/demo/inode.c', 'c'],
  ['include/linux/demo.h', 'c'],
  ['Documentation/filesystems/demo.rst', 'docs'],
  ['Documentation/translations/zh_CN/demo.rst', 'translation'],
  ['scripts/checkpatch.pl', 'shell'],
  ['fs/demo/Kconfig', 'build'],
  ['rust/kernel/fs.rs', 'rust'],
  ['MAINTAINERS', 'docs'],
  ['arch/x86/entry.S', 'other'],
])('%s is %s', (path, language) => {
  expect(languageOf(path)).toBe(language);
});

test.each<readonly [readonly string[], string | undefined]>([
  [['tests/generic/001', 'tests/generic/001.out'], 'xfstests'],
  [['common/rc', 'tests/ext4/060'], 'xfstests'],
  [['lib/ext2fs/inode.c', 'e2fsck/pass1.c'], 'e2fsprogs'],
  [['libxfs/xfs_bmap.c', 'repair/phase6.c'], 'xfsprogs'],
  [['fs/ext4/inode.c'], undefined],
  [['fs/ext4/inode.c', 'tests/generic/001'], undefined],
  [['lib/sbitmap.c'], undefined],
  [['unheard/of.c'], undefined],
  [[], undefined],
])('%j is of %s', (paths, tree) => {
  expect(userspaceTree(paths)).toBe(tree);
  expect(isUserspace(paths)).toBe(tree !== undefined);
});

function why(subject: string, ...paths: readonly string[]): string | undefined {
  const body = paths.map((p) => `--- a/${p}\n+++ b/${p}\n@@ -1 +1 @@\n-a\n+b\n`).join('');
  const doc = readMailDocument(`From: a@b\nSubject: ${subject}\n\n${body}`, 'file:///m');
  return whyNothing(doc, readDiffs(doc));
}

test('why there is nothing to analyse', () => {
  expect(why('[PATCH] demo: fix', 'fs/demo/x.c')).toBeUndefined();
  expect(why('[PATCH] demo: fix', 'fs/demo/x.c', 'Documentation/x.rst')).toBeUndefined();
  expect(why('[PATCH] demo: fix', 'Documentation/x.rst')).toBe(
    'no C in this patch (Documentation/…)',
  );
  expect(why('[PATCH] demo: fix', 'Documentation/translations/it_IT/x.rst')).toBe(
    'no C in this patch (Documentation/translations/…)',
  );
  expect(why('[PATCH] demo: fix', 'tests/generic/100')).toBe('userspace series (xfstests)');
  expect(why('[xfsprogs PATCH 1/2] mkfs: fix', 'include/x.h')).toBe('userspace series (xfsprogs)');
  expect(why('[PATCH] btrfs-progs: fix', 'x.c')).toBe('userspace series (btrfs-progs)');
  expect(why('words')).toBe('no patch found in 1 message');
});

test('an encoded body is named as the reason', () => {
  const doc = readMailDocument(
    'From: a@b\nSubject: x\nContent-Transfer-Encoding: base64\n\nZGlmZg==\n',
    'file:///m',
  );
  expect(whyNothing(doc, readDiffs(doc))).toBe(
    'no patch found in 1 message (1 of the texts not decoded)',
  );
});
