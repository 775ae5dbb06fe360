/* write.c - events to TAF TSI messages: which message, its header, one document each.
 *
 * Events that came out of one message go back into one.  Several messages are written one
 * after another, each a document with its declaration; the decoder reads them back like
 * that. */
#include "adapters/taf/write.h"
#include "adapters/kit/iso_time.h"
#include "adapters/kit/number.h"
#include <stdio.h>

#define SCHEMA  "http://www.era.europa.eu/schemes/TAFTSI/3.5"
#define VERSION "3.5.2.0"

static const struct taf_writer *const writers[] = {
    &taf_write_running, &taf_write_forecast, &taf_write_wagon, &taf_write_order};

/* ---- elements ---- */

void taf_put_open(struct taf *t, const char *name)
{
    gw_buf_printf(t->to, "<%s>\n", name);
}

void taf_put_close(struct taf *t, const char *name)
{
    gw_buf_printf(t->to, "</%s>\n", name);
}

void taf_put(struct taf *t, const char *name, struct gw_slice text)
{
    if (!text.len)
        return;
    gw_buf_printf(t->to, "<%s>", name);
    gw_xml_escape(t->to, text);
    gw_buf_printf(t->to, "</%s>\n", name);
}

void taf_put_word(struct taf *t, const char *name, const char *text)
{
    taf_put(t, name, gw_slice_str(text));
}

void taf_put_number(struct taf *t, const char *name, double v)
{
    char text[GW_NUMBER_SIZE];
    gw_number_text(v, text);
    taf_put_word(t, name, text);
}

void taf_put_at(struct taf *t, const char *name, uint32_t from, const char *path)
{
    taf_put(t, name, gw_tree_str(&t->event, from, path));
}

/* Minutes east of UTC at the place, or in the adapter's zone. */
static int zone_offset(const struct taf *t, int64_t ms, uint32_t place)
{
    const struct gw_zoning *z = &t->maker.zoning;
    const struct gw_place *p = place ? gw_zoning_place(z, &t->event, place) : NULL;
    const struct gw_zone *zone = p ? gw_places_zone(z->places, p) : z->zone;
    return zone ? gw_zone_offset(zone, ms / 1000) / 60 : 0;
}

void taf_put_time(struct taf *t, const char *name, uint32_t event, int64_t ms,
                  uint32_t place)
{
    char text[GW_ISO_TIME_SIZE];
    bool utc = gw_slice_is(gw_tree_str(&t->event, event, "time_basis"), "stated-utc");
    int64_t offset = gw_tree_int(&t->event, event, "time_offset", INT64_MIN);
    if (offset == INT64_MIN)
        offset = utc ? 0 : zone_offset(t, ms, place);
    if (!gw_iso_time_text(ms, (int)offset, utc, text))
        taf_put_word(t, name, text);
}

/* The five digits of a station; the place table's when the event names none. */
static struct gw_slice station_code(const struct taf *t, uint32_t place)
{
    struct gw_slice code = gw_tree_str(&t->event, place, "rail.code");
    if (gw_slice_is(gw_tree_str(&t->event, place, "rail.scheme"), "esr6"))
        return gw_slice(code.at, code.len == 6 ? 5 : 0);
    if (gw_slice_is(gw_tree_str(&t->event, place, "rail.scheme"), "uic"))
        return code;
    const struct gw_place *p = gw_zoning_place(&t->maker.zoning, &t->event, place);
    return p && *p->esr6 ? gw_slice(p->esr6, 5) : gw_slice(NULL, 0);
}

bool taf_put_station(struct taf *t, const char *name, uint32_t place)
{
    struct gw_slice code = place ? station_code(t, place) : gw_slice(NULL, 0);
    if (!code.len || !gw_tree_str(&t->event, place, "country").len)
        return false;
    taf_put_open(t, name);
    taf_put_at(t, "CountryCodeISO", place, "country");
    taf_put(t, "LocationPrimaryCode", code);
    taf_put_at(t, "PrimaryLocationName", place, "name");
    taf_put_close(t, name);
    return true;
}

struct gw_slice taf_party_of(const struct taf *t, uint32_t event, const char *role)
{
    uint32_t party = gw_tree_item_with(&t->event, event, "parties", "role", role);
    return gw_tree_str(&t->event, party, "id");
}

/* ---- which message ---- */

static bool has_document(const struct taf *t, uint32_t event)
{
    return gw_tree_str(&t->event, event, "document.number").len > 0;
}

static const struct taf_writer *by_content(const struct taf *t, uint32_t event)
{
    struct gw_slice type = gw_tree_str(&t->event, event, "type");
    bool estimated = gw_slice_is(gw_tree_str(&t->event, event, "class"), "estimated");
    if (gw_slice_is(type, "instruction") || gw_slice_starts(type, GW_LIT("document-")))
        return has_document(t, event) ? &taf_write_order : NULL;
    if (gw_tree_item_with(&t->event, event, "equipment", "kind", "wagon"))
        return estimated ? NULL : &taf_write_wagon;
    if (gw_tree_str(&t->event, event, "transport.means.train").len)
        return estimated ? &taf_write_forecast : &taf_write_running;
    return NULL;
}

