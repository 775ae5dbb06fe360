/* daemon.h - the parts of karvand, wired together: journal, ZAP, lanes, admin socket, signals.
 *
 * The main thread runs the control loop (who may connect, status, reload, signals); each lane is a
 * thread of its own; the journal's writer is one more. */
#ifndef GW_DAEMON_DAEMON_H
#define GW_DAEMON_DAEMON_H
#include <stdatomic.h>
#include <uv.h>
#include "conf/settings.h"
#include "io/lane.h"
#include "io/zap.h"

struct gw_admin;

struct gw_daemon {
    struct gw_settings *settings;
    struct gw_directory *directory;
    struct gw_journal *journal;
    struct gw_tracer *tracer; /* NULL: the trace index cannot be made */
    void *zmq;
    uv_loop_t loop;
    bool looping; /* there is a loop */
    uv_signal_t signals[3];
    uint32_t signal_count; /* of them in the loop */
    struct gw_zap *zap;
    struct gw_zap_endpoint *zap_endpoints;
    struct gw_admin *admin;
    struct gw_bind *binds;  /* grouped by lane */
    struct gw_lane **lanes;
    _Atomic uint32_t lane_count; /* started; lanes that run already look at it */
    char public_key[41], secret_key[41];
    struct gw_signer signer; /* derived from secret_key */
    bool signs;              /* there is a key to sign with */
    _Atomic uint64_t serial;
    int64_t started_ms;
    bool leaving;
};

/* Start everything.  On error *why says what failed, and gw_daemon_stop() cleans up. */
GW_MUST_USE enum gw_error gw_daemon_start(struct gw_daemon *d, struct gw_settings *settings,
                                          struct gw_directory *directory, struct gw_text *why);
/* The control loop, until SIGTERM or SIGINT. */
void gw_daemon_run(struct gw_daemon *d);
/* Drain the lanes, close the journal; at most settings->drain_ms.  Safe on a half-started one. */
void gw_daemon_stop(struct gw_daemon *d);
/* Read operators, profiles and places anew; a wrong file changes nothing and says why. */
GW_MUST_USE enum gw_error gw_daemon_reload(struct gw_daemon *d, struct gw_complaint *c);
#endif
