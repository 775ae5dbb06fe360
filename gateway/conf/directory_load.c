/* directory_load.c - operators, profiles and places into one directory, checked against
 * each other. */
#include "conf/complaint.h"
#include "conf/file.h"
#include "conf/nearest.h"
#include "conf/operator_file.h"
#include "conf/profile_file.h"
#include "conf/settings.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define PATH_BYTES   512
#define PLACES_BYTES (16u << 20)

static enum gw_error no_memory(const char *file, struct gw_complaint *c)
{
    return gw_complain_of(c, GW_NOMEM, file, 0, gw_error_remedy(GW_NOMEM), "%s",
                          gw_error_text(GW_NOMEM));
}

static enum gw_error unknown_operator(const struct gw_directory *d, const char *file,
                                      int line, const char *where, const char *name,
                                      struct gw_complaint *c)
{
    struct gw_nearest near = gw_nearest_to(name);
    for (uint32_t i = 0; i < d->count; i++)
        gw_nearest_offer(&near, d->operators[i].name);
    return gw_complain_of(c, GW_NOT_FOUND, file, line,
                          "correct the name, or add the operator: karvan operator add",
                          "%s: there is no operator %s%s", where, name,
                          gw_nearest_hint(&near));
}

static enum gw_error load_profile(struct gw_operator *o, const struct gw_operator_file *f,
                                  const struct gw_settings *s, struct gw_complaint *c)
{
    char path[PATH_BYTES];
    FILE *file;
    if (!*o->profile_name)
        return GW_OK;
    snprintf(path, sizeof path, "%s/%s.yaml", s->profiles_dir, o->profile_name);
    file = fopen(path, "re");
    if (!file)
        return gw_complain_of(
            c, GW_NOT_FOUND, o->file, f->profile_line,
            "write the profile, or leave it out to speak the shared schema",
            "profile: %.150s: %s", path, strerror(errno));
    fclose(file);
    return gw_profile_load(&o->profile, path, c);
}

/* An id in `parties` must mean one operator. */
static enum gw_error check_ids(struct gw_directory *d, const struct gw_operator_files *files,
                               struct gw_complaint *c)
{
    enum gw_error e = gw_directory_name_parties(d);
    if (e)
        return no_memory(files->list[0].operator.file, c);
    for (uint32_t i = 1; i < d->party_count; i++) {
        const struct gw_party_name *a = &d->parties[i - 1], *b = &d->parties[i];
        const struct gw_operator_file *f;
        if (!gw_slice_eq(a->name, b->name))
            continue;
        f = &files->list[files->list[b->operator].ids_line ? b->operator : a->operator];
        return gw_complain_of(c, GW_EXISTS, f->operator.file, f->ids_line,
                              "an id names one operator: leave it with the one it belongs to",
                              "ids: %.*s names %s already", GW_FMT(b->name),
                              files->list[f == &files->list[b->operator] ? a->operator
                                                                         : b->operator]
                                  .operator.name);
    }
    return GW_OK;
}

/* Takes the operators over from the files; names first, so that sharing can refer to all.
 */
static enum gw_error build(struct gw_directory *d, struct gw_operator_files *files,
                           const struct gw_settings *s, struct gw_complaint *c)
{
    enum gw_error e = GW_OK;
    d->operators = calloc(files->count ? files->count : 1, sizeof *d->operators);
    if (!d->operators)
        return no_memory(s->operators_dir, c);
    d->count = files->count;
    for (uint32_t i = 0; i < d->count; i++)
        d->operators[i] = files->list[i].operator;
    e = check_ids(d, files, c);
    for (uint32_t i = 0; !e && i < d->count; i++) {
        e = gw_share_resolve(&files->list[i].share, d, i, c);
        if (!e)
            e = load_profile(&d->operators[i], &files->list[i], s, c);
    }
    return e;
}

static enum gw_error load_places(struct gw_directory *d, const struct gw_settings *s,
                                 struct gw_complaint *c)
{
    struct gw_text why = {""};
    struct gw_buf csv;
    enum gw_error e;
    if (!*s->places_file)
        return GW_OK;
    gw_buf_init(&csv, PLACES_BYTES);
    e = gw_file_read(s->places_file, &csv);
    if (e)
        gw_complain_of(c, e, s->places_file, 0,
                       "correct gateway.places_file, or leave it empty to go without",
                       "the table of places cannot be read: %s", strerror(errno));
    else {
        e = gw_places_read(&d->places, gw_buf_bytes(&csv), &why);
        if (e)
            gw_complain_of(c, e, s->places_file, 0, "correct the table", "%s", why.s);
    }
    gw_buf_deinit(&csv);
    return e;
}

/* Who is listed on a curve endpoint needs a key to come in; on a plain one it does not.
 */
static enum gw_error check_endpoint(const struct gw_directory *d,
                                    const struct gw_settings *s,
                                    const struct gw_endpoint *at, struct gw_complaint *c)
{
    for (uint32_t i = 0; i < at->operator_count; i++) {
        const char *name = at->operators[i];
        uint32_t o = gw_directory_find(d, gw_slice_str(name));
        if (o == GW_OPERATOR_NONE)
            return unknown_operator(d, s->file, at->line, "endpoints.operators", name, c);
        if (!at->plain && !*d->operators[o].keys[0])
            return gw_complain_of(
                c, GW_NOT_FOUND, s->file, at->line,
                "add its public key to its file, or take it off the endpoint",
                "endpoint %s: operator %s has no key", at->name, name);
    }
    return GW_OK;
}

static enum gw_error check_endpoints(const struct gw_directory *d,
                                     const struct gw_settings *s, struct gw_complaint *c)
{
    enum gw_error e = GW_OK;
    for (uint32_t i = 0; !e && i < s->endpoint_count; i++)
        e = check_endpoint(d, s, &s->endpoints[i], c);
    return e;
}

enum gw_error gw_directory_load(struct gw_directory **out, const struct gw_settings *s,
                                struct gw_complaint *c)
{
    struct gw_operator_files files;
    struct gw_directory *d = calloc(1, sizeof *d);
    enum gw_error e;
    *out = NULL;
    if (!d)
        return no_memory(s->file, c);
    atomic_init(&d->references, 1);
    e = gw_operator_files_read(&files, s->operators_dir, c);
    if (!e)
        e = load_places(d, s, c); /* sharing rules may name them */
    if (!e)
        e = build(d, &files, s, c);
    gw_operator_files_deinit(&files);
    if (!e)
        e = check_endpoints(d, s, c);
    if (e)
        gw_directory_unref(d);
    else
        *out = d;
    return e;
}
