/* session.c - stage 1 of 7: who is it, is it new, has it credit; before decode.c. */
#include "pipeline/session.h"
#include "base/hash.h"
#include <stdlib.h>

struct gw_sessions {
    uint32_t most, count, buckets;
    struct gw_session *slots; /* most of them */
    uint32_t *generation;
    uint32_t *heads; /* of the hash chains: slot + 1, 0 = empty */
};

static uint32_t bucket_of(const struct gw_sessions *t, const struct gw_peer *p)
{
    return (uint32_t)gw_hash64(gw_slice(p->id, p->id_len), p->endpoint) & (t->buckets - 1);
}

enum gw_error gw_sessions_new(struct gw_sessions **out, uint32_t most)
{
    struct gw_sessions *t = calloc(1, sizeof *t);
    *out = t;
    if (!t)
        return GW_NOMEM;
    t->most = most;
    for (t->buckets = 16; t->buckets < most;)
        t->buckets *= 2;
    t->slots = calloc(most, sizeof *t->slots);
    t->generation = calloc(most, sizeof *t->generation);
    t->heads = calloc(t->buckets, sizeof *t->heads);
    if (t->slots && t->generation && t->heads)
        return GW_OK;
    gw_sessions_free(t);
    *out = NULL;
    return GW_NOMEM;
}

void gw_sessions_free(struct gw_sessions *t)
{
    if (!t)
        return;
    for (uint32_t i = 0; t->slots && i < t->most; i++)
        gw_buf_deinit(&t->slots[i].acks);
    free(t->slots);
    free(t->generation);
    free(t->heads);
    free(t);
}

struct gw_session *gw_session_of_peer(struct gw_sessions *t, const struct gw_peer *peer)
{
    for (uint32_t i = t->heads[bucket_of(t, peer)]; i; i = t->slots[i - 1].next_of_hash)
        if (gw_peer_eq(&t->slots[i - 1].peer, peer))
            return &t->slots[i - 1];
    return NULL;
}

struct gw_session *gw_session_by_id(struct gw_sessions *t, uint64_t id)
{
    uint32_t slot = (uint32_t)id;
    struct gw_session *s;
    if (!slot || slot > t->most)
        return NULL;
    s = &t->slots[slot - 1];
    return s->in_use && s->id == id ? s : NULL;
}

struct gw_session *gw_sessions_next(struct gw_sessions *t, uint32_t *slot)
{
    while (*slot < t->most) {
        struct gw_session *s = &t->slots[(*slot)++];
        if (s->in_use)
            return s;
    }
    return NULL;
}

struct gw_session *gw_session_of_adapter(struct gw_sessions *t, const char *operator,
                                         const char *adapter)
{
    struct gw_session *s;
    for (uint32_t i = 0; (s = gw_sessions_next(t, &i)) != NULL;)
        if (strcmp(s->adapter, adapter) == 0 && strcmp(s->operator_name, operator) == 0)
            return s;
    return NULL;
}

uint32_t gw_sessions_of_operator(const struct gw_sessions *t, const char *operator)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < t->most; i++)
        n += t->slots[i].in_use && strcmp(t->slots[i].operator_name, operator) == 0;
    return n;
}

uint32_t gw_sessions_count(const struct gw_sessions *t)
{
    return t->count;
}

struct gw_session *gw_session_begin(struct gw_sessions *t, const struct gw_peer *peer)
{
    uint32_t i = 0, b = bucket_of(t, peer);
    struct gw_session *s;
    struct gw_buf acks;

    while (i < t->most && t->slots[i].in_use)
        i++;
    if (i == t->most)
        return NULL;
    s = &t->slots[i];
    acks = s->acks; /* keep its memory */
    *s = (struct gw_session){.in_use = true, .peer = *peer};
    s->acks = acks;
    if (!s->acks.limit)
        gw_buf_init(&s->acks, 1u << 20);
    gw_buf_reset(&s->acks);
    s->id = (uint64_t)++t->generation[i] << 32 | (i + 1);
    s->next_of_hash = t->heads[b];
    t->heads[b] = i + 1;
    t->count++;
    return s;
}

void gw_session_end(struct gw_sessions *t, struct gw_session *s)
{
    uint32_t *link = &t->heads[bucket_of(t, &s->peer)];
    uint32_t me = (uint32_t)(s - t->slots) + 1;
    while (*link && *link != me)
        link = &t->slots[*link - 1].next_of_hash;
    if (*link)
        *link = s->next_of_hash;
    s->in_use = false;
    t->count--;
}

enum gw_error gw_session_admit(const struct gw_session *s, const struct gw_limits *limits,
                               const struct gw_header *h, size_t body_bytes)
{
    if (!h->batch)
        return GW_FIELD_MISSING;
    if (body_bytes > limits->message_bytes)
        return GW_MESSAGE_SIZE;
    if (h->count > limits->batch_events)
        return GW_BATCH_COUNT;
    if (s->taken_bytes + body_bytes > s->credit_bytes)
        return GW_CREDIT;
    if (h->batch <= s->submitted)
        return GW_EXISTS;
    if (h->batch > s->credit_batch)
        return GW_CREDIT;
    return h->batch == s->submitted + 1 ? GW_OK : GW_BATCH_GAP;
}

void gw_session_excuse(struct gw_session *s, uint64_t not_kept)
{
    s->excused = not_kept;
    s->excused_to = s->credit_batch;
}

bool gw_session_excused(struct gw_session *s, uint64_t batch)
{
    if (batch <= s->excused || batch > s->excused_to)
        return false;
    s->excused = batch;
    return true;
}

void gw_session_grant(struct gw_session *s, const struct gw_limits *limits, uint32_t shrink)
{
    uint64_t batches = limits->credit_batches / shrink, bytes = limits->credit_bytes / shrink;
    uint64_t to_batch = s->acknowledged + (batches ? batches : 1);
    uint64_t to_bytes = s->done_bytes + (bytes > limits->message_bytes ? bytes
                                                                       : limits->message_bytes);
    /* A grant is a promise: it never shrinks below what was said before. */
    if (to_batch > s->credit_batch)
        s->credit_batch = to_batch;
    if (to_bytes > s->credit_bytes)
        s->credit_bytes = to_bytes;
}
