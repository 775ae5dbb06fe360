/* place.c - a place that has no UN/LOCODE: its code stands behind its name.
 *
 * DCSA's locations have UN/LOCODEs, facility codes of two lists (SMDG, BIC) and names;
 * inland most places have none of the codes.  So the code of another list is written as
 * people write it, "Beyneu (ESR 662905)", and read from there.
 *
 * Source  T22, T30: location, locationName (text of 100), facilityCodeListProvider */
#include "adapters/dcsa/parts.h"
#include <ctype.h>
#include <stdio.h>

#define NAME_MOST 100
#define OWN       "Karvan" /* the place table's own id, where there is no other */

static const struct {
    const char *label, *scheme; /* scheme of place.rail; NULL: place.node */
    uint8_t least, most;        /* digits */
} lists[] = {{"ESR", "esr6", 6, 6},
             {"OSJD", "osjd8", 8, 8},
             {"UIC", "uic", 5, 9},
             {OWN, NULL, 1, 32}};
#define LISTS (sizeof lists / sizeof *lists)

/* ---- reading ---- */

static bool has_form(size_t list, struct gw_slice code)
{
    if (code.len < lists[list].least || code.len > lists[list].most)
        return false;
    for (size_t i = 0; i < code.len; i++)
        if (!isdigit(code.at[i]) &&
            (lists[list].scheme || (!islower(code.at[i]) && code.at[i] != '-')))
            return false;
    return true;
}

/* "ESR 662905": the list, and its code; LISTS when it is none. */
static size_t list_of(struct gw_slice text, struct gw_slice *code)
{
    for (size_t i = 0; i < LISTS; i++) {
        size_t n = strlen(lists[i].label);
        if (text.len <= n + 1 || memcmp(text.at, lists[i].label, n) != 0 ||
            text.at[n] != ' ')
            continue;
        *code = gw_slice(text.at + n + 1, text.len - n - 1);
        if (has_form(i, *code))
            return i;
    }
    return LISTS;
}

/* The last words in brackets and what is before them; all of it when there are none. */
static struct gw_slice last_words(struct gw_slice name, struct gw_slice *before)
{
    size_t at = name.len;
    *before = gw_slice(name.at, 0);
    if (!name.len || name.at[name.len - 1] != ')')
        return name;
    while (at && name.at[at - 1] != '(')
        at--;
    if (at < 2 || name.at[at - 2] != ' ')
        return name;
    *before = gw_slice(name.at, at - 2);
    return gw_slice(name.at + at, name.len - at - 1);
}

void gw_dcsa_take_code(struct gw_maker *m)
{
    struct gw_slice before, code, name = gw_tree_str(&m->tree, m->root, "place.name");
    uint32_t place = gw_tree_at(&m->tree, m->root, "place");
    if (!name.len || gw_tree_at(&m->tree, m->root, "place.unlocode"))
        return;
    size_t list = list_of(last_words(name, &before), &code);
    if (list == LISTS)
        return;
    if (before.len)
        gw_event_str(m, place, "name", before);
    else
        gw_tree_detach(&m->tree, place, gw_tree_at(&m->tree, place, "name"));
    if (lists[list].scheme) {
        gw_event_word(m, place, "rail.scheme", lists[list].scheme);
        gw_event_str(m, place, "rail.code", code);
    } else {
        gw_event_str(m, place, "node", code);
    }
}

/* ---- writing ---- */

/* The code to write of a place: its own, else one that the place table has. */
static size_t code_of(const struct gw_tree *t, uint32_t place,
                      const struct gw_place *known, struct gw_slice *code)
{
    struct gw_slice scheme = gw_tree_str(t, place, "rail.scheme");
    *code = gw_tree_str(t, place, "rail.code");
    for (size_t i = 0; i < LISTS && scheme.len; i++)
        if (lists[i].scheme && gw_slice_is(scheme, lists[i].scheme) && has_form(i, *code))
            return i;
    if (known && *known->esr6) {
        *code = gw_slice_str(known->esr6);
        return 0;
    }
    *code = gw_tree_str(t, place, "node");
    return has_form(LISTS - 1, *code) ? LISTS - 1 : LISTS;
}

/* As many whole characters as there is room for. */
static size_t fitting(struct gw_slice name, size_t room)
{
    size_t n = name.len < room ? name.len : room;
    while (n && n < name.len && (name.at[n] & 0xC0) == 0x80)
        n--;
    return n;
}

struct gw_slice gw_dcsa_unlocode(const struct gw_zoning *z, const struct gw_tree *t,
                                 uint32_t place)
{
    struct gw_slice code = gw_tree_str(t, place, "unlocode");
    const struct gw_place *known = code.len ? NULL : gw_zoning_place(z, t, place);
    return known ? gw_slice_str(known->unlocode) : code;
}

struct gw_slice gw_dcsa_place_name(const struct gw_zoning *z, const struct gw_tree *t,
                                   uint32_t place, char room[GW_DCSA_NAME_SIZE])
{
    struct gw_slice name = gw_tree_str(t, place, "name"), code;
    char words[48];
    if (gw_dcsa_unlocode(z, t, place).len)
        return name;
    size_t list = code_of(t, place, gw_zoning_place(z, t, place), &code);
    if (list == LISTS)
        return name;
    int n = snprintf(words, sizeof words, "%s %.*s", lists[list].label, (int)code.len,
                     (const char *)code.at);
    if (name.len)
        n = snprintf(room, GW_DCSA_NAME_SIZE, "%.*s (%s)",
                     (int)fitting(name, NAME_MOST - (size_t)n - 3), (const char *)name.at,
                     words);
    else
        n = snprintf(room, GW_DCSA_NAME_SIZE, "%s", words);
    return gw_slice(room, (size_t)n);
}
