/* report.c - JSON lines of child processes, kept by the name of their run. */
#include "bench/report.h"
#include <jansson.h>
#include <stdlib.h>
#include "bench/child.h"

struct gw_report_data {
    json_t *runs; /* name -> array of objects */
};

enum gw_error gw_report_new(struct gw_report_data **out)
{
    struct gw_report_data *d = calloc(1, sizeof *d);
    *out = d;
    if (!d)
        return GW_NOMEM;
    d->runs = json_object();
    return d->runs ? GW_OK : GW_NOMEM;
}

void gw_report_free(struct gw_report_data *d)
{
    if (!d)
        return;
    json_decref(d->runs);
    free(d);
}

static void keep_lines(json_t *lines, struct gw_slice text)
{
    while (text.len) {
        const uint8_t *end = memchr(text.at, '\n', text.len);
        size_t n = end ? (size_t)(end - text.at) : text.len;
        json_t *line = json_loadb((const char *)text.at, n, 0, NULL);
        if (line)
            (void)json_array_append_new(lines, line);
        n += end != NULL;
        text = gw_slice(text.at + n, text.len - n);
    }
}

int gw_report_run(struct gw_report_data *d, const char *name, const char *const *argv)
{
    json_t *lines = json_array();
    struct gw_buf out;
    int status;
    gw_buf_init(&out, 1u << 22);
    status = gw_child_capture(argv, &out);
    keep_lines(lines, gw_buf_bytes(&out));
    gw_buf_deinit(&out);
    (void)json_object_set_new(d->runs, name, lines);
    return status;
}

static const json_t *value(const struct gw_report_data *d, const char *name, uint32_t i,
                           const char *key)
{
    return json_object_get(json_array_get(json_object_get(d->runs, name), i), key);
}

uint32_t gw_report_lines(const struct gw_report_data *d, const char *name)
{
    return (uint32_t)json_array_size(json_object_get(d->runs, name));
}

double gw_report_number(const struct gw_report_data *d, const char *name, uint32_t i,
                        const char *key)
{
    return json_number_value(value(d, name, i, key));
}

const char *gw_report_word(const struct gw_report_data *d, const char *name, uint32_t i,
                           const char *key)
{
    const char *s = json_string_value(value(d, name, i, key));
    return s ? s : "";
}

bool gw_report_flag(const struct gw_report_data *d, const char *name, uint32_t i,
                    const char *key)
{
    return json_is_true(value(d, name, i, key));
}
