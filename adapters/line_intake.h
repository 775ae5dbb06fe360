/* line_intake.h - bytes of a stream into lines, lines into messages for the inlet.
 *
 * Lines are gathered until there are batch_lines of them, or batch_ms after the first
 * one, and decoded together.  When they are refused together, the good ones are found and
 * taken, and each bad one goes to failed/ alone.  While the spool has no room the stream
 * is held back.
 *
 * Thread  that of the loop. */
#ifndef GW_ADAPTERS_LINE_INTAKE_H
#define GW_ADAPTERS_LINE_INTAKE_H
#include "adapters/inlet.h"

struct gw_line_intake;

/* What one stream has sent of a line that is not whole yet. */
struct gw_line_part {
    struct gw_buf bytes;
    bool too_long; /* the rest of the line is dropped */
};
/* most: source.line_bytes */
void gw_line_part_init(struct gw_line_part *p, uint32_t most);
void gw_line_part_deinit(struct gw_line_part *p);

/* go: called when a stream that was held back may go on; NULL: it cannot be held back.
 * Owns  the result is the caller's: gw_line_intake_free().  NULL: out of memory */
struct gw_line_intake *gw_line_intake_new(struct gw_inlet *in, void (*go)(void *user),
                                          void *user);
/* What is gathered and cannot be taken any more is lost: lines have no sender to ask
 * again. */
void gw_line_intake_free(struct gw_line_intake *l);
/* More bytes of one stream.  False: hold it back until go(); they were taken all the
 * same, up to a bound beyond which lines are dropped and counted. */
bool gw_line_intake_add(struct gw_line_intake *l, struct gw_line_part *p,
                        struct gw_slice bytes);
/* The stream has ended, or the datagram: what is there is a line. */
void gw_line_intake_end(struct gw_line_intake *l, struct gw_line_part *p);
/* There may be room again. */
void gw_line_intake_resume(struct gw_line_intake *l);
/* lines, dropped, too_long, gathered, held */
void gw_line_intake_describe(const struct gw_line_intake *l, struct gw_tree *t,
                             uint32_t map);
#endif
