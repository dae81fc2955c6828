/**
 * Fidelity of the model: what a function of the model does, in order, against the function of a kernel
 * tree that it names with `__source("file:function")`. In: the model kernel, a profile, and a reader of
 * the tree's files. Out: one row a function. Never: a walk through the tree, a judgement on what the
 * functions compute; only calls of functions that the model has, through pointers too, and their order.
 *
 * Conform means: (1) every way through the model function is, event by event, a way through the real one
 * when that is seen through the model's events; (2) two events that the real function can do one after
 * the other, the model function can do in that order; (3) the real function takes no lock, handle or
 * wait of the model that the model function leaves out. What may look different is in docs/model-c.md.
 */
export type { ConformRow } from './conform.js';
export { conform, profileOfTree } from './conform.js';
