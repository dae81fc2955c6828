/**
 * The C of every export, second part: operations, steps, and what Spin calls.
 *
 * A step runs on Spin's state with a log of what it changed. `rl_can` runs it to see whether it is
 * enabled, notes the outcome and takes it back; `rl_do` takes the noted outcome. Spin asks twice for
 * each option, and for options that have no choice behind them: what the last thread tried in this very
 * state is not tried again.
 */

/** What intrinsics and calls do. */
export const OPERATIONS = `static void rl_enter_atomic(void) {
  if (rl_atomic++ == 0) rl_acted = rl_waited = 0;
}
static int rl_blocks(int blocked, int kind) {
  if (rl_acted > 0 || rl_waited)
    rl_fail("model-error", "wait is not the first thing in its atomic region");
  if (rl_irq && kind == 0) rl_fail("irq-wait", "sleeps in interrupt context");
  if (blocked) {
    if (rl_solo) rl_fail("model-error", "code that runs alone waits");
    rl_idle = kind == 1;
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
static int rl_recorded(int any) {
  int back = any ? rl_get(rl_fp + RL_RETURN) : 0;
  return (rl_fns[rl_of(back ? back - 1 : rl_op)]->number + 1) * 64;
}
static int rl_alloc(int p, int any) {
  const struct rl_pool *pool = &rl_pools[p];
  int from = pool->first[rl_t], again, n, cell, life;
  rl_acted++;
  for (again = 0; again < 2; again++)
    for (n = 0; n < pool->count; n++) {
      cell = pool->hidden + (from + n) % pool->count;
      life = rl_life(rl_get(cell));
      if (life && !(again && life % 2 == 0)) continue;
      if (life >= 32)
        rl_fail("model-error", "pool %s: an object was allocated more than 16 times", pool->name);
      rl_put(cell, (pool->leaks ? rl_recorded(any) : 0) + life + 1);
      return (life / 2 << 20) + pool->at + RL_BASE + (cell - pool->hidden) * pool->stride;
    }
  rl_fail("model-error", "pool %s is exhausted: %d of %s in use", pool->name, pool->count, pool->element);
  return 0;
}
static const char *rl_in_use(int start, const struct rl_busy *busy) {
  for (; busy->text; busy++) {
    int v = rl_get(start + busy->offset);
    if (v && rl_place(v) - RL_BASE != start + busy->offset) return busy->text;
  }
  return 0;
}
static void rl_free(long long address, int any) {
  int i = (int)rl_place(address) - RL_BASE, p, n, start, cell;
  const char *busy;
  if (address == 0) return;
  rl_acted++;
  for (p = 0; p < RL_POOLS; p++) {
    const struct rl_pool *pool = &rl_pools[p];
    const char *name = pool->element;
    if (i < pool->at || i >= pool->at + pool->stride * pool->count) continue;
    n = (i - pool->at) / pool->stride;
    start = pool->at + n * pool->stride;
    cell = rl_get(pool->hidden + n);
    if (!rl_alive(cell, address)) {
      if (rl_life(cell) & 1)
        rl_fail("double-free", "double free of %s: freed and allocated again before", name);
      if (rl_life(cell) == 0) rl_fail("double-free", "double free of %s: never allocated", name);
      rl_fail("double-free", "double free of %s: freed in %s before", name, rl_site(cell));
    }
    if (i != start) rl_fail("lifetime", "free of a pointer into the middle of %s", name);
    busy = rl_in_use(start, pool->busy);
    if (busy) rl_fail("free-in-use", "free of %s while %s", name, busy);
    for (i = start; i < start + pool->stride; i++) rl_put(i, 0);
    rl_put(pool->hidden + n, rl_recorded(any) + rl_life(cell) + 1);
    return;
  }
  rl_fail("lifetime", "free of something that is not from a pool");
}
static void rl_dead(int pc) {
  const struct rl_fn *f = rl_fns[rl_of(pc)];
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
  for (f = 0; f < RL_FNS; f++) if (rl_fns[f]->number + RL_FUNCTIONS == value) return f;
  rl_fail("model-error", value == 0 ? "call through a NULL pointer" : "call through a pointer to no function");
  return 0;
}
static int rl_enter(int f, int pc, int given) {
  int base = rl_sp;
  if (base + rl_fns[f]->frame > rl_base + (rl_solo ? RL_REGION : rl_threads[rl_t].cells))
    rl_fail("model-error", "stack overflow in %s", rl_fns[f]->name);
  while (given < 32) rl_arg[given++] = 0;
  rl_sp = base + rl_fns[f]->frame;
  rl_fns[f]->params(base);
  rl_dead(pc);
  rl_put(base + RL_RETURN, pc + 1);
  rl_put(base + RL_CALLER, rl_fp);
  rl_fp = base;
  return rl_fns[f]->entry;
}
static int rl_leave(void) {
  int fp = rl_fp, back = rl_get(fp + RL_RETURN), size = rl_fns[rl_of(rl_op)]->size, i;
  rl_fp = rl_get(fp + RL_CALLER);
  if (back && size > 0) rl_fns[rl_of(back - 1)]->keep(back - 1, size);
  if (rl_get(fp + RL_SHARED) == 1) {
    const char *busy = rl_in_use(fp, rl_fns[rl_of(rl_op)]->busy);
    if (busy) rl_fail("free-in-use", "returns while on-stack %s", busy);
  }
  if (rl_get(fp + RL_SHARED) == 1) rl_put(rl_base + RL_ESCAPED, rl_get(rl_base + RL_ESCAPED) - 1);
  for (i = fp; i < rl_sp; i++) rl_put(i, 0);
  rl_sp = fp;
  if (!back) return RL_ENDED;
  if (size == 0) rl_fns[rl_of(back - 1)]->keep(back - 1, 0);
  return back;
}
static int rl_may_stop(int pc) { rl_op = pc; return rl_n > 0 && !rl_atomic && !rl_solo; }
static void rl_tick(void) {
  if (rl_n > 20000)
    rl_fail("model-error", "no visible operation in %s", rl_fns[rl_of(rl_op)]->name);
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
  do pc = rl_fns[rl_of(pc)]->run(pc); while (pc >= 0 && !rl_yield);
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
  rl_sp = rl_fp + rl_fns[f]->frame;
  rl_irq = irq;
  rl_solo = solo;
}
static void rl_run_alone(int f) {
  int mark = rl_logged;
  rl_push(RL_COUNT, f, 0, 1);
  rl_result = 0;
  rl_attempt(rl_fns[f]->entry, 1);
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
  const struct rl_fn *f = rl_fns[rl_of(pc)];
  return f->statements[f->statement[pc - f->entry]];
}
static int rl_shown_thread, rl_shown_pc;
static int rl_tried = -1, rl_moved, rl_alternatives;
static long rl_tried_code;
static int rl_try(int t, long code) {
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
  if (code == 0) rl_alternatives = moved && rl_combinations > 1;
  if (moved && rl_combinations > rl_threads[t].most && !rl_violation[0])
    snprintf(rl_violation, sizeof rl_violation, "model-error: %s: more choices in one step than were exported", rl_threads[t].name);
  else if (moved && rl_code != 0) moved = 0;
  else if (moved && !rl_violation[0]) rl_invariants();
  rl_keep_outcome();
  rl_undo(0);
  return moved;
}
static int rl_can(int t, long code) {
  if (rl_tried == t && rl_same()) {
    if (code == rl_tried_code) return rl_moved;
    if (code > 0 && !rl_alternatives) return 0;
  } else rl_remember();
  rl_tried = t;
  rl_tried_code = code;
  if (code > 0) rl_alternatives = 1;
  return rl_moved = rl_try(t, code);
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
    rl_attempt(rl_fns[rl_threads[t].fn]->entry, 0);
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
      rl_threads[t].name, rl_fns[rl_of(rl_waits)]->name);
  }
  rl_tried = -1;
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
  for (t = 0; t < RL_POOLS; t++) {
    const struct rl_pool *pool = &rl_pools[t];
    for (i = 0; pool->leaks && i < pool->count; i++) {
      int cell = rl_get(pool->hidden + i);
      if ((rl_life(cell) & 1) == 0) continue;
      snprintf(rl_violation, sizeof rl_violation, "final: %s: %s is never freed", rl_site(cell), pool->element);
      rl_report();
    }
  }
  rl_violation[0] = 0;
}`;
