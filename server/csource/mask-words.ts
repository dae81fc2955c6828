/**
 * Words that the C grammar does not know, by syntax class. The list ages with the kernel: it is
 * data, and a word missing here costs an error node, not a wrong answer.
 */

/** Annotations without arguments. */
export const ATTRIBUTE_WORDS: ReadonlySet<string> = new Set([
  '__user',
  '__iomem',
  '__rcu',
  '__percpu',
  '__force',
  '__kernel',
  '__bitwise',
  '__nocast',
  '__private',
  '__safe',
  '__init',
  '__exit',
  '__initdata',
  '__initconst',
  '__exitdata',
  '__meminit',
  '__net_init',
  '__net_exit',
  '__ref',
  '__refdata',
  '__always_inline',
  '__inline',
  '__inline__',
  'noinline',
  'noinline_for_stack',
  '__noinline',
  'asmlinkage',
  'STATIC',
  '__must_check',
  '__packed',
  '__pure',
  '__attribute_const__',
  '__maybe_unused',
  '__always_unused',
  '__used',
  '__unused',
  '__weak',
  '__cold',
  '__hot',
  '__sched',
  '__cpuidle',
  '__lockfunc',
  '__visible',
  '__malloc',
  '__read_mostly',
  '__ro_after_init',
  '__latent_entropy',
  '__randomize_layout',
  '__no_randomize_layout',
  '__designated_init',
  '__cacheline_aligned',
  '__cacheline_aligned_in_smp',
  '____cacheline_aligned',
  '____cacheline_aligned_in_smp',
  '____cacheline_internodealigned_in_smp',
  '__noreturn',
  '__deprecated',
  '__no_sanitize_address',
  '__no_kcsan',
  '__no_kasan_or_inline',
  '__restrict',
  '__extension__',
  '__init_or_module',
  '__read_only',
  'notrace',
  'noinstr',
  '__bpf_kfunc',
  '__flatten',
  '__nonstring',
  '__no_context_analysis',
  // Model C
  '__pool',
  '__media',
  '__wcache',
  '__setup',
  '__finally',
  '__recovery',
  '__after_crash',
]);

/** Annotations that are followed by arguments. */
export const ATTRIBUTE_CALLS: ReadonlySet<string> = new Set([
  '__printf',
  '__scanf',
  '__releases',
  '__acquires',
  '__must_hold',
  '__must_not_hold',
  '__cond_acquires',
  '__releases_shared',
  '__acquires_shared',
  '__must_hold_shared',
  '__cond_lock',
  '__aligned',
  '__alloc_size',
  '__counted_by',
  '__counted_by_le',
  '__counted_by_be',
  '__section',
  '__attribute__',
  '__attribute',
  '__assume_aligned',
  '__guarded_by',
  '__pt_guarded_by',
  '__excludes',
  '__realloc_size',
  '__no_sanitize',
  '__diagnose_as',
  '__acquire_ret',
  '__cond_acquires_shared',
  '__declspec',
  // Model C
  '__thread',
  '__daemon',
  '__irq',
  '__invariant',
  '__after_crash',
  '__since',
  '__source',
  '__range',
  '__mod',
  '__busy',
  '__allocator',
  '__start',
  '__fix',
  '__mode',
  '__sleeps',
]);

/** Words with arguments that annotate a declarator, and are calls elsewhere. */
export const DECLARATOR_CALLS: ReadonlySet<string> = new Set([
  '__free',
  '__cleanup',
  '__pool',
  '__media',
  '__wcache',
]);

/** `NAME(a, b);` among members or locals that declares an array (first: name, second: size). */
export const ARRAY_DECLARERS: ReadonlySet<string> = new Set(['DECLARE_BITMAP']);

/** `NAME<n>(name, type, arg, …)` defines a function. */
export const SYSCALL_DEFINERS = /^(?:COMPAT_)?SYSCALL(?:32)?_DEFINE(\d)$/;

/** Spellings of operators that take types. */
export const TYPEOF_WORDS: ReadonlySet<string> = new Set([
  'typeof',
  '__typeof__',
  '__typeof',
  '__typeof_unqual__',
  'typeof_unqual',
]);
export const ALIGNOF_WORDS: ReadonlySet<string> = new Set([
  '__alignof__',
  '__alignof',
  '_Alignof',
  'alignof',
]);
export const OFFSETOF_WORDS: ReadonlySet<string> = new Set(['offsetof', '__builtin_offsetof']);

/** Words that begin or continue a type. */
export const TYPE_KEYWORDS: ReadonlySet<string> = new Set([
  'void',
  'char',
  'short',
  'int',
  'long',
  'float',
  'double',
  'signed',
  'unsigned',
  '_Bool',
  'struct',
  'union',
  'enum',
  'const',
  'volatile',
]);

const TYPE_NAME =
  /^(?:\w+_t|_*[us](?:8|16|32|64|128)|_*(?:le|be)(?:16|32|64)|bool|uint|ulong|ushort|uchar|size_t|type|__type|TYPE)$/;

/** An identifier that is a type by the spelling kernel people use for typedefs and type parameters. */
export function looksLikeType(name: string): boolean {
  return TYPE_NAME.test(name);
}
