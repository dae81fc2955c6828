/**
 * The two anchor models as hand-written Promela: the measure for what the same races cost in
 * Model C (`*.c` beside this file). One alternative is one `d_step`; labels are those of the C.
 */

export interface ModelA {
  readonly blocks: number;
  readonly writers: number;
  /** The mapping is looked up again when its sequence number has changed. */
  readonly fixed: boolean;
  /** Asserts already when the reservation was given back, not only at the end. */
  readonly early: boolean;
}

export interface ModelB {
  readonly blocks: number;
  readonly tasks: number;
  /** Waits for writeback before the handle starts, not under it. */
  readonly fixed: boolean;
}

const times = (n: number, text: (i: number) => string, between = '\n'): string =>
  Array.from({ length: n }, (_, i) => text(i)).join(between);

/** Number of delayed blocks from block 0 on without a gap. */
function delayedRun(n: number, i = 0): string {
  const one = `(es[${i}] == 1)`;
  return i === n - 1 ? one : `(${one} * (1 + ${delayedRun(n, i + 1)}))`;
}

const start = (next: string, also = ''): string =>
  `L_hs: if :: d_step { ts <= 1; ts = 1; tup = tup + 1${also} }; goto ${next} fi;`;

/** Takes finished requests up and completes them: worker, disk and journal of both models. */
function background(n: number, lock: string): string {
  return `
active proctype ioend()
{ byte e = 0;
end_wait: if
${times(n, (i) => `  :: d_step { ioq[${i}] == 1; ioq[${i}] = 0; e = ${i} }; goto L_hs`)}
  fi;
${start('L_sem')}
L_sem: if :: d_step { ${lock}; isw = 1 }; goto L_cv fi;
L_cv: if
  :: d_step { es[e] == 3; es[e] = 2${lock.includes('isr') ? '; seq = (seq + 1) & 15' : ''} }; goto L_us
  :: es[e] != 3; goto L_us
  fi;
L_us: isw = 0; goto L_hp;
L_hp: tup = tup - 1; goto L_cl;
L_cl: if :: d_step { fw[e] = 0; e = 0 }; goto end_wait fi;
}
active proctype disk()
{
end_d: if
${times(n, (i) => `  :: d_step { io[${i}] == 1; io[${i}] = 0; ioq[${i}] = 1 }; goto end_d`)}
  fi;
}
active proctype jbd2()
{
end_idle: if :: d_step { ts == 1 && commits > 0; ts = 2; commits = commits - 1 }; goto L_wait fi;
L_wait: if :: d_step { tup == 0; ts = 3 }; goto L_flush fi;
L_flush: ts = 4; goto L_com;
L_com: ts = 0; goto end_idle;
}`;
}

const FREE = 'isw == 0 && isr == 0';

function writebackA({ blocks: n, fixed, early }: ModelA): string {
  const recheck = `L_rechk: if
  :: d_step { seq != sseq; isw = 0 }; goto L_retry
  :: seq == sseq; goto L_ins0
  fi;
L_retry: tup = tup - 1; goto L_look;`;
  const delayed = times(n, (i) => `(es[${i}] == 1)`, ' + ');
  const account = early
    ? `L_acct: resv = (resv - ln) & 7; goto L_early;
L_early: if :: d_step { assert(resv == ${delayed}) }; goto L_us fi;`
    : 'L_acct: resv = (resv - ln) & 7; goto L_us;';
  return `active proctype wb()
{ byte i = 0; byte ln = 0; byte sseq = 0;
L_look: if :: d_step { ln = ${delayedRun(n)}; sseq = seq }; goto L_chk fi;
L_chk: if :: ln == 0; goto L_fin :: ln > 0; goto L_hs fi;
${start('L_sem')}
L_sem: if :: d_step { ${FREE}; isw = 1 }; goto ${fixed ? 'L_rechk' : 'L_ins0'} fi;
${fixed ? recheck : ''}
L_ins0: i = 0; goto L_ins;
L_ins: if
  :: d_step { i < ln; es[i] = 3; seq = (seq + 1) & 15; i = i + 1 }; goto L_ins
  :: i >= ln; goto L_acct
  fi;
${account}
L_us: isw = 0; goto L_hp;
L_hp: if :: d_step { tup = tup - 1; i = 0 }; goto L_lp fi;
L_lp: if :: i < ln; goto L_fl :: i >= ln; goto L_fin fi;
L_fl: if :: d_step { fl[i] == 0; fl[i] = 1 }; goto L_dt fi;
L_dt: if
  :: d_step { fd[i] == 1; fd[i] = 0; fw[i] = 1 }; goto L_sub
  :: fd[i] == 0; goto L_ul
  fi;
L_sub: io[i] = 1; goto L_ul;
L_ul: if :: d_step { fl[i] = 0; i = i + 1 }; goto L_lp fi;
L_fin: dn[0] = 1; goto end;
end: (0);
}`;
}

function truncate(n: number): string {
  return `active proctype tr()
{ byte b = 0;
L_lock: if :: d_step { ilock == 0; ilock = 1 }; goto L_size fi;
L_size: if :: d_step { isize = 1; b = 1 }; goto L_lp fi;
L_lp: if :: b < ${n}; goto L_fl :: b >= ${n}; goto L_hs fi;
L_fl: if :: d_step { fl[b] == 0; fl[b] = 1 }; goto L_ww fi;
L_ww: fw[b] == 0; goto L_cl;
L_cl: fd[b] = 0; goto L_ul;
L_ul: if :: d_step { fl[b] = 0; b = b + 1 }; goto L_lp fi;
${start('L_sem')}
L_sem: if :: d_step { ${FREE}; isw = 1; b = 1 }; goto L_rm fi;
L_rm: if
  :: d_step { b < ${n}; resv = resv - (es[b] == 1); es[b] = 0; seq = (seq + 1) & 15; b = b + 1 }; goto L_rm
  :: b >= ${n}; goto L_us
  fi;
L_us: isw = 0; goto L_hp;
L_hp: tup = tup - 1; goto L_un;
L_un: ilock = 0; goto L_fin;
L_fin: if :: d_step { dn[1] = 1; b = 0 }; goto end fi;
end: (0);
}`;
}

