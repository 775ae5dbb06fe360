/* trust_file.c - the file of certificates that the other side is checked against. */
#include "adapters/trust_file.h"
#include "adapters/files.h"
#include <errno.h>
#include <fcntl.h>

#define FILE_MOST (4u << 20) /* the system's own is about 200 KiB */

enum gw_error gw_trust_check(const char *path, const char *setting, struct gw_text *why)
{
    struct gw_buf b;
    gw_buf_init(&b, FILE_MOST + 1);
    enum gw_error e = gw_file_get(AT_FDCWD, path, FILE_MOST, &b);
    if (e == GW_NOT_FOUND || e == GW_IO)
        gw_text_set(why, "%s: %s: %s; put the authority's certificate there", setting,
                    path, e == GW_NOT_FOUND ? strerror(ENOENT) : strerror(errno));
    else if (e || !strstr(gw_buf_text(&b), "-----BEGIN CERTIFICATE-----")) {
        gw_text_set(why,
                    "%s: %s: no certificate in it; PEM is wanted, which begins with "
                    "-----BEGIN CERTIFICATE-----",
                    setting, path);
        e = GW_FORMAT;
    }
    gw_buf_deinit(&b);
    return e;
}

void gw_trust_words(const char *words, const char *setting, const char *address,
                    struct gw_text *out)
{
    bool name = strstr(words, "subject name") || strstr(words, "host name");
    if (name)
        gw_text_set(out, "%s; %s must name the host as its certificate does", words,
                    address);
    else
        gw_text_set(out,
                    "%s; %s must hold the certificate of the authority that issued the "
                    "other side's",
                    words, setting);
}
