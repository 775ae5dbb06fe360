/* test_keys.c - the file with a pair of keys. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include <karvan/client.h>

#define PUBLIC "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7"
#define SECRET "JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh6"

static enum gw_error load(const char *text, int mode, struct karvan_keys *out)
{
    char path[64];
    snprintf(path, sizeof path, "/tmp/karvan-keys-%d", (int)getpid());
    FILE *file = fopen(path, "w");
    fputs(text, file);
    fclose(file);
    chmod(path, (mode_t)mode);
    enum gw_error e = karvan_keys_load(out, path);
    unlink(path);
    return e;
}

Test(keys, a_pair_is_read)
{
    struct karvan_keys k;
    cr_assert_eq(load("# made for a test\n\npublic-key = \"" PUBLIC
                      "\"\nsecret-key = \"" SECRET "\"\n",
                      0600, &k),
                 GW_OK);
    cr_assert_str_eq(k.public_key, PUBLIC);
    cr_assert_str_eq(k.secret_key, SECRET);
}

Test(keys, other_files_are_refused)
{
    static const struct {
        const char *name, *text;
        int mode;
        enum gw_error e;
    } cases[] = {
        {"empty", "", 0600, GW_FORMAT},
        {"no secret", "public-key = \"" PUBLIC "\"\n", 0600, GW_FORMAT},
        {"no quotes", "public-key = " PUBLIC "\nsecret-key = " SECRET "\n", 0600,
         GW_FORMAT},
        {"short", "public-key = \"abc\"\nsecret-key = \"" SECRET "\"\n", 0600, GW_FORMAT},
        {"long", "public-key = \"" PUBLIC "x\"\nsecret-key = \"" SECRET "\"\n", 0600,
         GW_FORMAT},
        {"commented out", "# public-key = \"" PUBLIC "\"\nsecret-key = \"" SECRET "\"\n",
         0600, GW_FORMAT},
        {"readable by others",
         "public-key = \"" PUBLIC "\"\nsecret-key = \"" SECRET "\"\n", 0644,
         GW_NOT_ALLOWED},
    };
    struct karvan_keys k;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect_eq(load(cases[i].text, cases[i].mode, &k), cases[i].e, "%s",
                     cases[i].name);
    cr_expect_eq(karvan_keys_load(&k, "/tmp/there/is/no/such/file"), GW_IO);
}

Test(keys, a_new_pair_is_saved_once_and_read_again)
{
    char path[64], public_key[41];
    struct karvan_keys k, again;
    struct stat st;
    snprintf(path, sizeof path, "/tmp/karvan-keys-%d", (int)getpid());
    cr_assert_eq(karvan_keys_make(&k), GW_OK);
    cr_assert_eq(karvan_keys_save(&k, path, "for a test"), GW_OK);
    cr_expect_eq(karvan_keys_save(&k, path, "again"), GW_EXISTS);
    cr_expect_eq(stat(path, &st), 0);
    cr_expect_eq(st.st_mode & 0777, 0600);
    cr_expect_eq(karvan_keys_load(&again, path), GW_OK);
    cr_expect_str_eq(again.secret_key, k.secret_key);
    cr_expect_eq(karvan_public_key(public_key, path), GW_OK);
    cr_expect_str_eq(public_key, k.public_key);
    cr_expect_eq(karvan_public_key(public_key, again.public_key), GW_OK);
    cr_expect_str_eq(public_key, k.public_key);
    unlink(path);
    cr_expect_eq(karvan_public_key(public_key, path), GW_IO);
}
