/* complaint.h - complaints about a file or a line of it where no yaml.h node is at hand.
 */
#ifndef GW_CONF_COMPLAINT_H
#define GW_CONF_COMPLAINT_H
#include "conf/yaml.h"

/* Fill *c and hand the code through: `return gw_complain_of(c, GW_IO, path, 0, "...",
 * "..."); ` line  0 = the file as a whole */
enum gw_error gw_complain_of(struct gw_complaint *c, enum gw_error e, const char *file,
                             int line, const char *remedy, const char *fmt, ...)
    __attribute__((format(printf, 6, 7)));
#endif
