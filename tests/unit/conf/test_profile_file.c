/* test_profile_file.c - profiles that are wrong: refused with line, what is wrong, and
 * remedy. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "conf/profile_file.h"

static struct gw_complaint c;

static enum gw_error parse(const char *text)
{
    struct gw_profile *p = NULL;
    enum gw_error e = gw_profile_parse(&p, gw_slice_str(text), "profiles/p.yaml", &c);
    cr_expect_eq(e == GW_OK, p != NULL);
    gw_profile_free(p);
    return e;
}

static const struct row {
    const char *name, *yaml;
    int line;
    const char *what, *remedy; /* parts of them */
} rows[] = {
    {"empty", "", 1, "not a profile", "README"},
    {"a list", "[1]", 1, "not a profile", "README"},
    {"no YAML", "name: [", 2, "cannot be read", "YAML"},
    {"no name", "fields: {}", 1, "name is missing", "add it"},
    {"other name", "name: q\nfields: {a: id}", 1, "\"q\" is not the file's name",
     "NAME.yaml"},
    {"no fields", "name: p", 1, "fields is missing", "add it"},
    {"unknown key", "name: p\nfeilds: {a: id}", 2, "no key feilds; did you mean fields?",
     ""},
    {"title too long",
     "name: p\ntitle: "
     "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
     "xxxxxxxxxxxxxxxx"
     "\nfields: {a: id}",
     2, "title: too long", "95"},
    {"fields no map", "name: p\nfields: 5", 2, "fields: not a map", "THEIR-FIELD"},
    {"no field of ours", "name: p\nfields:\n  a: place.unlocod", 3,
     "place has no field unlocod; did you mean unlocode?", "shared schema"},
    {"no field of the event", "name: p\nfields:\n  a: colour", 3,
     "event has no field colour", ""},
    {"a map of ours", "name: p\nfields:\n  a: place", 3, "place: is not one field",
     "within it"},
    {"parts of a value", "name: p\nfields:\n  a: id.x", 3, "id has no parts", "alone"},
    {"a list of ours", "name: p\nfields:\n  a: equipment", 3, "equipment is a list",
     "which item"},
    {"an item of ours", "name: p\nfields:\n  a: equipment.w", 3, "is not one field",
     "within"},
    {"the gateway's field", "name: p\nfields:\n  a: seq", 3, "only the gateway sets it",
     "leave"},
    {"the gateway's field in source", "name: p\nfields:\n  a: source.operator", 3,
     "only the gateway", ""},
    {"ext itself", "name: p\nfields:\n  a: ext", 3, "is not one field", "ext.colour"},
    {"plain lists", "name: p\nfields:\n  a: corrects.ids.x", 3, "lists of plain values",
     ""},
    {"every item to one", "name: p\nfields:\n  w[].a: id", 3, "takes one value", "[0]"},
    {"every item to one labelled", "name: p\nfields:\n  w[].a: equipment.w.id", 3,
     "is every item of a list", "[]"},
    {"one to every item", "name: p\nfields:\n  a: equipment[].id", 3, "is one value",
     "item"},
    {"lists in lists", "name: p\nfields:\n  a[].b[].c: equipment[].id", 3, "is no path",
     "one []"},
    {"no path", "name: p\nfields:\n  'a..b': id", 3, "is no path", "points"},
    {"nine steps", "name: p\nfields:\n  a.b.c.d.e.f.g.h.i: id", 3, "is no path",
     "points"},
    {"open bracket", "name: p\nfields:\n  'a[b': id", 3, "is no path", "points"},
    {"whole and part", "name: p\nfields:\n  a: id\n  a.b: place.name", 4, "is part of a",
     "whole"},
    {"part and whole", "name: p\nfields:\n  a.b: place.name\n  a: id", 4, "a part of it",
     "whole"},
    {"no to", "name: p\nfields:\n  a: {pad: 5}", 3, "`to` is missing", "drop"},
    {"nothing said", "name: p\nfields:\n  a:", 3, "not said what it becomes", "write"},
    {"no entries", "name: p\nfields:\n  a: []", 3, "not said what it becomes", "write"},
    {"unknown key of a field", "name: p\nfields:\n  a: {too: id}", 3,
     "fields: a: there is no key too; did you mean to?", ""},
    {"time without form", "name: p\nfields:\n  a: time", 3, "its form is not said",
     "iso8601"},
    {"form without time", "name: p\nfields:\n  a: {to: id, time: iso8601}", 3,
     "id is no time", ""},
    {"unknown form", "name: p\nfields:\n  a: {to: time, time: 'dd.QQ.yyyy'}", 3,
     "is no form of time", "pattern"},
    {"form without year", "name: p\nfields:\n  a: {to: time, time: 'HH:mm'}", 3,
     "is no form of time", "year"},
    {"a part twice", "name: p\nfields:\n  a: {to: time, time: 'dd.MM.yyyy MM'}", 3,
     "no form", ""},
    {"unknown zone", "name: p\nzone: Asia/Almata\nfields: {a: id}", 2,
     "there is no zone \"Asia/Almata\"", "IANA"},
    {"a path as zone", "name: p\nzone: ../../etc/passwd\nfields: {a: id}", 2, "no zone",
     ""},
    {"three zones", "name: p\nzone: [place, Asia/Almaty, Asia/Baku]\nfields: {a: id}", 2,
     "zone", ""},
    {"place last", "name: p\nzone: [Asia/Almaty, place]\nfields: {a: id}", 2, "zone",
     "place"},
    {"zone of no time", "name: p\nfields:\n  a: {to: id, zone: Asia/Almaty}", 3,
     "zone belongs to a time", ""},
    {"clock without pattern",
     "name: p\nfields:\n  a: {to: time, time: iso8601, clock: b}", 3, "with clock",
     "blank"},
    {"unit of no quantity", "name: p\nfields:\n  a: {to: id, unit: t}", 3,
     "is no quantity", ""},
    {"unknown unit", "name: p\nfields:\n  a: {to: measures.g.value, unit: tonns}", 3,
     "did you mean tonne", "Rec 20"},
    {"check of a number", "name: p\nfields:\n  a: {to: place.lat, check: imo}", 3,
     "has no check digit", ""},
    {"unknown check", "name: p\nfields:\n  a: {to: id, check: isbn}", 3, "\"isbn\"",
     "iso6346"},
    {"check_digits", "name: p\ncheck_digits: maybe\nfields: {a: id}", 2, "\"maybe\"",
     "warn refuse"},
    {"unknown", "name: p\nunknown: burn\nfields: {a: id}", 2, "\"burn\"",
     "keep drop refuse"},
    {"letters", "name: p\nfields:\n  a: {to: id, letters: big}", 3, "\"big\"", "upper"},
    {"decimal", "name: p\nfields:\n  a: {to: id, decimal: dot}", 3, "\"dot\"", "comma"},
    {"strip", "name: p\nfields:\n  a: {to: id, strip: ''}", 3, "strip", "quotes"},
    {"pad", "name: p\nfields:\n  a: {to: id, pad: 99}", 3, "pad", "digits"},
    {"required", "name: p\nfields:\n  a: {to: id, required: perhaps}", 3, "required",
     "true"},
    {"no such map",
     "name: p\nfields:\n  a: {to: type, map: opps}\nmaps: {ops: {else: other, "
     "codes: {a: load}}}",
     3, "there is no map opps; did you mean ops?", "maps"},
    {"map not used",
     "name: p\nfields: {a: id}\nmaps:\n  ops: {else: other, codes: {a: load}}", 4,
     "no field uses it", "take it out"},
    {"map without else",
     "name: p\nfields: {a: {to: type, map: m}}\nmaps:\n  m:\n    codes: {a: "
     "load}",
     5, "else is missing", "refuse, other or pass"},
    {"map without codes",
     "name: p\nfields: {a: {to: type, map: m}}\nmaps:\n  m: {else: other}", 4,
     "either codes or file", ""},
    {"map with no codes",
     "name: p\nfields: {a: {to: type, map: m}}\nmaps:\n  m: {else: other, "
     "codes: {}}",
     4, "no codes", ""},
    {"a pair of three",
     "name: p\nfields: {a: {to: type, map: m}}\nmaps:\n  m: {else: other, codes: "
     "[[a, b, c]]}",
     4, "not a pair", ""},
    {"a code twice",
     "name: p\nfields: {a: {to: type, map: m}}\nmaps:\n  m: {else: other, codes: "
     "[[a, load], [a, depart]]}",
     4, "\"a\" is there twice", "keep one"},
    {"key of a map",
     "name: p\nfields: {a: {to: type, map: m}}\nmaps:\n  m: {else: other, kodes: {}}", 4,
     "did you mean codes?", ""},
    {"meaning that is no word of the field",
     "name: p\nfields: {a: {to: type, map: m}}\nmaps:\n  m:\n    else: other\n    "
     "codes:\n      a: "
     "load\n      b: depard",
     8, "type: \"depard\" is not a word", "did you mean depart?"},
    {"other where there is none",
     "name: p\nfields: {a: {to: class, map: m}}\nmaps: {m: {else: other, "
     "codes: {a: actual}}}",
     2, "cannot be \"other\"", "refuse"},
    {"table elsewhere",
     "name: p\nfields: {a: {to: type, map: m}}\nmaps:\n  m: {else: other, file: "
     "../x.csv}",
     4, "not beside the profile", ""},
    {"no table",
     "name: p\nfields: {a: {to: type, map: m}}\nmaps:\n  m: {else: other, file: "
     "none.csv}",
     4, "none.csv cannot be read", "permissions"},
    {"constant of a list", "name: p\nfields: {a: id}\nconstants: {type: depard}", 3,
     "\"depard\" is not a word", "depart"},
    {"constant out of bounds", "name: p\nfields: {a: id}\nconstants: {place.lat: 95}", 3,
     "out of bounds", ""},
    {"constant no number", "name: p\nfields: {a: id}\nconstants: {place.lat: north}", 3,
     "is no number", ""},
    {"constant too long", "name: p\nfields: {a: id}\nconstants: {place.unlocode: KZAAUX}",
     3, "longer than", ""},
    {"default of no field", "name: p\nfields: {a: id}\ndefaults: {place.nod: x}", 3,
     "did you mean node?", ""},
    {"with of no field",
     "name: p\nfields:\n  a: {to: equipment.w.id, with: {kin: wagon}}", 3,
     "did you mean kind?", ""},
    {"with of no word",
     "name: p\nfields:\n  a: {to: equipment.w.id, with: {kind: waggon}}", 3, "\"waggon\"",
     "wagon"},
    {"drop and field", "name: p\nfields: {a: id}\ndrop: [a]", 3, "named below `fields`",
     ""},
    {"drop no list", "name: p\nfields: {a: id}\ndrop: a", 3, "drop: not a list", ""},
};

