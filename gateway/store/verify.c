/* verify.c - is the journal what was once written?  Everything is read and computed anew.
 */
#include "base/hash.h"
#include "store/checkpoint.h"
#include "store/parts.h"

#define RENEW                                                                            \
    1024 /* entries between two renewals of the view: old pages are not held back for    \
            long */

struct walk {
    struct gw_reader *reader;
    struct gw_view *view;
    struct gw_state state;
    uint8_t chain[32];               /* behind the entry before `next` */
    uint64_t next;                   /* seq to come */
    struct gw_checkpoint checkpoint; /* the next one to meet; seq 0: there is none */
    struct gw_verification *out;
};

static enum gw_error bad(struct walk *w, uint64_t seq, const char *rule)
{
    w->out->bad_seq = seq;
    w->out->rule = rule;
    return GW_CORRUPT;
}

/* See what is committed now; where retention has passed us, go on at the oldest that is
 * kept. */
static enum gw_error renew(struct walk *w)
{
    enum gw_error e = gw_reader_view(w->reader, &w->view);
    if (!e)
        e = gw_state_read(w->view, &w->state);
    if (e)
        return bad(w, w->next, "the state of the journal cannot be read");
    if (w->next >= w->state.first_seq)
        return GW_OK;
    w->next = w->state.first_seq;
    memcpy(w->chain, w->state.anchor, 32);
    return GW_OK;
}

static enum gw_error next_checkpoint(struct walk *w, uint64_t from)
{
    enum gw_error e = gw_checkpoint_next(w->view, from, &w->checkpoint);
    if (e == GW_NOT_FOUND)
        w->checkpoint.seq = 0;
    else if (e)
        return bad(w, w->checkpoint.seq, "a signed checkpoint cannot be read");
    return GW_OK;
}

/* The chain has come to the end of an entry: is a checkpoint there, and does it say the
 * same? */
static enum gw_error meet_checkpoint(struct walk *w, uint64_t last)
{
    const struct gw_checkpoint *c = &w->checkpoint;
    if (!c->seq || c->seq > last)
        return GW_OK;
    if (c->seq < last)
        return bad(w, c->seq, "a signed checkpoint stands inside an entry");
    if (!gw_checkpoint_good(c))
        return bad(w, c->seq, "the signature of a checkpoint is wrong");
    if (memcmp(c->chain, w->chain, 32) != 0)
        return bad(w, c->seq, "a signed checkpoint names another chain value");
    w->out->checkpoints++;
    memcpy(w->out->signer, c->signer, sizeof w->out->signer);
    w->out->signed_seq = c->seq;
    return next_checkpoint(w, last + 1);
}

static enum gw_error check_events(struct walk *w, const struct gw_entry *e)
{
    struct gw_slice event;
    for (uint32_t i = 0; i < e->head.count; i++)
        if (gw_entry_event(e, i, &event))
            return bad(w, e->head.first + i, "the event does not fit its checksum");
    return GW_OK;
}

static enum gw_error check_entry(struct walk *w)
{
    struct gw_entry entry;
    uint8_t value[32];
    enum gw_error e = gw_entry_at(w->view, w->next, &entry);

    if (e == GW_NOT_FOUND || (!e && gw_entry_last(&entry) < w->next))
        return bad(w, w->next, "events are missing");
    if (e)
        return bad(w, w->next, "the head of an entry does not fit its checksum");
    if (entry.head.first != w->next)
        return bad(w, w->next, "an entry begins before its turn");
    e = check_events(w, &entry);
    if (e)
        return e;
    gw_entry_digest(&entry, value);
    if (memcmp(value, entry.head.digest, 32) != 0)
        return bad(w, w->next, "the digest of an entry's events is another");
    gw_entry_chain(&entry, w->chain, value);
    if (memcmp(value, entry.head.chain, 32) != 0)
        return bad(w, w->next, "the hash chain is broken");
    memcpy(w->chain, value, 32);
    w->out->entries++;
    w->out->events += entry.head.count;
    w->out->last_seq = gw_entry_last(&entry);
    w->next = w->out->last_seq + 1;
    return meet_checkpoint(w, w->out->last_seq);
}

static enum gw_error walk_all(struct walk *w,
                              void (*progress)(void *ctx, uint64_t seq, uint64_t of),
                              void *ctx)
{
    enum gw_error e = renew(w);
    if (!e) {
        w->out->first_seq = w->state.first_seq;
        e = next_checkpoint(w, w->next);
    }
    while (!e && w->next <= w->state.last_seq) {
        for (int i = 0; !e && i < RENEW && w->next <= w->state.last_seq; i++)
            e = check_entry(w);
        if (progress)
            progress(ctx, w->next - 1, w->state.last_seq);
        if (!e)
            e = renew(w);
    }
    if (!e && memcmp(w->chain, w->state.chain, 32) != 0)
        e = bad(w, w->state.last_seq,
                "the journal ends with another chain value than it should");
    if (!e && w->checkpoint.seq)
        e = bad(w, w->checkpoint.seq,
                "events that a signed checkpoint names are missing");
    return e;
}

enum gw_error gw_journal_verify(struct gw_journal *j,
                                void (*progress)(void *ctx, uint64_t seq, uint64_t of),
                                void *ctx, struct gw_verification *out)
{
    struct walk w = {.next = 0, .out = out};
    enum gw_error e = gw_reader_open(j, &w.reader);

    *out = (struct gw_verification){.rule = ""};
    if (e)
        return e;
    e = walk_all(&w, progress, ctx);
    memcpy(out->chain, w.chain, 32);
    gw_reader_close(w.reader);
    return e;
}
