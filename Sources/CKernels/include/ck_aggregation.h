// The C leaf of the aggregation: what Swift has no words for.
#ifndef CK_AGGREGATION_H
#define CK_AGGREGATION_H

#include "ck_base.h"

/// Asks for the line of `address`, to read and soon to write. Any address does.
static inline void ck_prefetch(const void *address) { __builtin_prefetch(address, 1, 3); }

#endif