Test(profile_file, what_is_wrong_is_said)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        enum gw_error e;
        c = (struct gw_complaint){0};
        e = parse(rows[i].yaml);
        cr_expect_neq(e, GW_OK, "%s: taken", rows[i].name);
        cr_expect_eq(c.line, rows[i].line, "%s: line %d, %s", rows[i].name, c.line,
                     c.what);
        cr_expect(strstr(c.what, rows[i].what), "%s: %s", rows[i].name, c.what);
        cr_expect(strstr(c.remedy, rows[i].remedy), "%s: %s - %s", rows[i].name, c.what,
                  c.remedy);
        cr_expect_str_eq(c.file,
                         strstr(rows[i].name, "no file") ? "" : "profiles/p.yaml");
    }
}

Test(profile_file, limits_are_kept)
{
    static char yaml[1 << 16];
    size_t n = (size_t)snprintf(yaml, sizeof yaml, "name: p\nfields:\n");
    for (int i = 0; i < 300; i++)
        n += (size_t)snprintf(yaml + n, sizeof yaml - n, "  f%d: ext.f%d\n", i, i);
    cr_expect_neq(parse(yaml), GW_OK);
    cr_expect(strstr(c.what, "more than 256 fields"), "%s", c.what);
    cr_expect_eq(c.line, 259);
}

