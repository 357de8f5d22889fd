// What Swift has no words for: a line asked for ahead of its use.
#ifndef CK_PREFETCH_H
#define CK_PREFETCH_H

/// Asks for the line of `address`, to read and soon to write. Any address does.
static inline void ck_prefetch(const void *address) { __builtin_prefetch(address, 1, 3); }

#endif
