/* reach.h - why nobody answers at a gateway's endpoint, in words for an operator.
 *
 * ZeroMQ goes on trying without a word.  Once the client has said that there is no
 * answer, this looks the name up and opens a connection of its own, which it closes at
 * once: no such name, nobody listens, no way there, or somebody who is no gateway.
 *
 * Thread  that of the loop. */
#ifndef GW_ADAPTERS_REACH_H
#define GW_ADAPTERS_REACH_H
#include <karvan/error.h>
#include <uv.h>

struct gw_reach;

/* Is it tcp://HOST:PORT or ipc://PATH?  Errors  GW_FORMAT */
GW_MUST_USE enum gw_error gw_reach_check(const char *endpoint);

/* endpoint: one that gw_reach_check() takes; outlives the result.  done: called once,
 * later, with what was found; `words` ends with it.
 * Owns  the result until done is called, or gw_reach_cancel().  NULL: out of memory */
struct gw_reach *gw_reach_begin(uv_loop_t *loop, const char *endpoint,
                                void (*done)(void *user, const char *words), void *user);
/* done is not called any more.  NULL is fine. */
void gw_reach_cancel(struct gw_reach *r);
#endif
