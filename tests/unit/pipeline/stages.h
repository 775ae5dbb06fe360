/* stages.h - run stages 3 and 4 over JSON text, for the tests of both. */
#ifndef TESTS_UNIT_PIPELINE_STAGES_H
#define TESTS_UNIT_PIPELINE_STAGES_H
#include <criterion/criterion.h>
#include <stdio.h>
#include "model/canon.h"
#include "model/json.h"
#include "pipeline/places.h"
#include "pipeline/profile.h"
#include "pipeline/validate.h"

#define STAGES_NOW 1795439100000 /* 2026-11-23T13:05:00Z */

struct stages {
    struct gw_tree tree;
    struct gw_fault fault;
    struct gw_buf bytes, text; /* of the last event: canonical, and as JSON */
};

static inline void stages_init(struct stages *s)
{
    cr_assert_eq(gw_tree_init(&s->tree, &gw_budget_default), GW_OK);
    gw_buf_init(&s->bytes, 1u << 20);
    gw_buf_init(&s->text, 1u << 20);
}

static inline void stages_deinit(struct stages *s)
{
    gw_tree_deinit(&s->tree);
    gw_buf_deinit(&s->bytes);
    gw_buf_deinit(&s->text);
}

/* Read, normalise, validate, write; the fault is kept in `s`. */
static inline enum gw_error stages_run(struct stages *s, const struct gw_profile *profile,
                                       const struct gw_places *places, const char *json)
{
    static const struct gw_limits limits = {.future_refuse_ms = 24 * 3600 * 1000,
                                            .future_warn_ms = 600 * 1000};
    struct gw_tree scratch;
    uint32_t root = 0;
    enum gw_error e;

    s->fault = (struct gw_fault){0};
    gw_buf_reset(&s->bytes);
    gw_buf_reset(&s->text);
    e = gw_json_read(&s->tree, gw_slice_str(json), &root, &s->fault);
    cr_assert_eq(e, GW_OK, "%s: %s", json, s->fault.rule);
    e = gw_normalise(profile, places, &s->tree, root, &s->fault);
    if (!e)
        e = gw_validate(&limits, STAGES_NOW, &s->tree, root, &s->fault);
    if (e) {
        cr_expect_eq(s->fault.code, e, "the fault has the code");
        cr_expect(s->fault.rule && *s->fault.rule, "the fault has a rule");
        return e;
    }
    cr_assert_eq(gw_canon_write(&s->tree, root, &s->bytes), GW_OK);
    cr_assert_eq(gw_tree_init(&scratch, &gw_budget_default), GW_OK);
    cr_assert_eq(gw_json_from_msgpack(&scratch, gw_buf_bytes(&s->bytes), &s->text, NULL),
                 GW_OK);
    (void)gw_buf_text(&s->text);
    gw_tree_deinit(&scratch);
    return GW_OK;
}

static inline struct gw_places *stages_places(void)
{
    static char csv[65536];
    struct gw_text why;
    struct gw_places *p = NULL;
    FILE *f = fopen(GW_SOURCE_DIR "/config/places.csv", "r");
    cr_assert(f);
    csv[fread(csv, 1, sizeof csv - 1, f)] = 0;
    (void)fclose(f);
    cr_assert_eq(gw_places_read(&p, gw_slice_str(csv), &why), GW_OK, "%s", why.s);
    return p;
}
#endif
