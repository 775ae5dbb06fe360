/* profile_gather.h - one event while a profile is applied to it: what profile_gather.c
 * finds, profile_value.c reads and profile_put.c puts; for profile_apply.c only.
 *
 * All of it lives on the stack of gw_profile_apply(); values that were taken out of the
 * event are chained through the tree's own nodes. */
#ifndef GW_PIPELINE_PROFILE_GATHER_H
#define GW_PIPELINE_PROFILE_GATHER_H
#include "pipeline/profile_parts.h"

struct gw_applying {
    const struct gw_profile *profile;
    const struct gw_places *places;
    struct gw_tree *t;
    uint32_t root;
    struct gw_fault *fault;
    uint32_t before;                    /* nodes up to here are the sender's */
    uint32_t heads[GW_PROFILE_SOURCES]; /* values of each source, chained by `next`, */
    uint32_t tails[GW_PROFILE_SOURCES]; /* their item's number in `reserved` */
    uint32_t slots[GW_PROFILE_SLOTS];   /* nodes of labelled items */
    struct {
        uint32_t cursor; /* the item found last */
        int highest;     /* of the source's items that have one; -1 = none */
    } groups[GW_PROFILE_GROUPS];
    uint32_t
        rest[GW_PROFILE_RESTS]; /* what is left of lists that gave parts of their items */
    uint8_t rests;
    bool used[GW_PROFILE_SOURCES]; /* some rule has taken the source's values */
};

/* profile_gather.c: take every value that the profile names out of the event. */
void gw_profile_gather(struct gw_applying *a);
/* The value of a source for an item (0 where it has one value), or GW_NODE_NONE. */
uint32_t gw_profile_value_of(const struct gw_applying *a, uint16_t source, uint16_t item);
/* Put a value that no rule took into ext under `key`; false when the budget is reached.
 */
bool gw_profile_keep_aside(struct gw_applying *a, struct gw_slice key, uint32_t node);
/* After the rules: what nobody took goes to ext under the sender's name. */
GW_MUST_USE enum gw_error gw_profile_keep_rest(struct gw_applying *a);
/* profile.unknown drop or refuse: fields that are no part of the schema. */
GW_MUST_USE enum gw_error gw_profile_unknowns(struct gw_applying *a);

/* profile_put.c */
struct gw_put {
    uint32_t node;   /* the new value, of kind nil; GW_NODE_NONE after an error */
    uint32_t parent; /* the map it is in */
    bool taken;      /* another rule has set it already: nothing was made */
};
/* Make the way to a target and an empty value at its end.  item: of the source.
 * Errors  GW_ELEMENTS GW_TOO_LONG */
GW_MUST_USE enum gw_error gw_profile_put(struct gw_applying *a,
                                         const struct gw_profile_target *target,
                                         uint16_t item, struct gw_put *out);
/* The value at a target, or GW_NODE_NONE. */
uint32_t gw_profile_at(const struct gw_applying *a,
                       const struct gw_profile_target *target, uint16_t item);
/* "equipment[3].id": the target as it came to be in this event. */
void gw_profile_target_text(const struct gw_applying *a,
                            const struct gw_profile_target *target, uint16_t item,
                            char *out, size_t size);
/* A value known beforehand.  over: also where the event has one, with a finding if it
 * differs. */
GW_MUST_USE enum gw_error gw_profile_put_known(struct gw_applying *a,
                                               const struct gw_profile_value *v,
                                               uint16_t item, bool over, bool *set);

/* profile_value.c: apply one rule to one value of its source. */
GW_MUST_USE enum gw_error gw_profile_rule_apply(struct gw_applying *a,
                                                const struct gw_profile_rule *r,
                                                uint32_t value, bool *used);
/* Name a field in a fault, cut between two letters. */
void gw_profile_fault_field(struct gw_fault *fault, struct gw_slice text);
/* Fill the fault: the sender's name of the field, with its item's number. */
enum gw_error gw_profile_refuse(struct gw_applying *a, enum gw_error e, uint16_t source,
                                uint32_t value, const char *rule);
#endif
