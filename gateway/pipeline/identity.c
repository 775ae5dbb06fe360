/* identity.c - who a message is from; before session.c. */
#include "pipeline/identity.h"

bool gw_identity_holds(const struct gw_operator *o, const char *key)
{
    if (!o->enabled)
        return false;
    for (int i = 0; *key && i < GW_KEYS_MAX; i++)
        if (strcmp(o->keys[i], key) == 0)
            return true;
    return !*key;
}

struct gw_identity gw_identity_read(const struct gw_directory *d, struct gw_slice user)
{
    const struct gw_identity nobody = {.operator= GW_OPERATOR_NONE };
    const uint8_t *slash = user.len ? memchr(user.at, '/', user.len) : NULL;
    size_t name = slash ? (size_t)(slash - user.at) : user.len;
    struct gw_identity who = {.operator= gw_directory_find(d, gw_slice(user.at, name))};

    if (who.operator== GW_OPERATOR_NONE)
        return nobody;
    if (slash &&
        (name + 1 == user.len || !gw_slice_copy(gw_slice(slash + 1, user.len - name - 1),
                                                who.key, sizeof who.key)))
        return nobody;
    return gw_identity_holds(&d->operators[who.operator], who.key) ? who : nobody;
}
