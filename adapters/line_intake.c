/* line_intake.c - bytes of a stream into lines, lines into messages for the inlet. */
#include "adapters/line_intake.h"
#include "adapters/clean_text.h"
#include "adapters/loop_timer.h"
#include "base/clock.h"
#include <inttypes.h>
#include <stdlib.h>

#define HELD_BYTES (4u << 20) /* gathered while there is no room, over one batch */

struct gw_line_intake {
    struct gw_inlet *in;
    void (*go)(void *user);
    void *user;
    struct gw_timer *timer;
    struct gw_buf lines; /* whole ones, each with its end */
    uint32_t count;
    bool held, flushing;
    uint64_t taken, dropped, too_long;
    struct gw_burst burst;
};

void gw_line_part_init(struct gw_line_part *p, uint32_t most)
{
    gw_buf_init(&p->bytes, most);
    p->too_long = false;
}

void gw_line_part_deinit(struct gw_line_part *p)
{
    gw_buf_deinit(&p->bytes);
}

static const struct gw_net_config *net(const struct gw_line_intake *l)
{
    return &l->in->config->source.net;
}

/* ---- taking ---- */

/* The first `count` lines of what is gathered. */
static struct gw_slice first_lines(const struct gw_line_intake *l, uint32_t count)
{
    size_t at = 0;
    while (count--) {
        const uint8_t *end = memchr(l->lines.at + at, '\n', l->lines.len - at);
        at = end ? (size_t)(end - l->lines.at) + 1 : l->lines.len;
    }
    return gw_slice(l->lines.at, at);
}

static void drop_lines(struct gw_line_intake *l, struct gw_slice lines, uint32_t count)
{
    gw_buf_consume(&l->lines, lines.len);
    l->count -= count;
}

static enum gw_taken take(struct gw_line_intake *l, uint32_t count)
{
    char name[64];
    struct gw_slice lines = first_lines(l, count);
    gw_inlet_name(l->in, name);
    struct gw_inlet_message m = {.name = name, .bytes = lines, .is_trial = count > 1};
    enum gw_taken t = gw_inlet_take(l->in, &m);
    bool gone = t == GW_TAKEN || t == GW_TAKEN_BEFORE;
    if (t == GW_TAKEN_NOT && count == 1) {
        if (gw_inlet_keep_failed(l->in, name, lines)) {
            l->in->broken(l->in->user, "failed/ cannot be written");
            return GW_TAKEN_BROKEN;
        }
        gone = true;
    }
    if (t == GW_TAKEN)
        l->taken += count;
    if (gone)
        drop_lines(l, lines, count);
    return t;
}

/* All at once; what is refused by halves, until the bad lines are alone. */
static void flush(struct gw_line_intake *l)
{
    uint32_t portion = l->count;
    if (l->flushing)
        return;
    l->flushing = true;
    l->held = false;
    while (l->count) {
        if (portion > l->count)
            portion = l->count;
        enum gw_taken t = take(l, portion);
        if (t == GW_TAKEN_LATER || t == GW_TAKEN_BROKEN) {
            l->held = true;
            break;
        }
        bool halve = t == GW_TAKEN_NOT && portion > 1;
        portion = halve ? portion / 2 : l->count;
    }
    l->flushing = false;
}

static void on_time(void *user)
{
    flush(user);
}

void gw_line_intake_resume(struct gw_line_intake *l)
{
    if (!l->held)
        return;
    flush(l);
    if (!l->held && l->go)
        l->go(l->user);
}

/* ---- lines ---- */

static void tell_dropped(struct gw_line_intake *l)
{
    uint64_t missed;
    if (gw_burst_due(&l->burst, gw_now_ms(&gw_clock_system), 60000, &missed))
        gw_log(GW_WARN, "lines.dropped",
               "adapter=%s dropped=%" PRIu64 " too_long=%" PRIu64 " since the start",
               l->in->config->name, l->dropped, l->too_long);
}

static void whole_line(struct gw_line_intake *l, struct gw_line_part *p)
{
    struct gw_slice line = gw_buf_bytes(&p->bytes);
    bool too_long = p->too_long;
    p->too_long = false;
    if (too_long) {
        l->too_long++;
        tell_dropped(l);
    } else if (line.len && line.len + 1 > HELD_BYTES - l->lines.len) {
        l->dropped++;
        tell_dropped(l);
    } else if (line.len) {
        gw_buf_slice(&l->lines, line);
        gw_buf_byte(&l->lines, '\n');
        l->count++;
        if (l->count == 1)
            gw_timer_in(l->timer, net(l)->batch_ms);
    }
    gw_buf_reset(&p->bytes);
    if (!l->held && l->count >= net(l)->batch_lines)
        flush(l);
}

static void more_of_line(struct gw_line_part *p, struct gw_slice bytes)
{
    if (!p->too_long)
        gw_buf_slice(&p->bytes, bytes);
    if (gw_buf_status(&p->bytes))
        p->too_long = true;
}

/* A line ends with a line feed, a carriage return, or both: empty lines count for
 * nothing. */
static const uint8_t *line_end(struct gw_slice bytes)
{
    const uint8_t *lf = bytes.len ? memchr(bytes.at, '\n', bytes.len) : NULL;
    size_t until = lf ? (size_t)(lf - bytes.at) : bytes.len;
    const uint8_t *cr = until ? memchr(bytes.at, '\r', until) : NULL;
    return cr ? cr : lf;
}

bool gw_line_intake_add(struct gw_line_intake *l, struct gw_line_part *p,
                        struct gw_slice bytes)
{
    const uint8_t *end;
    while ((end = line_end(bytes))) {
        size_t len = (size_t)(end - bytes.at);
        more_of_line(p, gw_slice(bytes.at, len));
        whole_line(l, p);
        bytes = gw_slice(end + 1, bytes.len - len - 1);
    }
    more_of_line(p, bytes);
    return !l->held;
}

void gw_line_intake_end(struct gw_line_intake *l, struct gw_line_part *p)
{
    if (p->bytes.len || p->too_long)
        whole_line(l, p);
}

/* ---- life ---- */

struct gw_line_intake *gw_line_intake_new(struct gw_inlet *in, void (*go)(void *user),
                                          void *user)
{
    struct gw_line_intake *l = calloc(1, sizeof *l);
    if (!l)
        return NULL;
    l->in = in;
    l->go = go;
    l->user = user;
    gw_buf_init(&l->lines, HELD_BYTES);
    l->timer = gw_timer_new(in->loop, on_time, l);
    if (l->timer)
        return l;
    free(l);
    return NULL;
}

void gw_line_intake_free(struct gw_line_intake *l)
{
    if (!l)
        return;
    if (l->count && !l->held)
        flush(l);
    if (l->count)
        gw_log(GW_WARN, "lines.lost", "adapter=%s lines=%" PRIu32 " could not be spooled",
               l->in->config->name, l->count);
    gw_timer_free(l->timer);
    gw_buf_deinit(&l->lines);
    free(l);
}

void gw_line_intake_describe(const struct gw_line_intake *l, struct gw_tree *t,
                             uint32_t map)
{
    gw_clean_put_count(t, map, GW_LIT("lines"), l->taken);
    gw_clean_put_count(t, map, GW_LIT("dropped"), l->dropped);
    gw_clean_put_count(t, map, GW_LIT("too_long"), l->too_long);
    gw_clean_put_count(t, map, GW_LIT("gathered"), l->count);
    gw_tree_put_bool(t, map, GW_LIT("held"), l->held);
}
