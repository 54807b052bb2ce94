/* generated from chapters/12-checkpoints.nw by noweb; do not edit */
#define _GNU_SOURCE                 // for RTLD_NEXT
#include "replacement.h"
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "test.h"
#include "test-files.h"

/* Stand in for the system */
static const char *refused = "";
static int error_given, owners_refused, owners_asked, files_forced, folders_forced;
static struct { uid_t user; gid_t group; } owners[2];

static int refuse(const char *name)
{
    if (strcmp(refused, name) != 0) return 0;
    errno = error_given;
    return 1;
}

int access(const char *path, int how)
{
    return refuse("access") ? -1 : faccessat(AT_FDCWD, path, how, 0);
}

int rename(const char *from, const char *to)
{
    return refuse("rename") ? -1 : renameat(AT_FDCWD, from, AT_FDCWD, to);
}

FILE *fdopen(int descriptor, const char *how)
{
    FILE *(*real_fdopen)(int, const char *);
    *(void **)&real_fdopen = dlsym(RTLD_NEXT, "fdopen");
    return refuse("fdopen") ? NULL : real_fdopen(descriptor, how);
}

int getentropy(void *to, size_t size)
{
    memset(to, 0x0A, size);
    return refuse("getentropy") ? -1 : 0;
}

int fchown(int descriptor, uid_t user, gid_t group)
{
    (void)descriptor;
    owners[owners_asked % 2].user = user;
    owners[owners_asked % 2].group = group;
    return owners_asked++ < owners_refused ? -1 : 0;
}

int fsync(int descriptor)
{
    struct stat status;
    const int kept = fcntl(descriptor, F_GETFD);
    if (fstat(descriptor, &status) == 0 && kept >= 0 && kept & FD_CLOEXEC) {
        if (S_ISDIR(status.st_mode)) folders_forced++;
        else files_forced++;
    }
    return refuse("fsync") ? -1 : 0;
}

/* Make and look at files for tests */
static void make(const char *name, mode_t mode)
{
    const int descriptor = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (descriptor < 0 || write(descriptor, "old", 3) != 3 || close(descriptor) != 0
        || chmod(name, mode) != 0) exit(1);
}

static int holds(const char *name, const char *said)
{
    char found[80] = "";
    FILE *file = fopen(name, "rb");
    if (!file) return 0;
    found[fread(found, 1, sizeof found - 1, file)] = '\0';
    return fclose(file) == 0 && strcmp(found, said) == 0;
}

static mode_t mode_of(const char *name)
{
    struct stat status;
    return stat(name, &status) == 0 ? status.st_mode & 07777 : 0;
}

static int entries(void) { return test_entries("."); }

static int emptied(const replacement *w)
{
    return !w->file && !w->target && !w->beside;
}

/* Saves "new", and says whether that ended with the given complaint, or with none. */
static int saves(const char *name, const char *complaint)
{
    replacement w;
    fault f = {""};
    int status = replacement_open(&w, name, &f);
    if (status == 0) {
        fputs("new", w.file);
        status = replacement_commit(&w, name, &f);
    }
    return status == (*complaint ? -1 : 0) && strcmp(f.text, complaint) == 0 && emptied(&w);
}

/* Test what may be replaced */
static const struct { const char *name, *said; } objections[] = {
    {"", ": cannot save: a file needs a name"},
    {"file/x", "file/x: cannot save: Not a directory"},
    {"none/x", "none/x: cannot save: No such file or directory"},
    {".", ".: cannot save: this is not a regular file"},
    {"pipe", "pipe: cannot save: this is not a regular file"},
    {"locked", "locked: cannot save: the file there is read-only"},
    {"circle", "circle: cannot save: Too many levels of symbolic links"},
};

static void test_objections(void)
{
    make("file", 0644);
    make("locked", 0444);
    if (symlink("circle", "circle") != 0 || mkfifo("pipe", 0600) != 0) exit(1);
    for (size_t i = 0; i < sizeof objections / sizeof *objections; i++)
        ok(saves(objections[i].name, objections[i].said), "%s", objections[i].said);
    refused = "access";
    ok(saves("file", "file: cannot save: the file there is read-only"), "what one may not write");
    refused = "";
    ok(holds("file", "old") && holds("locked", "old") && entries() == 4, "all is as it was");
    if (unlink("locked") != 0 || unlink("circle") != 0 || unlink("pipe") != 0) exit(1);
}

