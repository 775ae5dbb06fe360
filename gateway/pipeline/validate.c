/* validate.c - stage 4 of 7: a verdict for every event; after normalise.c, before keep.c.
 */
#include "pipeline/validate.h"
#include "model/check_digit.h"
#include "model/event_fields.h"
#include "model/shape.h"
#include "pipeline/quality.h"
#include <stdio.h>

struct judging {
    struct gw_tree *t;
    uint32_t root;
    struct gw_fault *fault;
};

static enum gw_error refuse(const struct judging *j, enum gw_error e, uint32_t node,
                            const char *rule, const char *field)
{
    if (j->fault)
        (void)snprintf(j->fault->field, sizeof j->fault->field, "%.55s", field);
    return gw_fail(j->fault, e, j->t->nodes[node].at, rule);
}

/* ---- time ---- */

static enum gw_error judge_time(const struct judging *j, const struct gw_limits *limits,
                                int64_t now_ms, const uint32_t *at)
{
    int64_t time = j->t->nodes[at[GW_EV_TIME]].i, ahead = time - now_ms;
    char text[24];

    if (!gw_slice_eq(gw_node_str(j->t, at[GW_EV_CLASS]), GW_LIT("actual")))
        return GW_OK;
    if (ahead > limits->future_refuse_ms)
        return refuse(j, GW_TIME, at[GW_EV_TIME], "an actual event lies in the past",
                      "time");
    if (ahead <= limits->future_warn_ms)
        return GW_OK;
    (void)snprintf(text, sizeof text, "%lld", (long long)time);
    gw_quality_note(j->t, j->root, "time-ahead", GW_SEVERITY_WARN, "time",
                    gw_tree_text(j->t, gw_slice_str(text)));
    return GW_OK;
}

/* ---- countries ---- */

static enum gw_error judge_country(const struct judging *j, uint32_t node,
                                   const char *field)
{
    if (!node || gw_country_known(gw_node_str(j->t, node)))
        return GW_OK;
    return refuse(j, GW_UNKNOWN_CODE, node, "a country code of ISO 3166-1", field);
}

/* Of a place, and of its station code the check digit. */
static enum gw_error judge_place(const struct judging *j, uint32_t place,
                                 const char *path)
{
    uint32_t at[GW_PL_COUNT], rail[GW_RL_COUNT];
    char field[64];
    struct gw_slice code;

    if (!place)
        return GW_OK;
    gw_fields_of(j->t, place, at, GW_PL_COUNT);
    if (at[GW_PL_RAIL]) {
        gw_fields_of(j->t, at[GW_PL_RAIL], rail, GW_RL_COUNT);
        code = gw_node_str(j->t, rail[GW_RL_CODE]);
        (void)snprintf(field, sizeof field, "%s.rail.code", path);
        if (gw_slice_eq(gw_node_str(j->t, rail[GW_RL_SCHEME]), GW_LIT("esr6")) &&
            gw_check_esr6(code) == GW_CHECK_BAD)
            gw_quality_note(j->t, j->root, "check-digit", GW_SEVERITY_WARN, field, code);
    }
    if (!at[GW_PL_COUNTRY] || gw_country_known(gw_node_str(j->t, at[GW_PL_COUNTRY])))
        return GW_OK;
    (void)snprintf(field, sizeof field, "%s.country", path);
    return judge_country(j, at[GW_PL_COUNTRY], field);
}

static enum gw_error judge_journey(const struct judging *j, uint32_t list)
{
    unsigned i = 0;
    enum gw_error e = GW_OK;
    for (GW_FOREACH_CHILD (j->t, list, leg)) {
        uint32_t at[GW_JY_COUNT];
        char path[40];
        gw_fields_of(j->t, leg, at, GW_JY_COUNT);
        (void)snprintf(path, sizeof path, "journey[%u].place", i++);
        e = judge_place(j, at[GW_JY_PLACE], path);
        if (e)
            return e;
    }
    return GW_OK;
}

static enum gw_error judge_parties(const struct judging *j, uint32_t list)
{
    unsigned i = 0;
    for (GW_FOREACH_CHILD (j->t, list, party)) {
        uint32_t at[GW_PT_COUNT];
        char path[40];
        enum gw_error e;
        gw_fields_of(j->t, party, at, GW_PT_COUNT);
        (void)snprintf(path, sizeof path, "parties[%u].country", i++);
        e = judge_country(j, at[GW_PT_COUNTRY], path);
        if (e)
            return e;
    }
    return GW_OK;
}

static enum gw_error judge_countries(const struct judging *j, const uint32_t *at)
{
    enum gw_error e = judge_place(j, at[GW_EV_PLACE], "place");
    if (!e)
        e = judge_place(j, at[GW_EV_PLACE_FROM], "place_from");
    if (!e)
        e = judge_place(j, at[GW_EV_PLACE_TO], "place_to");
    if (!e && at[GW_EV_JOURNEY])
        e = judge_journey(j, at[GW_EV_JOURNEY]);
    if (!e && at[GW_EV_PARTIES])
        e = judge_parties(j, at[GW_EV_PARTIES]);
    return e;
}

/* ---- the ship ---- */

static void judge_ship(const struct judging *j, uint32_t transport)
{
    uint32_t at[GW_TR_COUNT], means[GW_MN_COUNT];
    struct gw_slice imo;

    gw_fields_of(j->t, transport, at, GW_TR_COUNT);
    if (!at[GW_TR_MEANS])
        return;
    gw_fields_of(j->t, at[GW_TR_MEANS], means, GW_MN_COUNT);
    imo = gw_node_str(j->t, means[GW_MN_IMO]);
    if (imo.len && gw_check_imo(imo) != GW_CHECK_OK)
        gw_quality_note(j->t, j->root, "check-digit", GW_SEVERITY_WARN,
                        "transport.means.imo", imo);
}

enum gw_error gw_validate(const struct gw_limits *limits, int64_t now_ms,
                          struct gw_tree *t, uint32_t root, struct gw_fault *fault)
{
    struct judging j = {t, root, fault};
    uint32_t at[GW_EV_COUNT];
    enum gw_error e = gw_shape_check(t, root, fault);

    if (e)
        return e;
    gw_fields_of(t, root, at, GW_EV_COUNT);
    e = judge_time(&j, limits, now_ms, at);
    if (!e)
        e = judge_countries(&j, at);
    if (!e && at[GW_EV_TRANSPORT])
        judge_ship(&j, at[GW_EV_TRANSPORT]);
    return e;
}
