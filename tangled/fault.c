/* generated from chapters/02-characters.nw by noweb; do not edit */
#include "fault.h"
#include <stdarg.h>
#include <stdio.h>

int fault_set(fault *f, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(f->text, sizeof f->text, format, arguments);
    va_end(arguments);
    return -1;
}
