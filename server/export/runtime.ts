/**
 * The C that every export has in common: cells, frames, checks, steps. It stands in `c_code` blocks,
 * so it has no `#` lines; Spin keeps a copy of it as a string, so it has no backslash but `\n`.
 */

/** Declarations that come before everything else. */
export const DECLARATIONS = `extern void (*uerror)(char *);
extern int readtrail;
enum { RL_BASE = 4096, RL_REGION = 1024, RL_FUNCTIONS = 1 << 24, RL_PLACE = (1 << 20) - 1, RL_ENDED = -1, RL_BLOCKED = -2 };
enum { RL_STATUS, RL_PC, RL_FP, RL_SP, RL_ESCAPED, RL_HEADER };
enum { RL_RETURN, RL_CALLER, RL_SHARED };
struct rl_busy { int offset; const char *text; };
struct rl_fn {
  const char *name;
  int number, entry, frame, size, words;
  int (*run)(int);
  void (*params)(int);
  void (*keep)(int, int);
  const unsigned long long *dead;
  const unsigned short *statement;
  const char *const *statements;
  const struct rl_busy *busy;
};
struct rl_thread { const char *name; int fn, user, irq, cells, most; };
struct rl_check { const char *id; int fn; };
struct rl_pool {
  int hidden, at, stride, count, leaks;
  const char *name, *element;
  const struct rl_busy *busy;
  const int *first;
};
struct rl_site { int number; const char *name; };
static int rl_fp, rl_sp, rl_base, rl_t, rl_irq, rl_solo, rl_op, rl_n, rl_yield;
static int rl_atomic, rl_acted, rl_waited, rl_idle, rl_waits;
static long long rl_result, rl_arg[32];
static long rl_code, rl_combinations;
static char rl_violation[512];
static jmp_buf rl_stop;`;

/** Cells, the log, failures. */
export const CELLS = `static int *rl_cell(int i) {
  static int none;
  int t, o;
  if (i < RL_GLOBALS) return rl_slot[i] >= 0 ? &now.mem[rl_slot[i]] : &rl_fixed[i];
  if (i < RL_THREADS) return &now.hid[i - RL_GLOBALS];
  t = (i - RL_THREADS) / RL_REGION;
  o = (i - RL_THREADS) % RL_REGION;
  if (t == RL_COUNT) return &rl_alone[o];
  if (o < rl_threads[t].cells) return rl_stack(t) + o;
  none = 0;
  return &none;
}
static int rl_get(int i) { return *rl_cell(i); }
static int *rl_log; static int rl_logged, rl_room;
static void rl_put(int i, int v) {
  int *p = rl_cell(i);
  if (*p == v) return;
  if (rl_logged + 2 > rl_room) {
    rl_room = 2 * rl_room + 4096;
    rl_log = (int *)realloc(rl_log, rl_room * sizeof(int));
  }
  rl_log[rl_logged++] = i;
  rl_log[rl_logged++] = *p;
  *p = v;
}
static void rl_undo(int mark) {
  while (rl_logged > mark) {
    rl_logged -= 2;
    *rl_cell(rl_log[rl_logged]) = rl_log[rl_logged + 1];
  }
}
static void rl_note(const char *property, const char *format, va_list more) {
  int n;
  if (rl_violation[0]) return;
  n = snprintf(rl_violation, sizeof rl_violation, "%s: %s: ", property, rl_fns[rl_of(rl_op)]->name);
  if (n < (int)sizeof rl_violation)
    vsnprintf(rl_violation + n, sizeof rl_violation - n, format, more);
}
static void rl_fail(const char *property, const char *format, ...) {
  va_list more;
  va_start(more, format);
  rl_note(property, format, more);
  va_end(more);
  longjmp(rl_stop, 1);
}
static void rl_warn(const char *text, ...) {
  va_list more;
  va_start(more, text);
  rl_note("warn", text, more);
  va_end(more);
}
static long long rl_not_understood(void) {
  rl_fail("model-error", "text that was not understood is run");
  return 0;
}`;

