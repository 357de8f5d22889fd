// What the rows of SHA-2 share.
#ifndef CK_SHA2_H
#define CK_SHA2_H

// Makes the compiler forget what `pointer` points at. Without it the loads of K leave the loop over blocks, and with
// too few registers for them they are spilled: as many loads in the loop, and a prologue that a short message pays for.
#define CK_KEEP_IN_MEMORY(pointer) __asm__("" : "+r"(pointer))

#endif