/* Test each failure of the system */
static void test_refusals(void)
{
    static const struct { const char *name; int error; const char *said; } cases[] = {
        {"getentropy", ENOSYS, "file: cannot save: Function not implemented"},
        {"fdopen", ENOMEM, "file: cannot save: Cannot allocate memory"},
        {"fsync", EIO, "file: cannot save: Input/output error"},
        {"rename", EXDEV, "file: cannot save: Invalid cross-device link"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        refused = cases[i].name, error_given = cases[i].error;
        ok(saves("file", cases[i].said) && holds("file", "old") && entries() == 1,
           "%s fails: %s", cases[i].name, cases[i].said);
    }
    /* Test a disk that cannot be forced, and a name that is taken */
    refused = "fsync", error_given = EINVAL;
    ok(saves("file", "") && holds("file", "new"), "where nothing can be forced, all goes on");
    refused = "";
    make("file", 0644);
    make(".rnn-0a0a0a0a0a0a0a0a", 0644);
    ok(saves("file", "file: cannot save: File exists") && holds("file", "old")
       && holds(".rnn-0a0a0a0a0a0a0a0a", "old"), "a file that happens to have the name stays");
    unlink(".rnn-0a0a0a0a0a0a0a0a");
}

/* Test what a stream reports */
static int spoilt(int how, int error, const char *complaint)
{
    replacement w;
    fault f = {""};
    if (replacement_open(&w, "file", &f) != 0) exit(1);
    if (how == 'r') fgetc(w.file);          // it is for writing
    if (how == 'c') close(fileno(w.file));
    if (how == 'w') fputs("new", w.file), close(fileno(w.file));
    errno = error;
    return replacement_commit(&w, "file", &f) == -1 && strcmp(f.text, complaint) == 0
        && emptied(&w) && holds("file", "old") && entries() == 1;
}

static void test_streams(void)
{
    ok(spoilt('r', 0, "file: cannot save: Input/output error"), "a stream that failed before");
    ok(spoilt('r', ENOSPC, "file: cannot save: No space left on device"), "and why it did");
    ok(spoilt('w', 0, "file: cannot save: Bad file descriptor"), "one that cannot be emptied");
    files_forced = 0;
    ok(spoilt('c', 0, "file: cannot save: Bad file descriptor") && files_forced == 0,
       "one that cannot be closed");
    refused = "fsync", error_given = EIO;
    ok(spoilt('c', 0, "file: cannot save: Input/output error"), "the first reason is told");
    refused = "";
}

/* Test that a file is replaced */
static void test_success(void)
{
    replacement w;
    fault f = {""};
    /* Test the name beside */
    ok(replacement_open(&w, "../here/./file", &f) == 0
       && strcmp(w.beside, "../here/./.rnn-0a0a0a0a0a0a0a0a") == 0
       && strcmp(w.target, "../here/./file") == 0, "it is written beside%s", f.text);
    ok(fcntl(fileno(w.file), F_GETFD) & FD_CLOEXEC && entries() == 2, "where no other program sees it");
    fputs("new", w.file);
    char *name = replacement_unused("here/net", "rescued-", ".safetensors");
    ok(strcmp(name, "here/rescued-0a0a0a0a0a0a0a0a.safetensors") == 0, "a name that nobody has");
    free(name);
    name = replacement_unused("net", "", "");
    ok(strcmp(name, "0a0a0a0a0a0a0a0a") == 0, "and in the current folder");
    free(name);
    files_forced = folders_forced = 0;
    errno = ENOSPC;                         // of something long past
    ok(replacement_commit(&w, "file", &f) == 0 && emptied(&w) && holds("file", "new")
       && entries() == 1, "and takes its place%s", f.text);
    ok(files_forced == 1 && folders_forced == 1, "file and folder are forced to the disk");
    if (replacement_open(&w, "file", &f) != 0) exit(1);
    fputs("newer", w.file);
    replacement_abort(&w);
    ok(emptied(&w) && holds("file", "new") && entries() == 1, "or does not");
    /* Test that no descriptor is special */
    const int input = dup(0);
    close(0);
    folders_forced = 0;
    const int saved = saves("file", "");
    ok(saved && folders_forced == 1 && close(0) == -1, "descriptor 0 serves as any other");
    if (input >= 0 && (dup2(input, 0) != 0 || close(input) != 0)) exit(1);
    make("file", 0644);
}

/* Test owners and permissions */
static const struct { mode_t old, mask; int refused; mode_t now; } permissions[] = {
    {0, 0, 0, 0666}, {0, 022, 0, 0644}, {0, 077, 0, 0600}, {0640, 0, 0, 0640},
    {0604, 077, 0, 0604}, {0777, 077, 0, 0777}, {04751, 0, 0, 0751}, {0777, 0, 1, 0777},
    {0777, 0, 2, 0707}, {0660, 077, 2, 0600}, {0220, 0, 0, 0220}, {0202, 0, 0, 0202},
};

static void test_permissions(void)
{
    struct stat status;
    for (size_t i = 0; i < sizeof permissions / sizeof *permissions; i++) {
        unlink("file");
        if (permissions[i].old) make("file", permissions[i].old);
        const mode_t mask = umask(permissions[i].mask);
        owners_asked = 0, owners_refused = permissions[i].refused;
        /* Test who was asked for, and what came of it */
        const int known = stat("file", &status) == 0, again = permissions[i].refused > 0;
        const int saved = saves("file", "");
        ok(saved && mode_of("file") == permissions[i].now, "%04o under a mask of %03o becomes %04o",
           (unsigned)permissions[i].old, (unsigned)permissions[i].mask, (unsigned)permissions[i].now);
        ok(owners_asked == known + again && (!known || (owners[0].user == status.st_uid
           && owners[0].group == status.st_gid)) && (!again || (owners[1].user == (uid_t)-1
           && owners[1].group == status.st_gid)), "and the owner is kept, or at least the group");
        umask(mask);
    }
    owners_refused = 0;
    make("file", 0644);
}

/* Test chains of links */
static int leads(const char *from, const char *to)
{
    char *found = replacement_target(from);
    const int right = found ? to && strcmp(found, to) == 0 : !to && errno == ELOOP;
    free(found);
    return right;
}

static void test_links(void)
{
    char name[] = "link00", next[] = "link01", there[4096] = "";
    /* Make a chain of links */
    for (int i = 0; i < 40; i++) {
        sprintf(name + 4, "%02d", i);
        sprintf(next + 4, "%02d", i + 1);
        if (symlink(i < 39 ? next : "file", name) != 0) exit(1);
    }
    ok(leads("link01", "file") && leads("../here/link01", "../here/file"), "39 links are followed");
    ok(leads("link00", NULL), "40 are not");
    /* Test a link as long as can be, and one to another folder */
    while (strlen(there) < 4090) strcat(there, "./");
    strcat(there, "short");
    if (strlen(there) != 4095 || symlink(there, "long") != 0 || symlink("file", "short") != 0) exit(1);
    there[4090] = '\0';
    char end[4096];
    sprintf(end, "%sfile", there);
    ok(leads("long", end), "a link of 4095 bytes is followed, and the short one at its end");
    unlink("short");
    if (symlink("/nonexistent/file", "short") != 0) exit(1);
    ok(leads("../here/short", "/nonexistent/file"), "a link may begin at the root");
    unlink("long"), unlink("short");
    for (int i = 0; i < 40; i++) sprintf(name + 4, "%02d", i), unlink(name);
}

/* Test which names are one file */
static const struct { const char *one, *other; int same; } pairs[] = {
    {"file", "file", 1}, {"file", "./file", 1}, {"./file", "../here/file", 1}, {"file", "twin", 1},
    {"file", "none", 0}, {"none", "file", 0}, {"file", "other", 0}, {"link", "file", 1},
    {"none", "none", 1}, {"none", "./none", 1}, {"./none", "none", 1}, {"none", "nonf", 0},
    {"./none", "../here/./none", 1}, {"./none", "../none", 0}, {"./xone", "./none", 0},
    {"hollow", "none", 1}, {"nowhere/x", "nowhere/x", 1}, {"nowhere/x", "nowhere/./x", 0},
    {"nowhere/x", "x", 0}, {"x", "nowhere/x", 0}, {"/dev/null", "/dev/null", 1},
    {"/dev/null", "/dev/./null", 0}, {"circle", "circle", 0}, {"circle", "file", 0},
    {"file", "circle", 0}, {"circle", "none", 0}, {"none", "circle", 0},
};

static void test_same(void)
{
    make("other", 0644);
    if (link("file", "twin") != 0 || symlink("file", "link") != 0 || symlink("none", "hollow") != 0
        || symlink("circle", "circle") != 0) exit(1);
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        ok(replacement_same(pairs[i].one, pairs[i].other) == pairs[i].same, "“%s” and “%s” are %s",
           pairs[i].one, pairs[i].other, pairs[i].same ? "one file" : "two");
    static const char *const made[] = {"other", "twin", "link", "hollow", "circle"};
    for (size_t i = 0; i < sizeof made / sizeof *made; i++) unlink(made[i]);
}

/* Test names that go with names */
static const char *const words[][2] = {
    {"net.st", "net.last.st"}, {"net", "net.last"}, {"a/b.c/net", "a/b.c/net.last"},
    {"/x/net.tar.gz", "/x/net.tar.last.gz"}, {".net", ".net.last"}, {"a/.net", "a/.net.last"},
    {"net.", "net.last."}, {"net.last.st", "net.last.last.st"}, {"away", "there/far.last.st"},
};
static const struct { const char *fill; size_t count; const char *after; size_t left; } fills[] = {
    {"n", 255, "", 250}, {"n", 250, "", 250}, {"n", 251, "", 250}, {"n", 247, ".st", 247},
    {"n", 252, ".st", 247}, {"n", 223, "." "1234567890123456789012345678901", 218},
    {"\xC3\xA9", 127, "", 125}, {"\xE2\x82\xAC", 84, ".s", 82}, {"\xA9", 255, "", 0},
};

static void test_beside(const char *path, const char *wanted)
{
    char *name = replacement_beside(path, ".last");
    ok(name && strcmp(name, wanted) == 0, "beside %.20s is %.20s", path, name ? name : "nothing");
    free(name);
}

static void test_words(void)
{
    char path[300], wanted[300];
    if (symlink("there/far.st", "away") != 0 || symlink("circle", "circle") != 0) exit(1);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) test_beside(words[i][0], words[i][1]);
    for (size_t i = 0; i < sizeof fills / sizeof *fills; i++) {
        *path = *wanted = '\0';
        for (size_t j = 0; j < fills[i].count; j++) strcat(path, fills[i].fill);
        for (size_t j = 0; j < fills[i].left; j++) strcat(wanted, fills[i].fill);
        test_beside(strcat(path, fills[i].after), strcat(strcat(wanted, ".last"), fills[i].after));
    }
    errno = 0;
    ok(!replacement_beside("circle", ".last") && errno == ELOOP, "a circle has nothing beside it");
    unlink("away"), unlink("circle");
}

