// For rows that read tables of constants.
#ifndef CK_KEEP_IN_MEMORY_H
#define CK_KEEP_IN_MEMORY_H

// Makes the compiler forget what `pointer` points at. Without it the loads of constants leave the loop over blocks, and with
// too few registers for them they are spilled: as many loads in the loop, and a prologue that a short message pays for.
#define CK_KEEP_IN_MEMORY(pointer) __asm__("" : "+r"(pointer))

#endif