/* ---- tables beside the profile ---- */

static char dir[] = "/tmp/karvan-profile-XXXXXX";
static char path[128];

static void put(const char *name, const char *text)
{
    FILE *f;
    (void)snprintf(path, sizeof path, "%s/%s", dir, name);
    f = fopen(path, "w");
    cr_assert(f && fputs(text, f) >= 0);
    fclose(f);
}

static enum gw_error load_with_table(const char *table)
{
    struct gw_profile *p = NULL;
    enum gw_error e;
    put("codes.csv", table);
    put("p.yaml",
        "name: p\nfields: {a: {to: type, map: m}}\nmaps:\n  m: {else: other, file: "
        "codes.csv, from: code, to: word}\n");
    c = (struct gw_complaint){0};
    e = gw_profile_load(&p, path, &c);
    gw_profile_free(p);
    return e;
}

static void begin(void)
{
    cr_assert_not_null(mkdtemp(dir));
}

static void end(void)
{
    char line[64];
    (void)snprintf(line, sizeof line, "rm -r %s", dir);
    cr_assert_eq(system(line), 0);
}

Test(profile_file, tables, .init = begin, .fini = end)
{
    static const struct {
        const char *name, *csv;
        int line; /* 0: good */
        const char *what;
    } tables[] = {
        {"good",
         "# codes\ncode,name,word\n01,\"one, or "
         "first\",arrive\n02,two,depart\n03,three,\n",
         0, ""},
        {"empty", "", 0, "the table is empty"},
        {"no column", "code,name,wort\n01,x,arrive\n", 1, "no column word"},
        {"short line", "code,name,word\n01,x\n", 2, "too few columns"},
        {"twice", "code,name,word\n01,x,arrive\n01,y,depart\n", 3,
         "\"01\" is there twice"},
        {"quotes", "code,name,word\n01,\"x,arrive\n", 2, "not a row"},
    };
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        enum gw_error e = load_with_table(tables[i].csv);
        cr_expect_eq(e == GW_OK, !*tables[i].what, "%s: %s", tables[i].name, c.what);
        cr_expect(strstr(c.what, tables[i].what), "%s: %s", tables[i].name, c.what);
        cr_expect_eq(c.line, tables[i].line, "%s: line %d", tables[i].name, c.line);
        if (e)
            cr_expect(strstr(c.file, "codes.csv"), "%s: %s", tables[i].name, c.file);
    }
    cr_expect_neq(load_with_table("code,word\n01,arive\n"), GW_OK);
    cr_expect(strstr(c.what, "\"arive\" is not a word") && strstr(c.remedy, "arrive"),
              "%s", c.what);
}
