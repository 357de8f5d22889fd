// What every header of the C leaf starts from.
#ifndef CK_BASE_H
#define CK_BASE_H

#include <stddef.h>
#include <stdint.h>

#define CK_HIDDEN __attribute__((visibility("hidden")))

#endif
