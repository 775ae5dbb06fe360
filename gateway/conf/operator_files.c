/* operator_files.c - all operators' files of a directory. */
#include "conf/complaint.h"
#include "conf/operator_file.h"
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define PATH_BYTES 512

static bool ends_in(const char *name, const char *suffix)
{
    size_t len = strlen(name), n = strlen(suffix);
    return len > n && name[0] != '.' && strcmp(name + len - n, suffix) == 0;
}

static int is_meant(const struct dirent *entry)
{
    return ends_in(entry->d_name, ".yaml") || ends_in(entry->d_name, ".yml");
}

static enum gw_error read_one(struct gw_operator_file *out, const char *dir,
                              const char *name, struct gw_complaint *c)
{
    char path[PATH_BYTES];
    int n = snprintf(path, sizeof path, "%s/%s", dir, name);
    if (n < 0 || (size_t)n >= sizeof out->operator.file)
        return gw_complain_of(c, GW_RANGE, dir, 0, "use shorter names",
                              "the path of %s is too long", name);
    if (ends_in(name, ".yml"))
        return gw_complain_of(c, GW_FORMAT, path, 0, "rename it",
                              "operator files end in .yaml");
    return gw_operator_file_read(out, path, c);
}

static enum gw_error read_list(struct gw_operator_files *out, const char *dir,
                               struct dirent **entries, uint32_t n,
                               struct gw_complaint *c)
{
    enum gw_error e = GW_OK;
    out->list = calloc(n ? n : 1, sizeof *out->list);
    if (!out->list)
        return gw_complain_of(c, GW_NOMEM, dir, 0, "free memory", "out of memory");
    for (uint32_t i = 0; !e && i < n; i++) {
        e = read_one(&out->list[i], dir, entries[i]->d_name, c);
        out->count += !e;
    }
    return e;
}

static enum gw_error no_directory(const char *dir, struct gw_complaint *c)
{
    return gw_complain_of(c, GW_NOT_FOUND, dir, 0,
                          "make the directory, or correct gateway.operators_dir",
                          "operators_dir: %s", strerror(errno));
}

/* One key, one operator: the key is all that says who is there. */
static enum gw_error check_key(const struct gw_operator_files *files, uint32_t at, int k,
                               struct gw_complaint *c)
{
    const struct gw_operator_file *f = &files->list[at];
    for (uint32_t i = 0; i <= at; i++)
        for (int m = 0; m < (i == at ? k : GW_KEYS_MAX); m++) {
            if (strcmp(files->list[i].operator.keys[m], f->operator.keys[k]) != 0)
                continue;
            return gw_complain_of(c, GW_EXISTS, f->operator.file, f->key_line[k],
                                  "give each operator its own key",
                                  "keys: operator %s has this key already",
                                  files->list[i].operator.name);
        }
    return GW_OK;
}

static enum gw_error check_all_keys(const struct gw_operator_files *files,
                                    struct gw_complaint *c)
{
    enum gw_error e = GW_OK;
    for (uint32_t i = 0; i < files->count; i++)
        for (int k = 0; !e && k < GW_KEYS_MAX; k++)
            if (*files->list[i].operator.keys[k])
                e = check_key(files, i, k, c);
    return e;
}

static int by_name(const void *a, const void *b)
{
    const struct gw_operator_file *x = a, *y = b;
    return strcmp(x->operator.name, y->operator.name);
}

enum gw_error gw_operator_files_read(struct gw_operator_files *out, const char *dir,
                                     struct gw_complaint *c)
{
    struct dirent **entries = NULL;
    int n = scandir(dir, &entries, is_meant, alphasort);
    enum gw_error e;
    *out = (struct gw_operator_files){0};
    if (n < 0)
        return no_directory(dir, c);
    e = n <= GW_OPERATORS_MAX
            ? read_list(out, dir, entries, (uint32_t)n, c)
            : gw_complain_of(c, GW_RANGE, dir, 0,
                             "split the corridor over several gateways",
                             "more than %d operators", GW_OPERATORS_MAX);
    for (int i = 0; i < n; i++)
        free(entries[i]);
    free(entries);
    if (!e) {
        qsort(out->list, out->count, sizeof *out->list, by_name);
        e = check_all_keys(out, c);
    }
    if (e)
        gw_operator_files_deinit(out);
    return e;
}

void gw_operator_files_deinit(struct gw_operator_files *f)
{
    if (!f)
        return;
    for (uint32_t i = 0; i < f->count; i++)
        gw_operator_file_deinit(&f->list[i]);
    free(f->list);
    *f = (struct gw_operator_files){0};
}