/** Arithmetic; 64 bits saturate where a double of 53 bits would have lost count anyway. */
export const ARITHMETIC = `static long long rl_bool(long long v) { return v != 0; }
static long long rl_i8(long long v) { return (signed char)v; }
static long long rl_u8(long long v) { return (unsigned char)v; }
static long long rl_i16(long long v) { return (short)v; }
static long long rl_u16(long long v) { return (unsigned short)v; }
static long long rl_i32(long long v) { return (int)v; }
static long long rl_u32(long long v) { return (unsigned int)v; }
static long long rl_int(long long v, const char *op) {
  if (v != (int)v)
    rl_fail("arithmetic", "signed integer overflow: the result of %s is no int", op);
  return v;
}
static long long rl_clamp(__int128 v) {
  if (v > 0x7fffffffffffffffLL) return 0x7fffffffffffffffLL;
  return v < -0x7fffffffffffffffLL ? -0x7fffffffffffffffLL : (long long)v;
}
static long long rl_add(long long a, long long b) { return rl_clamp((__int128)a + b); }
static long long rl_sub(long long a, long long b) { return rl_clamp((__int128)a - b); }
static long long rl_mul(long long a, long long b) { return rl_clamp((__int128)a * b); }
static void rl_nonzero(long long b) { if (b == 0) rl_fail("arithmetic", "division by zero"); }
static long long rl_div(long long a, long long b) { rl_nonzero(b); return b == -1 ? -a : a / b; }
static long long rl_mod(long long a, long long b) { rl_nonzero(b); return b == -1 ? 0 : a % b; }
static long long rl_udiv(long long a, long long b) {
  rl_nonzero(b);
  return rl_clamp((unsigned long long)a / (unsigned long long)b);
}
static long long rl_umod(long long a, long long b) {
  rl_nonzero(b);
  return rl_clamp((unsigned long long)a % (unsigned long long)b);
}
static void rl_shift(long long b, int bits) {
  if (b < 0) rl_fail("arithmetic", "shift exponent %lld is negative", b);
  if (b >= bits) rl_fail("arithmetic", "shift exponent %lld is too large for %d bits", b, bits);
}
static long long rl_shl(long long a, long long b, int bits) {
  rl_shift(b, bits);
  return bits == 64 ? rl_clamp((__int128)a * ((__int128)1 << b)) : (int)((unsigned int)a << b);
}
static long long rl_shr(long long a, long long b, int bits) { rl_shift(b, bits); return a >> b; }
static long long rl_ushr(long long a, long long b, int bits) {
  unsigned long long v;
  rl_shift(b, bits);
  v = (unsigned long long)a >> b;
  if (v >= 0xffffffffffffe000ULL) return -1;
  return v >= 0x4000000000000000ULL ? 0x7fffffff : (long long)v;
}
static long long rl_key(long long v) { return v > 0x7fffffff ? 0x7fffffff : v; }
static long long rl_ukey(long long v) { return v < 0 ? v + (1LL << 52) : rl_key(v); }
static int rl_compare(long long a, long long b) { return a < b ? -1 : a > b; }
static void rl_clear(long long a, long long b) {
  if (a >= 0x7fffffff && b >= 0x7fffffff && a != b)
    rl_fail("model-error", "comparison of two numbers that are above every range");
}
static int rl_order(long long a, long long b) {
  rl_clear(a, b);
  return rl_compare(rl_key(a), rl_key(b));
}
static int rl_uorder(long long a, long long b) {
  rl_clear(a, b);
  return rl_compare(rl_ukey(a), rl_ukey(b));
}
static int rl_ranged(long long v, long long lo, long long hi) {
  if (v < lo || v > hi)
    rl_fail("range", "value %lld is out of range %lld..%lld", v, lo, hi);
  return (int)v;
}
static int rl_near(long long v, long long to) { return v - to <= 1 << 20 && to - v <= 1 << 20; }
static int rl_fit(long long v) {
  long long two = 1LL << 31;
  if (v >= -two && v < two) return (int)v;
  if (v >= 1LL << 62 || rl_near(v, two) || rl_near(v, 2 * two)) return 0x7fffffff;
  if (v <= -(1LL << 62) || (v < 0 && v >= -two - (1 << 20))) return (int)-two;
  rl_fail("model-error", "value %lld does not fit a cell", v);
  return 0;
}
static long long rl_index(long long n, long long limit, int length) {
  if (n < 0 || n > limit)
    rl_fail("model-error", "index %lld is outside an array of %d", n, length);
  return n;
}`;

