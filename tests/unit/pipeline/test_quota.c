/* test_quota.c - an operator gets its rate over time, whatever it tries; others are not
 * touched. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include "pipeline/quota.h"
#include "unit/pipeline/bench_of_one.h"

static struct gw_directory *two(uint64_t events, uint64_t bytes)
{
    struct gw_directory *d = calloc(1, sizeof *d);
    atomic_init(&d->references, 1);
    d->count = 2;
    d->operators = calloc(2, sizeof *d->operators);
    memcpy(d->operators[0].name, "alpha", 6);
    memcpy(d->operators[1].name, "beta", 5);
    d->operators[0].enabled = d->operators[1].enabled = true;
    d->operators[0].has_quota = true;
    d->operators[0].quota_events = events;
    d->operators[0].quota_bytes = bytes;
    return d;
}

/* How many events of `batch` each get through in `seconds`, asked every 10 ms. */
static uint64_t through(struct gw_quotas *q, uint32_t operator, uint64_t batch,
                        int seconds)
{
    uint64_t n = 0;
    bool first;
    for (int64_t ms = 10; ms <= seconds * 1000; ms += 10)
        if (gw_quota_open(q, operator, ms, &first)) {
            gw_quota_draw(q, operator, batch, batch * 300, ms);
            n += batch;
        }
    return n;
}

Test(quota, gives_the_rate_over_time)
{
    struct gw_directory *d = two(1000, 0);
    struct gw_quotas *q;
    uint64_t n;
    cr_assert_eq(gw_quotas_new(&q), GW_OK);
    cr_assert_eq(gw_quotas_directory(q, d, (struct gw_quota_rate){0}, 0), GW_OK);
    n = through(q, 0, 256, 100);
    cr_expect(n >= 100000 && n <= 100000 + 1000 + 256, "%llu", (unsigned long long)n);
    cr_expect_eq(through(q, 1, 256, 10), 1000 * 256, "the other one has no end");
    gw_quotas_free(q);
    gw_directory_unref(d);
}

Test(quota, counts_bytes_too_and_the_slower_of_both_decides)
{
    struct gw_directory *d = two(1000, 30000); /* 100 events of 300 bytes */
    struct gw_quotas *q;
    uint64_t n;
    cr_assert_eq(gw_quotas_new(&q), GW_OK);
    cr_assert_eq(gw_quotas_directory(q, d, (struct gw_quota_rate){0}, 0), GW_OK);
    n = through(q, 0, 10, 100);
    cr_expect(n >= 10000 && n <= 10000 + 100 + 10, "%llu", (unsigned long long)n);
    gw_quotas_free(q);
    gw_directory_unref(d);
}

Test(quota, what_is_drawn_stays_drawn_over_a_reload_and_a_clock_put_back)
{
    struct gw_directory *d = two(10, 0), *again = two(10, 0);
    struct gw_quotas *q;
    bool first;
    cr_assert_eq(gw_quotas_new(&q), GW_OK);
    cr_assert_eq(gw_quotas_directory(q, d, (struct gw_quota_rate){0}, 1000), GW_OK);
    gw_quota_draw(q, 0, 1000, 0, 1000);
    cr_expect_not(gw_quota_open(q, 0, 1000, &first));
    cr_expect(first);
    cr_assert_eq(gw_quotas_directory(q, again, (struct gw_quota_rate){0}, 2000), GW_OK);
    cr_expect_not(gw_quota_open(q, 0, 3000, &first));
    cr_expect_not(first, "said once");
    cr_expect_not(gw_quota_open(q, 0, -500000, &first), "put back by minutes");
    cr_expect(gw_quota_open(q, 0, 200000, &first), "100 s later it is filled again");
    cr_expect_eq(gw_quotas_held(q), 1);
    gw_quotas_free(q);
    gw_directory_unref(d);
    gw_directory_unref(again);
}

Test(quota, withholds_credit_and_gives_it_later)
{
    struct workbench *w = calloc(1, sizeof *w);
    struct gw_directory *d = two(100, 0);
    struct gw_buf body;
    struct sent *s;
    uint64_t credit;

    workbench_open(w);
    gw_buf_init(&body, 8u << 20);
    gw_pipeline_directory(w->pipeline, d, w->now_ms);
    workbench_hello(w, 1, "alpha", "one");
    workbench_events(&body, "a", 0, 300);
    workbench_put(w, 1, "alpha", &(struct gw_header){.op = GW_OP_PUBLISH, .batch = 1},
                  gw_buf_bytes(&body));
    workbench_settle(w);
    s = workbench_expect(w, 1, GW_OP_ACK);
    cr_expect_eq(s->h.batch, 1, "acknowledged at once");
    credit = s->h.credit_batch;
    gw_pipeline_tick(w->pipeline, w->now_ms += 1000);
    cr_expect_null(workbench_take(w, 1), "200 events too many: one second is not enough");
    gw_pipeline_tick(w->pipeline, w->now_ms += 1500);
    s = workbench_expect(w, 1, GW_OP_ACK);
    cr_expect_eq(s->h.batch, 1);
    cr_expect_eq(s->h.credit_batch, credit + 1);
    gw_buf_deinit(&body);
    workbench_close(w);
    free(w);
    gw_directory_unref(d);
}
