/* profile_path.h - paths as profiles write them: "cargo.wagons[].no",
 * "equipment.wagon.id".
 *
 *   name           a key of a map
 *   [3]  .3        one item of a list
 *   []   .*        every item of a list
 *   [word] .word   in the schema: the item of a list that has this label
 *   [word*]        in the schema: every item, kept apart from those of other words
 *   \.             a point within a key; so are \[ and \\
 *
 * Pure functions. */
#ifndef GW_CONF_PROFILE_PATH_H
#define GW_CONF_PROFILE_PATH_H
#include "base/slice.h"
#include "pipeline/profile_parts.h"

struct gw_profile_path {
    struct {
        char text[65]; /* key, label or number; of "every item": its word, mostly empty */
        bool each;
    } steps[GW_PROFILE_STEPS];
    uint8_t count;
};

/* False: empty, a step of over 64 bytes, more than GW_PROFILE_STEPS, a [ without ]. */
bool gw_profile_path_read(struct gw_profile_path *out, const char *text);
/* The number a step's text is, or UINT32_MAX. */
uint32_t gw_profile_path_index(const char *text);
#endif
