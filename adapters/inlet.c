/* inlet.c - from a source's message to batches that are safe in the spool. */
#include "adapters/inlet.h"
#include "adapters/failed_folder.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/log.h"
#include "model/walk.h"
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>

#define EVENTS_BYTES  (256u << 20)
#define EVENTS_COUNT  1000000u
#define REPLY_BYTES   (16u << 20)
#define BURST_MS      1000
#define FINDINGS_TOLD 8          /* of a message, in the log */
#define KEPT_BYTES    (1u << 20) /* of the events' room, between messages */

static enum gw_error open_folder(int *dir, const char *path, struct gw_text *why)
{
    enum gw_error e = gw_dir_open(dir, AT_FDCWD, path);
    if (e)
        gw_text_set(why, "%s: %s: make it, or let this user write there", path,
                    strerror(errno));
    return e;
}

enum gw_error gw_inlet_open(struct gw_inlet *in, struct gw_text *why)
{
    char path[GW_HOST_PATH + 16];
    const char *reply = in->config->source.reply_folder;
    in->failed = in->reply = -1;
    gw_events_init(&in->events, EVENTS_BYTES, EVENTS_COUNT);
    gw_events_init(&in->lives, EVENTS_BYTES, EVENTS_COUNT);
    gw_events_init(&in->others, EVENTS_BYTES, EVENTS_COUNT);
    gw_text_set(why, "out of memory");
    (void)snprintf(path, sizeof path, "%s/failed", in->config->source.folder);
    enum gw_error e = gw_reason_init(&in->reason);
    if (!e)
        e = open_folder(&in->failed, path, why);
    if (!e && *reply)
        e = open_folder(&in->reply, reply, why);
    if (!e)
        in->kept = gw_dir_count(in->failed);
    return e;
}

void gw_inlet_close(struct gw_inlet *in)
{
    gw_dir_close(&in->failed);
    gw_dir_close(&in->reply);
    gw_events_deinit(&in->events);
    gw_events_deinit(&in->lives);
    gw_events_deinit(&in->others);
    gw_reason_deinit(&in->reason);
    *in = (struct gw_inlet){.failed = -1, .reply = -1};
}

static int64_t now_ms(void)
{
    return gw_now_ms(&gw_clock_system);
}

static const char *adapter_of(const struct gw_inlet *in)
{
    return in->config->name;
}

bool gw_inlet_has_room(struct gw_inlet *in)
{
    return !gw_spool_full(in->spool, now_ms());
}

/* ---- the identity of a message ---- */

static void add_text(struct gw_blake *b, const char *text)
{
    gw_blake_add(b, gw_slice(text, strlen(text) + 1));
}

/* Other settings may make other events of the same bytes. */
static void digest_of(struct gw_inlet *in, const struct gw_inlet_message *m,
                      uint8_t out[32])
{
    const struct gw_adapter_config *c = in->config;
    struct gw_blake b;
    int64_t once[2] = {now_ms(), (int64_t)++in->serial};
    gw_blake_init(&b);
    add_text(&b, c->format);
    add_text(&b, c->options.zone);
    add_text(&b, c->options.sender);
    add_text(&b, c->options.accept_test ? "test" : "");
    if (!m->may_repeat)
        gw_blake_add(&b, gw_slice(once, sizeof once));
    add_text(&b, "key");
    gw_blake_add(&b, m->key);
    add_text(&b, "");
    gw_blake_add(&b, m->bytes);
    gw_blake_end(&b, out);
}

/* ---- refusing ---- */

static enum gw_taken refused(struct gw_inlet *in, const char *name)
{
    struct gw_buf text;
    uint64_t missed;
    in->counts->refused++;
    if (!gw_burst_due(&in->bursts[0], now_ms(), BURST_MS, &missed))
        return GW_TAKEN_NOT;
    gw_buf_init(&text, 1024);
    gw_report_text(&in->report, gw_format_unit(in->format->adapter), &text);
    gw_log(GW_WARN, "message.refused",
           "adapter=%s name=%s code=%d unreported=%" PRIu64 " %s", adapter_of(in), name,
           (int)in->report.fault.code, missed, gw_buf_text(&text));
    gw_buf_deinit(&text);
    return GW_TAKEN_NOT;
}

enum gw_taken gw_inlet_refuse(struct gw_inlet *in, const char *name, enum gw_error code,
                              const char *rule, const char *detail)
{
    in->report = (struct gw_report){0};
    (void)gw_fail(&in->report.fault, code, 0, rule);
    (void)snprintf(in->report.detail, sizeof in->report.detail, "%s", detail);
    return refused(in, name);
}

struct gw_slice gw_inlet_reason(struct gw_inlet *in, const char *name)
{
    /* Out of memory: what there was room for says enough. */
    (void)!gw_reason_of_file(&in->reason, name, in->format->adapter, &in->report,
                             now_ms());
    return gw_buf_bytes(&in->reason.text);
}

