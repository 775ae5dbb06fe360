/* daemon.h - somebody else's server as a child: started in a directory of its own, on
 * loopback, and ended by its process id.  It dies with us, whatever happens. */
#ifndef GW_BENCH_PEERS_DAEMON_H
#define GW_BENCH_PEERS_DAEMON_H
#include "bench/child.h"

#define GW_DAEMONS 2 /* processes of one system */

struct gw_daemon {
    char dir[256]; /* below $TMPDIR */
    int port;      /* free when it was chosen */
    pid_t pids[GW_DAEMONS];
    unsigned count;
};

/* Is there a program of this name? */
bool gw_daemon_installed(const char *program);
/* Directory and port; nothing is started yet. */
GW_MUST_USE bool gw_daemon_prepare(struct gw_daemon *d);
/* argv[0] is looked for in PATH; env: "NAME=value" added to ours, ends with NULL, or
 * NULL.  Its output goes to dir/log. */
GW_MUST_USE bool gw_daemon_start(struct gw_daemon *d, const char *const *argv,
                                 const char *const *env);
/* Until it accepts connections on a port; false after so many seconds, or when it has
 * ended. */
GW_MUST_USE bool gw_daemon_listens(const struct gw_daemon *d, int port, int seconds);
/* SIGTERM to all, SIGKILL after five seconds; then remove the directory. */
void gw_daemon_stop(struct gw_daemon *d);
/* The last lines of its log, to stderr. */
void gw_daemon_show_log(const struct gw_daemon *d);
#endif
