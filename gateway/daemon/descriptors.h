/* descriptors.h - how many connections the process can hold: its limit of file
 * descriptors.
 *
 * A connection is a descriptor, and libzmq knows no other bound: what is beyond the limit
 * is not accepted, and waits in the kernel's queue.  So the limit is what
 * io.max_connections says and a reserve for the process itself, no more and, if the
 * system lets us, no less. */
#ifndef GW_DAEMON_DESCRIPTORS_H
#define GW_DAEMON_DESCRIPTORS_H
#include <stdint.h>

/* Set the soft limit for so many connections and say so; a hard limit that is lower is
 * said with the remedy and lived with.  lanes, endpoints: they have descriptors of their
 * own. Source getrlimit(2), RLIMIT_NOFILE */
void gw_descriptors_limit(uint32_t connections, uint32_t lanes, uint32_t endpoints);
#endif
