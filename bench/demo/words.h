/* words.h - events in words: "TCTU1000070 loaded at Aktau". */
#ifndef GW_BENCH_DEMO_WORDS_H
#define GW_BENCH_DEMO_WORDS_H
#include "bench/demo/traffic.h"
#include "model/facts.h"
#include "model/shape.h"

#define DEMO_WORDS_BYTES 96

void demo_words_of_happening(const struct demo_happening *h, char out[DEMO_WORDS_BYTES]);
/* "Aktau": a place's name, shortened. */
void demo_words_of_place(const struct gw_place *p, char out[DEMO_WORDS_BYTES]);
/* places: to name a node; may be NULL */
void demo_words_of_event(const struct gw_facts *f, const struct gw_places *places,
                         char out[DEMO_WORDS_BYTES]);
#endif
