/* generated from chapters/02-characters.nw by noweb; do not edit */
#include "fault.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int fault_set(fault *f, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(f->text, sizeof f->text, format, arguments);
    va_end(arguments);
    return -1;
}
/* Quote a name for the shell */

char *fault_quote(char *quoted, const char *name)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                "0123456789_./+-,:@%";
    const int bare = *name && strspn(name, plain) == strlen(name);
    char *to = quoted, *end = quoted + FAULT_QUOTED - 8;
    if (*name == '-') *to++ = '.', *to++ = '/';
    if (!bare) *to++ = '\'';
    for (; *name && to < end; name++)
        /* Copy one sign of a quoted name */
        {
            if (*name == '\'') to += sprintf(to, "'\\'");
            *to++ = *name;
        }
    if (!bare) *to++ = '\'';
    *to = '\0';
    return quoted;
}