/** Which accesses others can see, and which are allowed. */
export const ACCESS = `static long long rl_place(long long address) {
  return address > RL_PLACE && address < RL_FUNCTIONS ? address & RL_PLACE : address;
}
static int rl_life(int cell) { return cell & 63; }
static int rl_alive(int cell, long long address) {
  long long life = address > RL_PLACE && address < RL_FUNCTIONS ? address >> 20 : 0;
  return rl_life(cell) == 2 * life + 1;
}
static const struct rl_pool *rl_pool_of(int hidden) {
  int p;
  for (p = 0; p < RL_POOLS; p++)
    if (hidden >= rl_pools[p].hidden && hidden < rl_pools[p].hidden + rl_pools[p].count)
      return &rl_pools[p];
  return 0;
}
static const char *rl_site(int cell) {
  int f, number = (cell >> 6) - 1;
  for (f = 0; f < RL_FNS; f++) if (rl_fns[f]->number == number) return rl_fns[f]->name;
  for (f = 0; rl_sites[f].name; f++) if (rl_sites[f].number == number) return rl_sites[f].name;
  return "";
}
static void rl_stale(int guard, int cell) {
  const char *name = rl_pool_of(guard)->element;
  if (rl_life(cell) == 0) rl_fail("use-after-free", "use of %s before it is allocated", name);
  if (rl_life(cell) & 1)
    rl_fail("use-after-free", "use after free of %s: freed and allocated again", name);
  rl_fail("use-after-free", "use after free of %s: freed in %s", name, rl_site(cell));
}
static long long rl_r(int slot) { return rl_get(rl_fp + slot); }
static long long rl_local(int slot) { return (long long)rl_fp + slot + RL_BASE; }
static int rl_frame_of(int base, int i) {
  int at = base == rl_base ? rl_fp : rl_get(base + RL_FP);
  while (at > i) at = rl_get(at + RL_CALLER);
  return at;
}
static int rl_visible(long long address, int write) {
  long long i = rl_place(address) - RL_BASE;
  if (i < 0) return 0;
  if (i < RL_GLOBALS) return write || rl_slot[i] >= 0 || rl_guard[i] >= 0;
  if (i < RL_THREADS || i >= RL_SIZE) return 0;
  if (i < rl_base || i >= rl_base + RL_REGION) return 1;
  return rl_get(rl_base + RL_ESCAPED) != 0 && rl_get(rl_frame_of(rl_base, (int)i) + RL_SHARED) != 0;
}
static int rl_check(long long address) {
  long long i = rl_place(address) - RL_BASE;
  int base, top;
  if (i >= 0 && i < RL_GLOBALS) {
    int guard = rl_guard[i];
    if (guard >= 0 && !rl_alive(rl_get(guard), address)) rl_stale(guard, rl_get(guard));
    return (int)i;
  }
  if (i < 0 && address >= 0)
    rl_fail("model-error", address == 0 ? "NULL is dereferenced" : "member of NULL is accessed");
  if (i < RL_THREADS || i >= RL_SIZE)
    rl_fail("model-error", "pointer to no object is dereferenced");
  base = RL_THREADS + ((int)i - RL_THREADS) / RL_REGION * RL_REGION;
  top = base == rl_base ? rl_sp : rl_get(base + RL_SP);
  if (i < base + RL_HEADER) rl_fail("model-error", "pointer to no object is dereferenced");
  if (i >= top) rl_fail("lifetime", "use of a local variable after its function returned");
  return (int)i;
}
static int rl_load(long long address) { return rl_get(rl_check(address)); }
static int rl_frame_end(int frame) {
  int end = rl_sp, at = rl_fp;
  while (at > frame) { end = at; at = rl_get(at + RL_CALLER); }
  return end;
}
static void rl_escape(int i) {
  int frame = rl_frame_of(rl_base, i), end, c;
  if (frame < rl_base || rl_get(frame + RL_SHARED) == 1) return;
  rl_put(frame + RL_SHARED, 1);
  rl_put(rl_base + RL_ESCAPED, rl_get(rl_base + RL_ESCAPED) + 1);
  end = rl_frame_end(frame);
  for (c = frame + 3; c < end; c++) {
    int v = rl_get(c) - RL_BASE;
    if (v >= rl_base && v < rl_sp) rl_escape(v);
  }
}
static void rl_store(long long address, int v) {
  int i = rl_check(address), seen = rl_visible(address, 1), target = v - RL_BASE;
  if (seen) {
    rl_acted++;
    if (i < RL_GLOBALS && rl_slot[i] < 0 && !rl_solo)
      rl_fail("model-error", "store to a cell that was taken for constant");
  }
  rl_put(i, v);
  if (target >= rl_base && target < rl_sp && (seen || i < rl_base)) rl_escape(target);
}
static void rl_zero(long long address, int n) { int i; for (i = 0; i < n; i++) rl_store(address + i, 0); }
static void rl_copy(int to, long long from, int n) {
  int i;
  for (i = 0; i < n; i++) rl_put(to + i, rl_get((int)rl_place(from) - RL_BASE + i));
}`;
