/* trust_file.h - the file of certificates that the other side is checked against
 * (ca_file).  Any thread. */
#ifndef GW_ADAPTERS_TRUST_FILE_H
#define GW_ADAPTERS_TRUST_FILE_H
#include "base/buf.h"

/* Can it be read, and is there a certificate in it?  So that a missing file is told when
 * the adapter starts, and not as a failed delivery.
 * setting  its name, "sink.ca_file"
 * Errors   GW_IO GW_FORMAT; why: what to change */
GW_MUST_USE enum gw_error gw_trust_check(const char *path, const char *setting,
                                         struct gw_text *why);
/* What to do about a counterpart whose certificate is not to be trusted, behind the
 * library's `words`: about its authority, or about its name.
 * address  the setting that names the host, "sink.url" */
void gw_trust_words(const char *words, const char *setting, const char *address,
                    struct gw_text *out);
#endif
