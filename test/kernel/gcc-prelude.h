/*
 * Lets gcc -fsyntax-only read Model C: the intrinsics as macros and prototypes. The scenario is
 * given first, so that its sizes win. See gcc-check.sh.
 */
#include <stdbool.h>
#include <stddef.h>

#define __atomic
#define __thread(name)
#define __daemon(name)
#define __irq(name)
#define __setup
#define __finally
#define __invariant(id)
#define __pool
#define __JOIN2(a, b) a##b
#define __JOIN(a, b) __JOIN2(a, b)
#define __DECL extern int __JOIN(__decl_, __COUNTER__)
#define __scenario(...) __DECL
#define __on(...) __DECL
#define __with(...) __DECL
#define __bound(...) __DECL
#define __small(...) __DECL
#define __leaks(...) __DECL
#define __guard(...) __DECL
#define __faults(...) __DECL
#define __hypothetical(...) __DECL
#define __fixed_by(...) __DECL
#define __profile(...) __DECL
#define __rule(...) __DECL
#define __page(...) __DECL
#define __order(...) __DECL
#define __never(...) __DECL
#define __inert(...) __DECL
#define __handed_over(...) __DECL
#define __crashes(...) __DECL
#define __after_crash(id)
#define __recovery
#define __media
#define __wcache
#define __tracked(...) __DECL
#define __followed(...) __DECL
#define __differs(...) __DECL
#define __busy(text)
#define __without(...) __DECL
#define __since(id, date) 1
#define __fix(id) 1
int __current(void);
bool __in_irq(void);
void __flush(void);
bool __fault(const char *site);
#define __assert(cond, ...) ((void)(cond))
#define __require(what, ...) ((void)(what))
#define __forbid(what, ...) ((void)(what))
bool __warn(bool cond);
void __note(const char *text);
void *__alloc(void *pool);
void __free(void *p);
int __choose(int n);
#define __wait(...) __wait_of(__VA_ARGS__, "", 0)
#define __wait_of(cond, what, obj, ...) ((void)(cond), (void)(what), (void)(obj))
#define __idle(cond) ((void)(cond))
#define __spin(cond) ((void)(cond))
#define __acquire(...) __hold_of(__VA_ARGS__, "")
#define __acquire_shared(...) __hold_of(__VA_ARGS__, "")
#define __release(...) __hold_of(__VA_ARGS__, "")
#define __hold_of(obj, cls, ...) ((void)(obj), (void)(cls))