/* The message it came in, if that is one of ours; else what says the same. */
static const struct taf_writer *writer_of(const struct taf *t, uint32_t event)
{
    struct gw_slice name = gw_tree_str(&t->event, event, "source.message_type");
    if (!gw_slice_is(gw_tree_str(&t->event, event, "source.format"), "taf"))
        return by_content(t, event);
    for (size_t i = 0; i < sizeof writers / sizeof *writers; i++)
        if (gw_slice_is(name, writers[i]->name))
            return writers[i];
    return NULL;
}

/* ---- header ---- */

static struct gw_slice identity(const char *set, struct gw_slice of_event)
{
    return set && *set ? gw_slice_str(set) : of_event;
}

/* MessageStatus of the standard: 1 creation, 2 modification, 3 deletion. */
static const char *status_of(const struct taf *t, uint32_t event)
{
    struct gw_slice reason = gw_tree_str(&t->event, event, "corrects.reason");
    return gw_slice_is(reason, "amend") ? "2" : gw_slice_is(reason, "cancel") ? "3" : "1";
}

static void put_header(struct taf *t, const struct taf_writer *w, uint32_t event)
{
    struct gw_slice ref = gw_tree_str(&t->event, event, "source.message_ref");
    struct gw_slice version = gw_tree_str(&t->event, event, "source.format_version");
    bool own = gw_slice_is(gw_tree_str(&t->event, event, "source.format"), "taf");
    int64_t at = gw_tree_int(&t->event, event, "recorded", t->options.now_ms);

    gw_buf_printf(t->to, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    gw_buf_printf(t->to, "<%s xmlns=\"" SCHEMA "\">\n", w->root);
    taf_put_open(t, "MessageHeader");
    taf_put_open(t, "MessageReference");
    taf_put_word(t, "MessageType", w->code);
    taf_put(t, "MessageTypeVersion", own && version.len ? version : GW_LIT(VERSION));
    taf_put(t, "MessageIdentifier",
            own && ref.len ? ref : gw_tree_str(&t->event, event, "id"));
    taf_put_time(t, "MessageDateTime", event, at, GW_NODE_NONE);
    taf_put_close(t, "MessageReference");
    taf_put(t, "Sender", identity(t->options.sender, taf_party_of(t, event, "sender")));
    taf_put(t, "Recipient",
            identity(t->options.recipient, taf_party_of(t, event, "receiver")));
    taf_put_close(t, "MessageHeader");
    if (w != &taf_write_wagon && w != &taf_write_order)
        taf_put_word(t, "MessageStatus", status_of(t, event));
}

/* ---- messages ---- */

/* The message that is open. */
struct writing {
    const struct taf_writer *w;
    char ref[65]; /* source.message_ref of its events; empty = none joins */
};

static void close_message(struct taf *t, struct writing *now)
{
    if (!now->w)
        return;
    if (now->w->end)
        gw_buf_str(t->to, now->w->end);
    taf_put_close(t, now->w->root);
    now->w = NULL;
}

static bool goes_on(struct taf *t, const struct writing *now, const struct taf_writer *w,
                    uint32_t event)
{
    return now->w == w && w->many && *now->ref &&
           gw_slice_is(gw_tree_str(&t->event, event, "source.message_ref"), now->ref) &&
           (!w->joins || w->joins(t, event));
}

static const char *add_event(struct taf *t, struct writing *now, uint32_t event)
{
    const struct taf_writer *w = writer_of(t, event);
    if (!w)
        return "an event that a message of TAF TSI can carry";
    if (goes_on(t, now, w, event))
        return w->item(t, event, false);
    close_message(t, now);
    now->w = w;
    (void)gw_slice_copy(gw_tree_str(&t->event, event, "source.message_ref"), now->ref,
                        sizeof now->ref);
    put_header(t, w, event);
    const char *why = w->begin ? w->begin(t, event) : NULL;
    return why ? why : w->item(t, event, true);
}

enum gw_error taf_encode(void *state, const struct gw_events *events, struct gw_buf *out,
                         struct gw_fault *fault)
{
    struct taf *t = state;
    struct writing now = {0};
    size_t before = out->len;
    t->to = out;
    for (uint32_t i = 0; i < events->count; i++) {
        size_t used;
        uint32_t root;
        if (gw_tree_read(&t->event, gw_events_at(events, i), &used, &root, NULL))
            return gw_fail(fault, GW_RANGE, i, "an event of the shared schema");
        const char *why = add_event(t, &now, root);
        if (why) {
            out->len = before;
            return gw_fail(fault, GW_RANGE, i, why);
        }
    }
    close_message(t, &now);
    return gw_buf_status(out);
}