/* Test that an old version is kept */
static void test_old(void)
{
    make("net", 0640);
    if (symlink("net", "link") != 0) exit(1);
    char *old = replacement_old("link");
    ok(old && strcmp(old, "net~") == 0, "the name of the old version: %s", old ? old : "none");
    for (int i = 0; i < 2; i++)
        ok(replacement_keep("link", "net~") == 0 && holds("net~", "old") && holds("net", "old")
           && mode_of("net~") == 0640 && entries() == 4, "there is one name more, %d", i);
    refused = "rename", error_given = EACCES;
    ok(replacement_keep("net", "other") == -1 && errno == EACCES && entries() == 4, "or none");
    refused = "getentropy";
    ok(replacement_keep("net", "other") == -1 && entries() == 4, "for want of a name as well");
    refused = "";
    ok(replacement_keep("none", "other") == -1 && errno == ENOENT, "nothing cannot be kept");
    free(old);
    unlink("net"), unlink("net~"), unlink("link");
}

/* Test that nothing is kept */
static void all_ways(void)
{
    static const char *const names[] = {"fdopen", "getentropy", "rename", "fsync", ""};
    replacement w;
    fault f;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        refused = names[i];
        saves("file", "");
        replacement_same("file", "circle"), replacement_same("circle", "file");
        replacement_same("./none", "none"), replacement_same("file", "link");
        saves("circle", ""), saves("file/x", ""), saves(".", "");
        free(replacement_beside("link", ".last")), free(replacement_beside("circle", ".last"));
        free(replacement_old("link")), free(replacement_old("circle"));
        replacement_keep("none", "other"), replacement_keep("circle", "other");
    }
    if (replacement_open(&w, "file", &f) == 0) replacement_abort(&w);
}

static void test_leaks(void)
{
    if (symlink("circle", "circle") != 0 || symlink("file", "link") != 0) exit(1);
    const int next = dup(0);
    close(next);
    for (int i = 0; i < 20; i++) all_ways();
    const size_t before = test_held();
    for (int i = 0; i < 20; i++) all_ways();
    ok(test_held() == before, "no memory is kept");
    const int now = dup(0);
    close(now);
    ok(now == next && entries() == 3, "and no file");
    unlink("circle"), unlink("link"), unlink("file");
}

/* Run all tests of replacements */
int main(void)
{
    char folder[] = "/tmp/rnn-replace-XXXXXX";
    if (!mkdtemp(folder) || chdir(folder) != 0 || mkdir("here", 0700) != 0 || chdir("here") != 0)
        return 1;
    test_objections();
    test_refusals();
    test_streams();
    test_success();
    test_permissions();
    test_links();
    test_same();
    test_words();
    test_old();
    test_leaks();
    if (chdir("..") != 0 || rmdir("here") != 0 || rmdir(folder) != 0) return 1;
    return test_done();
}
