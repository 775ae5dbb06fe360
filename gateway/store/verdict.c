/* verdict.c - new, known, or an id used twice. */
#include "store/verdict.h"
#include "model/walk.h"

enum finding { NEW, KNOWN, REUSED };

/* The `id` of a canonical event; empty when there is none. */
static struct gw_slice id_of(struct gw_slice event)
{
    struct gw_walk w = gw_walk(event);
    struct gw_slice key, value = {0};
    uint32_t pairs;

    if (!gw_walk_map(&w, &pairs))
        return value;
    while (pairs-- && gw_walk_str(&w, &key)) {
        if (gw_slice_is(key, "id"))
            return gw_walk_str(&w, &value) ? value : gw_slice(NULL, 0);
        if (!gw_walk_skip(&w, NULL))
            break;
    }
    return value;
}

/* The event `seq`: of this very batch when it is `next` or later, else from the journal. */
static enum gw_error recall(const struct gw_judge *j, const struct gw_batch *b,
                            uint64_t next, uint64_t seq, struct gw_known *out)
{
    const struct gw_record *r;
    uint32_t place;

    if (seq < next)
        return j->recall(j->ctx, seq, out);
    memcpy(&place, j->places.at + (seq - next) * sizeof place, sizeof place);
    r = &b->records[place];
    out->operator= gw_slice_str(b->operator);
    out->event = gw_batch_event(b, r);
    out->content = r->content;
    return GW_OK;
}

static enum finding look_up(const struct gw_judge *j, const struct gw_batch *b,
                            uint64_t next, const struct gw_record *r, uint64_t *first)
{
    uint64_t place = 0, seq;

    while ((seq = gw_window_find(j->window, r->id_hash, &place)) != 0) {
        struct gw_known known;
        if (recall(j, b, next, seq, &known) ||
            !gw_slice_is(known.operator, b->operator) ||
            !gw_slice_eq(id_of(known.event), id_of(gw_batch_event(b, r))))
            continue;
        *first = seq;
        return known.content == r->content ? KNOWN : REUSED;
    }
    return NEW;
}

static enum gw_error refuse(struct gw_batch *b, uint32_t index, struct gw_slice bytes,
                            enum gw_error code, const char *rule, const char *field)
{
    struct gw_fault f = {.code = code, .rule = rule};
    memcpy(f.field, field, strlen(field));
    return gw_batch_refuse(b, index, bytes, &f);
}

static enum gw_error refuse_reused(struct gw_batch *b, const struct gw_record *r)
{
    static const char rule[] = "the id was used for another event";
    enum gw_error e = refuse(b, r->index, gw_batch_event(b, r), GW_ID_REUSED, rule, "id");
    if (e) /* no room for its bytes: the verdict matters more */
        e = refuse(b, r->index, gw_slice(NULL, 0), GW_ID_REUSED, rule, "id");
    return e;
}

static enum gw_error keep_nothing(struct gw_judge *j, struct gw_batch *b, uint64_t next)
{
    enum gw_error e = GW_OK;
    gw_window_cut(j->window, next);
    for (uint32_t i = 0; i < b->count && !e; i++)
        e = refuse(b, b->records[i].index, gw_slice(NULL, 0), GW_ATOMIC, NULL, "");
    b->count = 0;
    b->accepted = b->duplicates = 0;
    return e;
}

/* One record; it moves down to `kept` when it stays. */
static enum gw_error judge(struct gw_judge *j, struct gw_batch *b, uint64_t next,
                           struct gw_record *r, uint32_t *kept)
{
    uint64_t seq = next + b->accepted;
    enum finding f = look_up(j, b, next, r, &r->seq);

    if (f == REUSED)
        return refuse_reused(b, r);
    if (f == KNOWN) {
        r->verdict = GW_DUPLICATE;
        b->duplicates++;
    } else {
        r->verdict = GW_ACCEPTED;
        r->seq = seq;
        gw_window_add(j->window, r->id_hash, seq);
        gw_buf_add(&j->places, kept, sizeof *kept);
        b->accepted++;
    }
    b->records[(*kept)++] = *r;
    return gw_buf_status(&j->places);
}

enum gw_error gw_judge_batch(struct gw_judge *j, struct gw_batch *b, uint64_t next)
{
    enum gw_error e = GW_OK;
    uint32_t kept = 0;

    b->accepted = b->duplicates = 0;
    gw_buf_reset(&j->places);
    for (uint32_t i = 0; i < b->count; i++)
        gw_window_prefetch(j->window, b->records[i].id_hash);
    for (uint32_t i = 0; i < b->count && !e; i++)
        e = judge(j, b, next, &b->records[i], &kept);
    if (e)
        return e;
    b->count = kept;
    if ((b->flags & GW_FLAG_ATOMIC) && b->refusal_count)
        e = keep_nothing(j, b, next);
    b->refused_count = b->refusal_count;
    b->first_seq = b->accepted ? next : 0;
    b->last_seq = b->accepted ? next + b->accepted - 1 : 0;
    return e;
}
