/* scratch.h - a folder of its own for each test of the adapter host, and small events in
 * it. */
#ifndef GW_TESTS_ADAPTERS_HOST_SCRATCH_H
#define GW_TESTS_ADAPTERS_HOST_SCRATCH_H
#include "model/events.h"
#include <dirent.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char scratch[128];

static inline void scratch_make(void)
{
    const char *tmp = getenv("TMPDIR");
    (void)snprintf(scratch, sizeof scratch, "%s/karvan-host-XXXXXX", tmp ? tmp : "/tmp");
    if (!mkdtemp(scratch))
        abort();
}

static inline int scratch_drop(const char *path, const struct stat *st, int kind,
                               struct FTW *f)
{
    (void)st, (void)kind, (void)f;
    return remove(path);
}

static inline void scratch_remove(void)
{
    (void)nftw(scratch, scratch_drop, 16, FTW_DEPTH | FTW_PHYS);
}

/* "<scratch>/<name>"; eight of them live at a time. */
static inline const char *scratch_path(const char *name)
{
    static char paths[8][512];
    static unsigned next;
    char *to = paths[next++ % 8];
    (void)snprintf(to, sizeof paths[0], "%s/%s", scratch, name);
    return to;
}

static inline void scratch_put(const char *name, const char *content)
{
    FILE *f = fopen(scratch_path(name), "w");
    if (!f || fputs(content, f) < 0 || fclose(f))
        abort();
}

/* The content, terminated; "" when there is no such file.  Lives until the next call. */
static inline const char *scratch_get(const char *name)
{
    static char content[1 << 16];
    FILE *f = fopen(scratch_path(name), "r");
    size_t n = f ? fread(content, 1, sizeof content - 1, f) : 0;
    if (f)
        fclose(f);
    content[n] = 0;
    return content;
}

/* Names in a folder that do not begin with a dot; `last` gets one of them. */
static inline unsigned scratch_count(const char *name, char last[256])
{
    unsigned n = 0;
    DIR *d = opendir(scratch_path(name));
    for (struct dirent *e; d && (e = readdir(d));)
        if (e->d_name[0] != '.') {
            n++;
            if (last)
                (void)snprintf(last, 256, "%s", e->d_name);
        }
    if (d)
        closedir(d);
    return n;
}

/* {"id":"<text>"}: a map that msgpack readers take; not a whole event of the schema. */
static inline void scratch_event(struct gw_events *ev, const char *text)
{
    uint8_t bytes[256] = {0x81, 0xA2, 'i', 'd', 0xD9, (uint8_t)strlen(text)};
    memcpy(bytes + 6, text, strlen(text));
    if (gw_events_add_bytes(ev, gw_slice(bytes, 6 + strlen(text))))
        abort();
}
#endif
