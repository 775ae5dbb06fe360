/* identity.h - who a message is from: what ZAP wrote into the connection's User-Id, read
 * back.
 *
 * io/zap.c gives a connection the User-Id "operator/KEY" (or "operator" on a plaintext
 * endpoint); ZeroMQ attaches it to every message.  It is looked up anew for each of them,
 * so that a key that was revoked, or an operator that was disabled, is nobody from the
 * next reload on, also on a connection that was let in before.
 *
 * Thread  any; the directory is immutable. */
#ifndef GW_PIPELINE_IDENTITY_H
#define GW_PIPELINE_IDENTITY_H
#include "pipeline/directory.h"

#define GW_IDENTITY_MAX (GW_NAME_MAX + 1 + 40)

struct gw_identity {
    uint32_t operator; /* index into the directory, or GW_OPERATOR_NONE */
    char key[41]; /* the public key that was proved (Z85); "" on a plaintext endpoint */
};

/* user: the User-Id; empty: nobody.  Nobody too: an operator that is not there or not
 * enabled, and a key that is not (or no longer) one of its keys. */
struct gw_identity gw_identity_read(const struct gw_directory *d, struct gw_slice user);
/* Is `key` ("" = none was needed) good for this operator now? */
bool gw_identity_holds(const struct gw_operator *o, const char *key);
#endif
