/* share_file.h - `share:` of an operator's file: who receives its events, how much of them.
 *
 *   share: {with: [ktz, baku-port]}        the short form: every event, whole
 *
 *   share:                                 rules; each only gives, and they add up
 *     - with: [role:customs, country:AZ]   receivers; see below
 *       when: {type: [load, discharge], location: kz-aktau-port}
 *       from: 2026-12-01                   in force; UTC; either may be left out
 *       until: 2027-06-30T12:00Z
 *       hide: [goods, parties]             or show: [...]: what else is hidden
 *
 *   with   NAME an operator;  "*" everybody;  role:WORD, country:CC operators that have it;
 *          party who is named in the event's parties, party:ROLE in that role
 *
 *   when   a filter as in PROTOCOL.md, a map or a list of maps; one value needs no list
 *
 *   show   only these fields, besides those that are always shown (model/mask.h)
 *
 *   hide   all but these, and all but `quality`: its findings repeat values of other fields
 *
 * What the text says is checked here; what it says of other operators and of places, by
 * gw_share_resolve().  Thread  one at a time per struct. */
#ifndef GW_CONF_SHARE_FILE_H
#define GW_CONF_SHARE_FILE_H
#include "conf/yaml.h"
#include "pipeline/directory.h"

/* One word of `with`. */
struct gw_share_word {
    char text[48];
    int line;
};

struct gw_share_rule {
    struct gw_share_word *with;
    uint32_t with_count;
    struct gw_filter *when; /* NULL: every event */
    int when_line;
    int64_t from_ms, until_ms; /* INT64_MIN, INT64_MAX: left out */
    struct gw_mask shown;
    int line;
};

struct gw_share {
    struct gw_share_rule *rules;
    uint32_t count;
    bool brief; /* the short form: one rule, every event, whole */
};

/**
 * Read and check the value of `share`.
 *
 * owner   the operator the file is about
 * Owns    *out on GW_OK: gw_share_deinit(); empty after an error
 * Errors  GW_FORMAT GW_RANGE GW_NOMEM; *c says where, what and what to do
 */
GW_MUST_USE enum gw_error gw_share_read(struct gw_share *out, struct gw_ynode at,
                                        const char *owner, struct gw_complaint *c);
void gw_share_deinit(struct gw_share *s);
/* Does some rule's `with` say this word? */
bool gw_share_says(const struct gw_share *s, const char *word);

/**
 * Compile: names become indexes of the directory, places are looked up.
 *
 * d       all operators are there by name, places too where there are any
 * owner   index; its rules are set, and *share gives up its filters
 * Errors  GW_NOT_FOUND an operator, role or place that does not exist;  GW_FORMAT a rule
 * that can never apply;  GW_NOMEM; *c says where, what and what to do
 */
GW_MUST_USE enum gw_error gw_share_resolve(struct gw_share *s, struct gw_directory *d,
                                           uint32_t owner, struct gw_complaint *c);
#endif
