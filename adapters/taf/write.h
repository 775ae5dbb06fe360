/* write.h - the parts of the encoder of TAF TSI, for its own files. */
#ifndef GW_ADAPTERS_TAF_WRITE_H
#define GW_ADAPTERS_TAF_WRITE_H
#include "adapters/taf/taf.h"

/* One message kind that is written. */
struct taf_writer {
    const char *root, *code, *name;
    /* What stands before the first item: the header is there already.  May be NULL. */
    const char *(*begin)(struct taf *t, uint32_t event);
    /* Add the event; returns NULL, or why it cannot be written. */
    const char *(*item)(struct taf *t, uint32_t event, bool first);
    const char *end; /* what closes the body, before the root; may be NULL */
    bool many;       /* takes more than one event */
    bool (*joins)(struct taf *t,
                  uint32_t event); /* may this event go on in the message? */
};
extern const struct taf_writer taf_write_running, taf_write_forecast, taf_write_wagon,
    taf_write_order;

/* <name>text</name>; nothing when the text is empty. */
void taf_put(struct taf *t, const char *name, struct gw_slice text);
void taf_put_word(struct taf *t, const char *name, const char *text);
void taf_put_number(struct taf *t, const char *name, double v);
/* The text at a path of the event. */
void taf_put_at(struct taf *t, const char *name, uint32_t from, const char *path);
void taf_put_open(struct taf *t, const char *name);
void taf_put_close(struct taf *t, const char *name);
/* A time with its offset, the zone's of `place` (a map of the event, 0 = none) where none
 * was stated. */
void taf_put_time(struct taf *t, const char *name, uint32_t event, int64_t ms,
                  uint32_t place);
/* A station under `name`.  False, and nothing written, when the place has no station
 * code. */
bool taf_put_station(struct taf *t, const char *name, uint32_t place);
/* The id of the first party of a role; empty when there is none. */
struct gw_slice taf_party_of(const struct taf *t, uint32_t event, const char *role);
#endif
