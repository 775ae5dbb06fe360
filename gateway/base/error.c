/* error.c - the texts of error.h. */
#include <karvan/error.h>

struct text {
    enum gw_error e;
    const char *name, *text, *remedy;
};

static const struct text texts[] = {
#define ROW(name, number, text, remedy) {GW_##name, #name, text, remedy},
    GW_ERRORS(ROW)
#undef ROW
};

static const struct text *find(enum gw_error e)
{
    static const struct text unknown = {GW_OK, "UNKNOWN", "unknown error", ""};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (texts[i].e == e)
            return &texts[i];
    return &unknown;
}

const char *gw_error_text(enum gw_error e)
{
    return find(e)->text;
}

const char *gw_error_remedy(enum gw_error e)
{
    return find(e)->remedy;
}

const char *gw_error_name(enum gw_error e)
{
    return find(e)->name;
}

enum gw_error gw_fail(struct gw_fault *f, enum gw_error code, size_t at, const char *rule)
{
    if (f) {
        f->code = code;
        f->at = at;
        f->rule = rule ? rule : gw_error_text(code);
    }
    return code;
}
