/* admin.h - the socket of `karvan status`, `karvan quarantine requeue|drop`, `karvan reload`.
 *
 * REP on ipc below the data directory, mode 0600: whoever may read the journal's files may ask.
 * Requests and answers are one JSON object each.
 *   {"do":"status"}                         {"ok":true, ...}
 *   {"do":"health"}                         {"ok":true|false,"reasons":[...]}
 *   {"do":"reload"}                         {"ok":true,"operators":n}
 *   {"do":"requeue","id":n,"event":{...}}   event: a repaired version, may be absent
 *   {"do":"drop","id":n}
 * A refusal is {"ok":false,"text":...}, with "code", "rule" and "field" where there is one.
 *
 * Thread  the control loop's. */
#ifndef GW_DAEMON_ADMIN_H
#define GW_DAEMON_ADMIN_H
#include "daemon/daemon.h"

GW_MUST_USE enum gw_error gw_admin_open(struct gw_admin **out, struct gw_daemon *d,
                                        struct gw_text *why);
/* Before the journal closes: its reader.  NULL is fine. */
void gw_admin_release_reader(struct gw_admin *a);
/* Freed once the loop has run its close callbacks.  NULL is fine. */
void gw_admin_close(struct gw_admin *a);
#endif
