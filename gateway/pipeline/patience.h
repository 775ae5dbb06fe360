/* patience.h - stage 1 of 7, in front of everything: how much of no use is borne from one
 * sender.
 *
 * Input is always read (intake.h), so what is of no use must cost less to drop than to
 * send, and must end.  A message that is refused as such (beyond credit, behind a gap,
 * without a session, no header; live events far beyond their rate) and every question cost a
 * little.  A batch that was sent before costs nothing, for it must be answered, nor does what was
 * in flight behind a batch that we did not keep (session.h).  What a session used of its patience
 * comes back with time.  Used up once, questions are answered with 503 and the rest is dropped;
 * used up twice, the sender is told 111, its session ends and its connection is cut.  A session has
 * its own; what comes without one is on its operator's.
 *
 * Thread  the lane's. */
#ifndef GW_PIPELINE_PATIENCE_H
#define GW_PIPELINE_PATIENCE_H
#include <stdint.h>

#define GW_PATIENCE       2048 /* messages */
#define GW_PATIENCE_PER_S 256  /* come back */

/* Zeroed: nothing used. */
struct gw_patience {
    int64_t used;    /* thousandths */
    int64_t used_ms; /* when */
};

enum gw_mood { GW_PATIENT, GW_TIRED, GW_ENOUGH };

/* Use so much of it, and how it is then. */
enum gw_mood gw_patience_use(struct gw_patience *p, uint32_t cost, int64_t now_ms);
#endif
