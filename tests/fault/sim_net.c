/* sim_net.c - lines between peers and the gateway. */
#include <stdlib.h>
#include "fault/sim.h"

void sim_queue_put(struct sim_queue *q, struct gw_slice header, struct gw_slice body)
{
    struct sim_message *m = malloc(sizeof *m + header.len + body.len);
    if (!m)
        abort();
    m->next = NULL;
    m->header_len = header.len;
    m->body_len = body.len;
    memcpy(m->bytes, header.at, header.len);
    if (body.len)
        memcpy(m->bytes + header.len, body.at, body.len);
    if (!q->first)
        q->end = &q->first;
    *q->end = m;
    q->end = &m->next;
    q->count++;
}

struct sim_message *sim_queue_take(struct sim_queue *q)
{
    struct sim_message *m = q->first;
    if (!m)
        return NULL;
    q->first = m->next;
    q->count--;
    return m;
}

void sim_queue_clear(struct sim_queue *q)
{
    struct sim_message *m;
    while ((m = sim_queue_take(q)) != NULL)
        free(m);
}

struct sim_link *sim_connect(struct sim *s, uint32_t operator)
{
    for (uint32_t i = 0; i < SIM_LINKS; i++) {
        struct sim_link *l = &s->links[i];
        if (l->id)
            continue;
        *l = (struct sim_link){.id = ++s->next_link, .operator= operator, .up = true };
        return l;
    }
    abort();
}

void sim_cut(struct sim_link *l)
{
    sim_queue_clear(&l->in);
    sim_queue_clear(&l->out);
    l->id = 0;
    l->up = false;
}

struct sim_link *sim_link_of(struct sim *s, const struct gw_peer *peer)
{
    uint32_t id;
    memcpy(&id, peer->id + 1, sizeof id);
    for (uint32_t i = 0; i < SIM_LINKS; i++)
        if (s->links[i].id == id)
            return &s->links[i];
    return NULL;
}

void sim_send(struct sim_link *l, const struct gw_header *h, struct gw_slice body)
{
    struct gw_buf header;
    if (!l->up || l->silent)
        return;
    gw_buf_init(&header, GW_HEADER_MAX);
    if (gw_header_write(h, &header))
        abort();
    sim_queue_put(&l->in, gw_buf_bytes(&header), body);
    gw_buf_deinit(&header);
}

static enum gw_error send_out(struct sim *s, const struct gw_peer *to,
                              struct gw_slice header, struct gw_slice body)
{
    struct sim_link *l = sim_link_of(s, to);
    struct gw_header h;

    if (!l || !l->up)
        return GW_CLOSED;
    if (l->silent)
        return GW_OK; /* the kernel takes it; nobody will ever read it */
    if (l->out.count >= SIM_INBOX || (!s->calm && sim_chance(s, 5)))
        return GW_AGAIN;
    if (gw_header_read(header, &h, NULL))
        sim_fail(s, "the gateway sent a header nobody can read");
    sim_receiver_watch(s, l, &h, body);
    sim_queue_put(&l->out, header, body);
    return GW_OK;
}

enum gw_error sim_outlet(void *ctx, const struct gw_peer *to, struct gw_slice header,
                         struct gw_slice body)
{
    int was = sim_outside();
    enum gw_error e = send_out(ctx, to, header, body);
    sim_back_inside(was);
    return e;
}
