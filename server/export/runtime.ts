/**
 * The C that every export has in common: cells, frames, checks, steps. It stands in `c_code` blocks,
 * so it has no `#` lines; Spin keeps a copy of it as a string, so it has no backslash but `\n`.
 *
 * A step runs on Spin's state with a log of what it changed. `rl_can` runs it to see whether it is
 * enabled, notes the outcome and takes it back; `rl_do` takes the noted outcome.
 */

/** Declarations that come before everything else. */
export const DECLARATIONS = `extern void (*uerror)(char *);
extern int readtrail;
enum { RL_BASE = 4096, RL_REGION = 1024, RL_FUNCTIONS = 1 << 24, RL_ENDED = -1, RL_BLOCKED = -2 };
enum { RL_STATUS, RL_PC, RL_FP, RL_SP, RL_ESCAPED, RL_HEADER };
enum { RL_RETURN, RL_CALLER, RL_SHARED };
struct rl_fn {
  const char *name;
  int number, entry, frame, size, words;
  int (*run)(int);
  void (*params)(int);
  void (*keep)(int, int);
  const unsigned long long *dead;
  const unsigned short *statement;
  const char *const *statements;
};
struct rl_thread { const char *name; int fn, user, irq, cells, most; };
struct rl_check { const char *id; int fn; };
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
  n = snprintf(rl_violation, sizeof rl_violation, "%s: %s: ", property, rl_fns[rl_of(rl_op)].name);
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
static long long rl_clamp(__int128 v) {
  if (v > 0x7fffffffffffffffLL) return 0x7fffffffffffffffLL;
  return v < -0x7fffffffffffffffLL ? -0x7fffffffffffffffLL : (long long)v;
}
static long long rl_add(long long a, long long b) { return rl_clamp((__int128)a + b); }
static long long rl_sub(long long a, long long b) { return rl_clamp((__int128)a - b); }
static long long rl_mul(long long a, long long b) { return rl_clamp((__int128)a * b); }
static void rl_nonzero(long long b) { if (b == 0) rl_fail("model-error", "division by zero"); }
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
  if (b < 0 || b >= bits) rl_fail("model-error", "shift by %lld of a value of %d bits", b, bits);
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
static int rl_ranged(long long v, long long lo, long long hi) {
  if (v < lo || v > hi)
    rl_fail("model-error", "value %lld is out of range %lld..%lld", v, lo, hi);
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
export const ACCESS = `static long long rl_r(int slot) { return rl_get(rl_fp + slot); }
static long long rl_local(int slot) { return (long long)rl_fp + slot + RL_BASE; }
static int rl_frame_of(int base, int i) {
  int at = base == rl_base ? rl_fp : rl_get(base + RL_FP);
  while (at > i) at = rl_get(at + RL_CALLER);
  return at;
}
static int rl_visible(long long address, int write) {
  long long i = address - RL_BASE;
  if (i < 0) return 0;
  if (i < RL_GLOBALS) return write || rl_slot[i] >= 0 || rl_guard[i] >= 0;
  if (i < RL_THREADS || i >= RL_SIZE) return 0;
  if (i < rl_base || i >= rl_base + RL_REGION) return 1;
  return rl_get(rl_base + RL_ESCAPED) != 0 && rl_get(rl_frame_of(rl_base, (int)i) + RL_SHARED) != 0;
}
static int rl_check(long long address) {
  long long i = address - RL_BASE;
  int base, top;
  if (i >= 0 && i < RL_GLOBALS) {
    int guard = rl_guard[i], life = guard < 0 ? 1 : rl_get(guard);
    if (life != 1)
      rl_fail("lifetime", life == 2 ? "use after free" : "use of an object that is not allocated");
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
  for (i = 0; i < n; i++) rl_put(to + i, rl_get((int)from - RL_BASE + i));
}`;

/** What intrinsics and calls do. */
export const OPERATIONS = `static void rl_enter_atomic(void) {
  if (rl_atomic++ == 0) rl_acted = rl_waited = 0;
}
static int rl_blocks(int blocked, int idle) {
  if (rl_acted > 0 || rl_waited)
    rl_fail("model-error", "wait is not the first thing in its atomic region");
  if (blocked) {
    if (rl_solo) rl_fail("model-error", "code that runs alone waits");
    if (rl_irq && !idle) rl_fail("irq-wait", "waits in interrupt context");
    rl_idle = idle;
    rl_waits = rl_op;
  } else rl_waited = 1;
  return blocked;
}
static int rl_pick(long long n) {
  int v;
  if (n <= 1) return 0;
  v = (int)(rl_code % n);
  rl_code /= n;
  rl_combinations *= n;
  return v;
}
static int rl_choice(long long n) {
  rl_acted++;
  if (n < 1 || n > 64) rl_fail("model-error", "choice among %lld", n);
  if (rl_solo && n > 1) rl_fail("model-error", "choice in code that runs alone");
  return rl_pick(n);
}
static int rl_fault(void) {
  int left = rl_get(RL_FAULTS), fails = 0;
  if (left > 0 && !rl_solo) {
    rl_acted++;
    fails = rl_pick(2);
    if (fails) rl_put(RL_FAULTS, left - 1);
  }
  return fails;
}
static int rl_alloc(int hidden, int count, const char *pool) {
  int i, wanted;
  rl_acted++;
  for (wanted = 0; wanted <= 2; wanted += 2)
    for (i = 0; i < count; i++)
      if (rl_get(hidden + i) == wanted) { rl_put(hidden + i, 1); return i; }
  rl_fail("model-error", "pool %s is exhausted", pool);
  return 0;
}
static void rl_free(long long address) {
  int i = (int)address - RL_BASE, p, n, start;
  if (address == 0) return;
  rl_acted++;
  for (p = 0; p < RL_POOLS; p++) {
    const int *pool = rl_pools[p];
    if (i < pool[1] || i >= pool[1] + pool[2] * pool[3]) continue;
    n = (i - pool[1]) / pool[2];
    start = pool[1] + n * pool[2];
    if (rl_get(pool[0] + n) != 1) rl_fail("lifetime", "double free");
    if (i != start) rl_fail("lifetime", "free of a pointer into the middle of an object");
    for (i = start; i < start + pool[2]; i++) rl_put(i, 0);
    rl_put(pool[0] + n, 2);
    return;
  }
  rl_fail("lifetime", "free of something that is not from a pool");
}
static void rl_dead(int pc) {
  const struct rl_fn *f = &rl_fns[rl_of(pc)];
  const unsigned long long *dead = f->dead + (pc - f->entry) * f->words;
  int w, b;
  for (w = 0; w < f->words; w++)
    for (b = 0; dead[w] >> b; b++) {
      if ((dead[w] >> b) & 1) rl_put(rl_fp + 64 * w + b, 0);
      if (b == 63) break;
    }
}
static int rl_function(long long value) {
  int f;
  for (f = 0; f < RL_FNS; f++) if (rl_fns[f].number + RL_FUNCTIONS == value) return f;
  rl_fail("model-error", value == 0 ? "call through a NULL pointer" : "call through a pointer to no function");
  return 0;
}
static int rl_enter(int f, int pc, int given) {
  int base = rl_sp;
  if (base + rl_fns[f].frame > rl_base + (rl_solo ? RL_REGION : rl_threads[rl_t].cells))
    rl_fail("model-error", "stack overflow in %s", rl_fns[f].name);
  while (given < 32) rl_arg[given++] = 0;
  rl_sp = base + rl_fns[f].frame;
  rl_fns[f].params(base);
  rl_dead(pc);
  rl_put(base + RL_RETURN, pc + 1);
  rl_put(base + RL_CALLER, rl_fp);
  rl_fp = base;
  return rl_fns[f].entry;
}
static int rl_leave(void) {
  int fp = rl_fp, back = rl_get(fp + RL_RETURN), size = rl_fns[rl_of(rl_op)].size, i;
  rl_fp = rl_get(fp + RL_CALLER);
  if (back && size > 0) rl_fns[rl_of(back - 1)].keep(back - 1, size);
  if (rl_get(fp + RL_SHARED) == 1) rl_put(rl_base + RL_ESCAPED, rl_get(rl_base + RL_ESCAPED) - 1);
  for (i = fp; i < rl_sp; i++) rl_put(i, 0);
  rl_sp = fp;
  if (!back) return RL_ENDED;
  if (size == 0) rl_fns[rl_of(back - 1)].keep(back - 1, 0);
  return back;
}
static int rl_may_stop(int pc) { rl_op = pc; return rl_n > 0 && !rl_atomic && !rl_solo; }
static void rl_tick(void) {
  if (rl_n > 20000)
    rl_fail("model-error", "no visible operation in %s", rl_fns[rl_of(rl_op)].name);
  rl_n++;
}
static int rl_stops(int pc) { rl_yield = 1; return pc; }`;

/** Steps, checks and what Spin calls. */
export const STEPS = `static void rl_save(int pc) {
  if (pc < 0) {
    rl_put(rl_base + RL_STATUS, 1);
    rl_put(rl_base + RL_PC, 0);
    rl_put(rl_base + RL_FP, 0);
    rl_put(rl_base + RL_SP, 0);
    rl_put(rl_base + RL_ESCAPED, 0);
    return;
  }
  rl_dead(pc);
  rl_put(rl_base + RL_PC, pc);
  rl_put(rl_base + RL_FP, rl_fp);
  rl_put(rl_base + RL_SP, rl_sp);
}
static int rl_attempt(int pc, int first) {
  if (setjmp(rl_stop)) return 1;
  rl_n = first ? 0 : 1;
  rl_yield = 0;
  do pc = rl_fns[rl_of(pc)].run(pc); while (pc >= 0 && !rl_yield);
  if (pc == RL_BLOCKED) { rl_violation[0] = 0; return 0; }
  rl_save(pc);
  return 1;
}
static void rl_reset(int t, long code) {
  rl_t = t;
  rl_base = RL_THREADS + t * RL_REGION;
  rl_code = code;
  rl_combinations = 1;
  rl_atomic = rl_acted = rl_waited = 0;
  rl_violation[0] = 0;
}
static void rl_push(int t, int f, int irq, int solo) {
  rl_reset(t, 0);
  rl_fp = rl_base + RL_HEADER;
  rl_sp = rl_fp + rl_fns[f].frame;
  rl_irq = irq;
  rl_solo = solo;
}
static void rl_run_alone(int f) {
  int mark = rl_logged;
  rl_push(RL_COUNT, f, 0, 1);
  rl_result = 0;
  rl_attempt(rl_fns[f].entry, 1);
  rl_undo(mark);
}
static void rl_invariants(void) {
  int i;
  for (i = 0; i < RL_INVARIANTS && !rl_violation[0]; i++) {
    rl_run_alone(rl_invariant[i].fn);
    if (!rl_violation[0] && rl_result == 0)
      snprintf(rl_violation, sizeof rl_violation, "invariant: %s", rl_invariant[i].id);
  }
}
static void rl_report(void) {
  static char *known[4096];
  static int count;
  int i;
  for (i = 0; i < count; i++) if (strcmp(known[i], rl_violation) == 0) return;
  if (count < 4096) known[count++] = strdup(rl_violation);
  uerror(rl_violation);
}
static int rl_noted, rl_noted_room, *rl_outcome;
static void rl_keep_outcome(void) {
  int i;
  if (rl_noted_room < rl_logged) {
    rl_noted_room = rl_logged;
    rl_outcome = (int *)realloc(rl_outcome, rl_noted_room * sizeof(int));
  }
  rl_noted = rl_logged;
  for (i = 0; i < rl_logged; i += 2) {
    rl_outcome[i] = rl_log[i];
    rl_outcome[i + 1] = rl_get(rl_log[i]);
  }
}
static const char *rl_where(int pc) {
  const struct rl_fn *f = &rl_fns[rl_of(pc)];
  return f->statements[f->statement[pc - f->entry]];
}
static int rl_shown_thread, rl_shown_pc;
static int rl_can(int t, long code) {
  int moved;
  rl_reset(t, code);
  if (!now.on || rl_get(rl_base + RL_STATUS)) return 0;
  rl_irq = rl_threads[t].irq;
  rl_solo = 0;
  rl_fp = rl_get(rl_base + RL_FP);
  rl_sp = rl_get(rl_base + RL_SP);
  rl_shown_thread = t;
  rl_shown_pc = rl_get(rl_base + RL_PC);
  moved = rl_attempt(rl_shown_pc, 1);
  if (moved && rl_combinations > rl_threads[t].most && !rl_violation[0])
    snprintf(rl_violation, sizeof rl_violation, "model-error: %s: more choices in one step than were exported", rl_threads[t].name);
  else if (moved && rl_code != 0) moved = 0;
  else if (moved && !rl_violation[0]) rl_invariants();
  rl_keep_outcome();
  rl_undo(0);
  return moved;
}
static void rl_do(void) {
  int i;
  if (readtrail) printf("%s: %s\\n", rl_threads[rl_shown_thread].name, rl_where(rl_shown_pc));
  if (rl_violation[0]) { rl_report(); return; }
  for (i = 0; i < rl_noted; i += 2) *rl_cell(rl_outcome[i]) = rl_outcome[i + 1];
}
static void rl_start(void) {
  int i, t;
  for (i = 0; i < RL_GLOBALS; i++) if (rl_slot[i] >= 0) now.mem[rl_slot[i]] = rl_fixed[i];
  for (i = RL_GLOBALS; i < RL_THREADS; i++) now.hid[i - RL_GLOBALS] = rl_fixed[i];
  for (t = 0; t < RL_COUNT && !rl_violation[0]; t++) {
    rl_push(t, rl_threads[t].fn, rl_threads[t].irq, 0);
    rl_attempt(rl_fns[rl_threads[t].fn].entry, 0);
    rl_logged = 0;
  }
  if (RL_PROBLEM[0]) snprintf(rl_violation, sizeof rl_violation, "%s", RL_PROBLEM);
  if (rl_violation[0]) { rl_report(); return; }
  rl_invariants();
  if (rl_violation[0]) rl_report();
  now.on = 1;
}
static void rl_judge(void) {
  char stuck[512] = "";
  int t, i;
  if (!now.on) return;
  for (t = 0; t < RL_COUNT; t++) {
    int n = strlen(stuck);
    if (rl_get(RL_THREADS + t * RL_REGION + RL_STATUS)) continue;
    rl_can(t, 0);
    if (rl_idle && !rl_threads[t].user) continue;
    snprintf(stuck + n, sizeof stuck - n, "%s %s waits in %s", n ? ";" : "deadlock:",
      rl_threads[t].name, rl_fns[rl_of(rl_waits)].name);
  }
  rl_violation[0] = 0;
  if (stuck[0]) { snprintf(rl_violation, sizeof rl_violation, "%s", stuck); rl_report(); return; }
  for (i = 0; i < RL_FINALS; i++) {
    char *text;
    rl_run_alone(rl_final[i]);
    if (!rl_violation[0]) continue;
    text = strchr(rl_violation, ' ');
    memmove(rl_violation + 6, text, strlen(text) + 1);
    memcpy(rl_violation, "final:", 6);
    rl_report();
  }
}`;
