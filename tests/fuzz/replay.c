/* replay.c - runs a fuzzer's function once over every file of the folders it is given, so
 * that the seeds (and every crash that became one) are tests in all presets, without
 * libFuzzer. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int run_file(const char *path)
{
    struct stat st;
    FILE *f = fopen(path, "rb");
    if (!f || fstat(fileno(f), &st) || !S_ISREG(st.st_mode)) {
        if (f)
            fclose(f);
        return 0;
    }
    size_t size = (size_t)st.st_size;
    uint8_t *data =
        malloc(size ? size : 1); /* exactly as long: a sanitizer sees the next byte */
    if (!data || fread(data, 1, size, f) != size) {
        fprintf(stderr, "replay: cannot read %s\n", path);
        exit(1);
    }
    fclose(f);
    (void)LLVMFuzzerTestOneInput(data, size);
    free(data);
    return 1;
}

static int run_folder(const char *folder)
{
    char path[4096];
    int count = 0;
    DIR *d = opendir(folder);
    if (!d) {
        fprintf(stderr, "replay: no folder %s\n", folder);
        exit(1);
    }
    for (struct dirent *e; (e = readdir(d)) != NULL;) {
        snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        count += run_file(path);
    }
    closedir(d);
    return count;
}

int main(int argc, char **argv)
{
    int count = 0;
    for (int i = 1; i < argc; i++)
        count += run_folder(argv[i]);
    printf("replayed %d seeds\n", count);
    return count ? 0 : 1; /* a fuzzer without seeds tests nothing */
}