enum gw_error gw_inlet_keep_failed(struct gw_inlet *in, const char *name,
                                   struct gw_slice bytes)
{
    uint64_t missed;
    if (in->kept < in->config->source.net.failed_most) {
        in->kept += 2; /* its reason too */
        return gw_failed_put(in->failed, name, bytes, gw_inlet_reason(in, name), NULL);
    }
    if (gw_burst_due(&in->bursts[1], now_ms(), 60000, &missed))
        gw_log(
            GW_WARN, "failed.full",
            "adapter=%s failed/ holds failed_most files: refused messages are not kept, "
            "unreported=%" PRIu64,
            adapter_of(in), missed);
    return GW_OK;
}

/* ---- taking ---- */

static enum gw_taken broken(struct gw_inlet *in, enum gw_error e)
{
    char why[128];
    (void)snprintf(why, sizeof why, "the spool: %s%s%s", gw_error_text(e),
                   e == GW_IO ? ": " : "", e == GW_IO ? strerror(errno) : "");
    in->broken(in->user, why);
    return GW_TAKEN_BROKEN;
}

static enum gw_taken too_many(struct gw_inlet *in, const char *name)
{
    char detail[128];
    (void)snprintf(detail, sizeof detail, "%" PRIu32 " events, %zu bytes",
                   in->events.count, in->events.bytes.len);
    return gw_inlet_refuse(in, name, GW_RANGE, "more than spool.max_bytes ever takes",
                           detail);
}

static enum gw_taken spool(struct gw_inlet *in, const struct gw_inlet_message *m,
                           const struct gw_spool_source *from)
{
    enum gw_error e = gw_spool_add(in->spool, from, &in->events, now_ms());
    if (e == GW_AGAIN)
        return GW_TAKEN_LATER;
    if (e == GW_RANGE)
        return too_many(in, m->name);
    if (!e)
        e = gw_spool_sync(in->spool);
    if (e)
        return broken(in, e);
    return GW_TAKEN;
}

/* What was wrong with it and did not stop it: an event of it may be missing for that.  Of
 * one message a second. */
static void tell_findings(struct gw_inlet *in, const struct gw_inlet_message *m)
{
    const struct gw_report *r = &in->report;
    uint32_t kept = sizeof r->findings / sizeof *r->findings;
    uint64_t missed;
    if (!r->finding_count || !gw_burst_due(&in->bursts[2], now_ms(), 1000, &missed))
        return;
    for (uint32_t i = 0; i < r->finding_count && i < kept && i < FINDINGS_TOLD; i++) {
        struct gw_buf text;
        gw_buf_init(&text, 4096);
        gw_finding_text(&r->findings[i], gw_format_unit(in->format->adapter), &text);
        gw_log(GW_WARN, "message.finding", "adapter=%s name=%s %s", adapter_of(in),
               m->name, gw_buf_text(&text));
        gw_buf_deinit(&text);
    }
    if (r->finding_count > FINDINGS_TOLD || missed)
        gw_log(GW_WARN, "message.finding",
               "adapter=%s name=%s findings=%" PRIu32 " messages_unreported=%" PRIu64
               " remedy=\"karvan-adapter decode shows all of one message\"",
               adapter_of(in), m->name, r->finding_count, missed);
}

static void tell_taken(struct gw_inlet *in, const struct gw_inlet_message *m)
{
    const struct gw_report *r = &in->report;
    in->counts->messages++;
    in->counts->events += in->events.count;
    in->counts->ignored += r->ignored;
    gw_log(GW_INFO, "message.spooled",
           "adapter=%s name=%s events=%" PRIu32 " findings=%" PRIu32 " ignored=%" PRIu32,
           adapter_of(in), m->name, in->events.count, r->finding_count, r->ignored);
    tell_findings(in, m);
}

/* One large message must not cost its memory for ever. */
static void give_back(struct gw_inlet *in)
{
    struct gw_events *all[] = {&in->events, &in->lives, &in->others};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i]->bytes.cap > KEPT_BYTES) {
            gw_events_deinit(all[i]);
            gw_events_init(all[i], EVENTS_BYTES, EVENTS_COUNT);
        }
}

static enum gw_error decode(struct gw_inlet *in, const struct gw_inlet_message *m)
{
    in->options->now_ms = now_ms();
    gw_events_reset(&in->events);
    return gw_format_decode(in->format, m->bytes, &in->events, &in->report);
}

/* ---- live events ---- */

static bool is_live(const struct gw_inlet *in, struct gw_slice event)
{
    const struct gw_host_terms *types = &in->config->live;
    struct gw_walk w = gw_walk(event);
    struct gw_slice key, value;
    uint32_t pairs;
    if (!gw_walk_map(&w, &pairs))
        return false;
    while (pairs-- && gw_walk_str(&w, &key))
        if (gw_slice_is(key, "type")) {
            bool found = false;
            if (gw_walk_str(&w, &value))
                for (uint32_t i = 0; i < types->count; i++)
                    found |= gw_slice_is(value, types->list[i]);
            return found;
        } else if (!gw_walk_skip(&w, NULL))
            return false;
    return false;
}

