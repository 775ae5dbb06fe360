/* day.h - the demo itself: set the stage, play the day, look at the books. */
#ifndef GW_BENCH_DEMO_DAY_H
#define GW_BENCH_DEMO_DAY_H
#include <stdbool.h>
#include <stdint.h>

struct demo_call {
    double seconds;
    uint64_t seed;
    bool keep, quiet;
    const char *config_dir;
};

/* Exit status: 0 nothing lost and everything accounted for; 1 otherwise; 130 interrupted.
 */
int demo_day_run(const struct demo_call *call);
/* From a signal handler: end soon, cleaning up. */
void demo_day_interrupt(void);
#endif
