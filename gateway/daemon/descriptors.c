/* descriptors.c - RLIMIT_NOFILE after io.max_connections. */
#include "daemon/descriptors.h"
#include <errno.h>
#include <string.h>
#include <sys/resource.h>
#include "base/log.h"

/* Journal, trace index, files read at a reload, sockets of the control loop; a lane's loop and
 * its wake-up; an endpoint's listener, its socket, and the two that tell who comes and leaves. */
#define OWN          128
#define PER_LANE     32
#define PER_ENDPOINT 4

void gw_descriptors_limit(uint32_t connections, uint32_t lanes, uint32_t endpoints)
{
    rlim_t own = OWN + (rlim_t)PER_LANE * lanes + (rlim_t)PER_ENDPOINT * endpoints;
    rlim_t want = connections + own;
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit))
        return;
    limit.rlim_cur = want < limit.rlim_max ? want : limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit))
        gw_log(GW_WARN, "daemon.descriptors", "the limit stays as it is: %s",
               strerror(errno));
    else if (limit.rlim_cur < want)
        gw_log(GW_WARN, "daemon.descriptors",
               "limit=%llu wanted=%llu connections=%llu remedy=\"raise the hard limit "
               "(ulimit -Hn, "
               "LimitNOFILE= of systemd), or lower io.max_connections\"",
               (unsigned long long)limit.rlim_cur, (unsigned long long)want,
               (unsigned long long)(limit.rlim_cur > own ? limit.rlim_cur - own : 0));
    else
        gw_log(GW_INFO, "daemon.descriptors", "limit=%llu connections=%u",
               (unsigned long long)want, connections);
}