/* Afterwards in->events holds those that go into the spool. */
static enum gw_error part(struct gw_inlet *in)
{
    struct gw_events swap;
    enum gw_error e = GW_OK;
    gw_events_reset(&in->lives);
    if (!in->config->live.count)
        return GW_OK;
    gw_events_reset(&in->others);
    for (uint32_t i = 0; !e && i < in->events.count; i++) {
        struct gw_slice event = gw_events_at(&in->events, i);
        e = gw_events_add_bytes(is_live(in, event) ? &in->lives : &in->others, event);
    }
    swap = in->events;
    in->events = in->others;
    in->others = swap;
    return e;
}

/* Those that cannot go now are lost: the next ones say more. */
static void send_live(struct gw_inlet *in)
{
    for (uint32_t i = 0; i < in->lives.count; i++)
        if (in->live(in->user, gw_events_at(&in->lives, i)))
            in->counts->live++;
        else
            in->counts->live_dropped++;
    in->counts->events += in->lives.count;
}

static enum gw_taken decode_and_spool(struct gw_inlet *in,
                                      const struct gw_inlet_message *m,
                                      const struct gw_spool_source *from)
{
    if (decode(in, m))
        return m->is_trial ? GW_TAKEN_NOT : refused(in, m->name);
    enum gw_error e = part(in);
    if (e)
        return broken(in, e);
    enum gw_taken t = spool(in, m, from);
    if (t == GW_TAKEN) {
        tell_taken(in, m);
        send_live(in);
    }
    return t;
}

/* It was taken before, perhaps just before a crash: the answer is made again, the events
 * not. */
static enum gw_taken repeated(struct gw_inlet *in, const struct gw_inlet_message *m)
{
    gw_log(GW_INFO, "message.repeated", "adapter=%s name=%s was spooled before",
           adapter_of(in), m->name);
    in->counts->repeated++;
    if (in->reply >= 0 && decode(in, m))
        gw_log(GW_DEBUG, "message.repeated", "adapter=%s name=%s is refused now",
               adapter_of(in), m->name);
    return GW_TAKEN_BEFORE;
}

/* ---- answering ---- */

static enum gw_error put_reply(struct gw_inlet *in, const char *name,
                               const struct gw_buf *reply)
{
    char with_end[GW_FILE_NAME_MAX], own[GW_FILE_NAME_MAX];
    gw_failed_name(gw_slice_str(name), ".reply", with_end);
    gw_failed_free_name(in->reply, with_end, own);
    return gw_file_put(in->reply, own, gw_buf_bytes(reply));
}

/* Before the source lets go of the message: after a crash it comes again, and so does the
 * answer. */
static enum gw_taken answer(struct gw_inlet *in, const struct gw_inlet_message *m,
                            enum gw_taken t)
{
    const struct gw_format *f = in->format;
    struct gw_buf reply;
    gw_buf_init(&reply, REPLY_BYTES);
    enum gw_error e = f->adapter->reply(f->state, m->bytes, &in->report, &reply);
    if (!e && reply.len)
        e = put_reply(in, m->name, &reply);
    gw_buf_deinit(&reply);
    if (!e)
        return t;
    in->broken(in->user, "the answer to the sender cannot be written");
    return GW_TAKEN_BROKEN;
}

enum gw_taken gw_inlet_take(struct gw_inlet *in, const struct gw_inlet_message *m)
{
    struct gw_spool_source from = {.name = gw_slice_str(m->name)};
    enum gw_taken t;
    if (from.name.len > 255)
        from.name.len = 255;
    digest_of(in, m, from.digest);
    if (m->may_repeat && gw_spool_knows(in->spool, from.digest))
        t = repeated(in, m);
    else if (!gw_inlet_has_room(in))
        return GW_TAKEN_LATER;
    else
        t = decode_and_spool(in, m, &from);
    bool due = in->reply >= 0 && in->format->adapter->reply && !m->is_trial &&
               (t == GW_TAKEN || t == GW_TAKEN_BEFORE || t == GW_TAKEN_NOT);
    if (due)
        t = answer(in, m, t);
    give_back(in);
    if (t == GW_TAKEN)
        in->spooled(in->user);
    return t;
}

void gw_inlet_name(struct gw_inlet *in, char out[64])
{
    char when[25], tidy[25];
    size_t n = 0;
    gw_time_iso(now_ms(), when);
    for (const char *c = when; *c; c++)
        if (*c != '-' && *c != ':' && *c != '.')
            tidy[n++] = *c;
    tidy[n] = 0;
    (void)snprintf(out, 64, "%.24s-%s-%" PRIu64, in->config->source.kind, tidy,
                   ++in->serial);
}
