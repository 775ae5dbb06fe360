/* directory.h - the operators: who they are, their keys, their dialect, whom they share with.
 *
 * Built from the files in config/operators by conf/operator_file.c, then immutable; a reload builds a new
 * one and swaps it whole.  Operators refer to each other by their index here. */
#ifndef GW_PIPELINE_DIRECTORY_H
#define GW_PIPELINE_DIRECTORY_H
#include <stdatomic.h>
#include "model/wire.h"
#include "pipeline/places.h"
#include "pipeline/profile.h"
#include "pipeline/rule.h"

#define GW_OPERATOR_NONE UINT32_MAX
#define GW_KEYS_MAX  2 /* two active keys while rotating */
#define GW_ROLES_MAX 4
#define GW_IDS_MAX  8

struct gw_operator {
    char name[GW_NAME_MAX + 1];
    char title[96];      /* for people: "Port of Aktau" */
    char country[3];     /* ISO 3166-1 alpha-2 */
    char roles[GW_ROLES_MAX][GW_NAME_MAX + 1]; /* port railway ferry customs haulier forwarder terminal ...; may be empty */
    char keys[GW_KEYS_MAX][41];     /* public, Z85; empty = unused */
    struct gw_profile *profile;     /* NULL: speaks the shared schema */
    char profile_name[GW_NAME_MAX + 1];
    bool has_quota;      /* its file names a rate of its own */
    uint64_t quota_events, quota_bytes; /* ... a second; 0 = without end */
    bool enabled;        /* false: keys are refused, events stay visible to whom they were shared with */
    char ids[GW_IDS_MAX][65];       /* other names it has in `parties`; empty = unused */
    struct gw_rule *rules;          /* who receives its events; none: nobody but itself */
    uint32_t rule_count;
    char file[128];      /* where it is written, for messages */
};

/* One of the names an operator can have in `parties`: its own, or one of its ids. */
struct gw_party_name {
    struct gw_slice name; /* points into the operators */
    uint32_t operator;
};

struct gw_directory {
    atomic_uint references;
    struct gw_operator *operators; /* sorted by name */
    uint32_t count;
    struct gw_places *places;      /* may be NULL */
    struct gw_party_name *parties; /* sorted by name; NULL: nobody is found there */
    uint32_t party_count;
};

/* Index, or GW_OPERATOR_NONE. */
uint32_t gw_directory_find(const struct gw_directory *d, struct gw_slice name);
/* By public key (Z85, 40 characters) of an enabled operator. */
uint32_t gw_directory_by_key(const struct gw_directory *d, const char *key);
/* Whom an id in `parties` means: an operator's name or one of its ids; or GW_OPERATOR_NONE. */
uint32_t gw_directory_party(const struct gw_directory *d, struct gw_slice id);
/* Fill `parties` from the operators' names and ids.  Errors  GW_NOMEM */
GW_MUST_USE enum gw_error gw_directory_name_parties(struct gw_directory *d);
struct gw_directory *gw_directory_ref(struct gw_directory *d);
void gw_directory_unref(struct gw_directory *d); /* the last one frees it with its profiles */
#endif