/** Writers begin at different blocks. */
function writer(n: number, k: number): string {
  return `active proctype wr${k}()
{ byte c = 0; bit h = 0;
L_lock: if :: d_step { ilock == 0; ilock = 1; c = ${k === 0 ? 1 : 0} }; goto L_lp fi;
L_lp: if :: c < ${n}; goto L_fl :: c >= ${n}; goto L_un fi;
L_fl: if :: d_step { fl[c] == 0; fl[c] = 1 }; goto L_st fi;
L_st: fw[c] == 0; goto L_rd;
L_rd: if :: d_step { isw == 0; isr = isr + 1 }; goto L_lk fi;
L_lk: h = (es[c] == 0); goto L_ru;
L_ru: isr = isr - 1; goto L_br;
L_br: if :: h == 1; goto L_sem :: h == 0; goto L_dt fi;
L_sem: if :: d_step { ${FREE}; isw = 1; h = 0 }; goto L_rs fi;
L_rs: if
  :: d_step { es[c] == 0; es[c] = 1; resv = resv + 1; seq = (seq + 1) & 15 }; goto L_us
  :: es[c] != 0; goto L_us
  fi;
L_us: isw = 0; goto L_dt;
L_dt: fd[c] = 1; goto L_ul;
L_ul: if :: d_step { fl[c] = 0; isize = isize + (isize <= c); c = c + 1 }; goto L_lp fi;
L_un: ilock = 0; goto L_fin;
L_fin: if :: d_step { dn[${k + 2}] = 1; c = 0 }; goto end fi;
end: (0);
}`;
}

/** "Stale delalloc": a mapping that was looked up without the lock is accounted as if it were current. */
export function promelaA(m: ModelA): string {
  const { blocks: n, writers } = m;
  const idle = times(n, (i) => `io[${i}] == 0 && ioq[${i}] == 0 && fw[${i}] == 0`, ' && ');
  const joined = `${times(2 + writers, (i) => `dn[${i}] == 1`, ' && ')} && ${idle}`;
  const delayed = times(n, (i) => `(es[${i}] == 1)`, ' + ');
  return `byte es[${n}] = 1; byte seq = 0; byte resv = ${n}; byte isize = ${n};
bit ilock = 0; bit isw = 0; byte isr = 0;
byte fl[${n}] = 0; byte fd[${n}] = 1; byte fw[${n}] = 0; byte io[${n}] = 0; byte ioq[${n}] = 0;
byte ts = 0; byte tup = 0; byte commits = 2; byte dn[${2 + writers}] = 0;
${writebackA(m)}
${truncate(n)}
${times(writers, (k) => writer(n, k))}
${background(n, FREE)}
active proctype chk()
{
end_c: if :: d_step { ${joined}; assert(resv == ${delayed}) }; goto end_z fi;
end_z: (0);
}
`;
}

function task(k: number, fixed: boolean): string {
  const lock = (next: string): string =>
    `L_fl: if :: d_step { fl[f] == 0; fl[f] = 1 }; goto ${next} fi;`;
  const head = fixed
    ? `  f = ${k}; goto L_fl;\n${lock('L_ww')}\nL_ww: fw[f] == 0; goto L_hs;\n${start('L_dt')}`
    : `${start('L_fl', `; f = ${k}`)}\n${lock('L_ww')}\nL_ww: fw[f] == 0; goto L_dt;`;
  return `active proctype t${k}()
{ byte f = 0;
${head}
L_dt: fd[f] = 1; goto L_sem;
L_sem: if :: d_step { isw == 0; isw = 1 }; goto L_md fi;
L_md: es[f] = 3; goto L_us;
L_us: isw = 0; goto L_ul;
L_ul: fl[f] = 0; goto L_hp;
L_hp: tup = tup - 1; goto L_nx;
L_nx: f = 0; goto end;
end: (0);
}`;
}

/** "Writeback under an active handle": tasks wait for writeback that itself needs a handle. */
export function promelaB({ blocks: n, tasks, fixed }: ModelB): string {
  return `byte fl[${n}] = 0; byte fd[${n}] = 1; byte fw[${n}] = 0; byte es[${n}] = 3;
byte io[${n}] = 0; byte ioq[${n}] = 0; byte ts = 0; byte tup = 0; byte commits = 2;
bit isw = 0; bit ilock = 0;
${times(tasks, (k) => task(k % n, fixed).replace(`t${k % n}()`, `t${k}()`))}
active proctype wb0()
{ byte i = 0;
L_lp: if :: i < ${n}; goto L_fl :: d_step { i >= ${n}; i = 0 }; goto end fi;
L_fl: if :: d_step { fl[i] == 0; fl[i] = 1 }; goto L_dt fi;
L_dt: if
  :: d_step { fd[i] == 1 && fw[i] == 0; fd[i] = 0; fw[i] = 1 }; goto L_sub
  :: fd[i] == 0 || fw[i] == 1; goto L_ul
  fi;
L_sub: io[i] = 1; goto L_ul;
L_ul: if :: d_step { fl[i] = 0; i = i + 1 }; goto L_lp fi;
end: (0);
}
${background(n, 'isw == 0')}
`;
}
