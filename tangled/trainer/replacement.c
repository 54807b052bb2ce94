/* generated from chapters/12-checkpoints.nw by noweb; do not edit */
#define _DEFAULT_SOURCE             // for getentropy
#define _POSIX_C_SOURCE 200809L
#include "replacement.h"
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A name in the folder of a name */
static char *beside_name(const char *path, const char *name)
{
    const char *slash = strrchr(path, '/');
    const int folder = slash ? (int)(slash - path) + 1 : 0;
    const size_t room = (size_t)folder + strlen(name) + 1;
    char *joined = malloc(room);
    if (joined) snprintf(joined, room, "%.*s%s", folder, path, name);
    return joined;
}

/* Follow symbolic links */
char *replacement_target(const char *path)
{
    char *name = strdup(path), *next = NULL;
    for (int links = 0; name && links < 40; links++, name = next) {
        char there[4096];
        const ssize_t size = readlink(name, there, sizeof there - 1);
        if (size < 0) return name;
        there[size] = '\0';
        next = beside_name(*there == '/' ? "" : name, there);
        free(name);
    }
    free(name);
    errno = name ? ELOOP : ENOMEM;
    return NULL;
}

/* Refuse to replace what should stay */
static const char *objection(const char *target, struct stat *old)
{
    if (*target == '\0') return "a file needs a name";
    if (stat(target, old) != 0) {
        *old = (struct stat){.st_mode = 0};
        return errno == ENOENT ? NULL : strerror(errno);
    }
    if (!S_ISREG(old->st_mode)) return "this is not a regular file";
    if (!(old->st_mode & 0222) || access(target, W_OK) != 0)
        return "the file there is read-only";
    return NULL;
}

/* Keep owner and permissions */
static void keep_owner(int descriptor, const struct stat *old)
{
    const int kept = fchown(descriptor, old->st_uid, old->st_gid) == 0
        || fchown(descriptor, (uid_t)-1, old->st_gid) == 0;
    fchmod(descriptor, old->st_mode & (kept ? 0777 : 0707));
}

/* Make a file that nobody has */
char *replacement_unused(const char *path, const char *before, const char *after)
{
    uint64_t chance;
    char name[64];
    if (getentropy(&chance, sizeof chance) != 0) return NULL;
    snprintf(name, sizeof name, "%s%016" PRIx64 "%s", before, chance, after);
    return beside_name(path, name);
}

static FILE *make_beside(replacement *w, const struct stat *old)
{
    const mode_t mode = old->st_mode ? old->st_mode & 0777 : 0666;
    if (!(w->beside = replacement_unused(w->target, ".rnn-", ""))) return NULL;
    const int descriptor = open(w->beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (descriptor < 0) return NULL;
    if (old->st_mode) keep_owner(descriptor, old);
    FILE *file = fdopen(descriptor, "wb");
    if (file) return file;
    close(descriptor);
    unlink(w->beside);
    return NULL;
}

/* Force a folder's entry to the disk */
static void sync_folder(const char *target)
{
    char *folder = beside_name(target, ".");
    if (!folder) return;
    const int descriptor = open(folder, O_RDONLY | O_CLOEXEC);
    if (descriptor >= 0) {
        fsync(descriptor);      // some file systems cannot; the rename has succeeded
        close(descriptor);
    }
    free(folder);
}

/* Leave the old file as it was */
static void forget(replacement *w)
{
    free(w->target);
    free(w->beside);
    *w = (replacement){.file = NULL};
}

void replacement_abort(replacement *w)
{
    fclose(w->file);
    unlink(w->beside);
    forget(w);
}

/* Open a file beside the old one */
int replacement_open(replacement *w, const char *path, fault *f)
{
    struct stat old;
    const char *why = NULL;
    *w = (replacement){.target = replacement_target(path)};
    if (w->target) why = objection(w->target, &old);
    if (w->target && !why) w->file = make_beside(w, &old);
    if (w->file) return 0;
    if (!why) why = strerror(errno);
    forget(w);
    return fault_set(f, "%s: cannot save: %s", path, why);
}

/* Put the new file in the place of the old */
int replacement_commit(replacement *w, const char *path, fault *f)
{
    int error = 0;
    if (ferror(w->file) || fflush(w->file) != 0) error = errno ? errno : EIO;
    if (!error && fsync(fileno(w->file)) != 0 && errno != EINVAL) error = errno;
    if (fclose(w->file) != 0 && !error) error = errno;
    if (!error && rename(w->beside, w->target) != 0) error = errno;
    if (!error) {
        sync_folder(w->target);
        forget(w);
        return 0;
    }
    unlink(w->beside);
    forget(w);
    return fault_set(f, "%s: cannot save: %s", path, strerror(error));
}

/* Compare places where nothing is yet */
static int same_place(const char *one, const char *other)
{
    struct stat a, b;
    const char *s = strrchr(one, '/'), *t = strrchr(other, '/');
    char *folder = beside_name(one, "."), *another = beside_name(other, ".");
    const int same = folder && another && stat(folder, &a) == 0 && stat(another, &b) == 0
        && a.st_dev == b.st_dev && a.st_ino == b.st_ino
        && strcmp(s ? s + 1 : one, t ? t + 1 : other) == 0;
    free(folder);
    free(another);
    return same;
}

/* Find out whether two paths are one file */
int replacement_same(const char *one, const char *other)
{
    struct stat a, b;
    char *s = replacement_target(one), *t = replacement_target(other);
    int same = s && t && strcmp(s, t) == 0;
    if (s && t && stat(s, &a) == 0 && stat(t, &b) == 0)
        same |= S_ISREG(a.st_mode) && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
    else if (s && t)
        same |= same_place(s, t);
    free(s);
    free(t);
    return same;
}

/* A name that goes with a name */
char *replacement_beside(const char *path, const char *word)
{
    enum { LONGEST = 255, SUFFIX = 32 };
    char name[LONGEST + 1], *joined = NULL, *target = replacement_target(path);
    if (!target) return NULL;
    const char *slash = strrchr(target, '/'), *base = slash ? slash + 1 : target;
    /* Find where the word goes */
    const char *dot = strrchr(base, '.'), *end = base + strlen(base);
    if (!dot || dot == base || end - dot > SUFFIX) dot = end;
    const size_t most = LONGEST - strlen(word) - (size_t)(end - dot);
    size_t stem = (size_t)(dot - base);
    if (stem > most) for (stem = most; stem > 0 && (base[stem] & 0xC0) == 0x80; stem--) continue;
    snprintf(name, sizeof name, "%.*s%s%s", (int)stem, base, word, dot);
    joined = beside_name(target, name);
    free(target);
    return joined;
}

/* Keep what will be replaced */
char *replacement_old(const char *path)
{
    char *target = replacement_target(path), *old = target ? malloc(strlen(target) + 2) : NULL;
    if (old) sprintf(old, "%s~", target);
    free(target);
    return old;
}

int replacement_keep(const char *path, const char *old)
{
    char *target = replacement_target(path);
    char *beside = target ? replacement_unused(old, ".rnn-", "") : NULL;
    int status = -1;
    if (beside && link(target, beside) == 0) {
        status = rename(beside, old);
        unlink(beside);
    } else if (beside) status = rename(target, old);
    free(target);
    free(beside);
    return status;
}
