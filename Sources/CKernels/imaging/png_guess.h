// What PNG's filters take a byte to be (W3C PNG, 9.2 to 9.4), byte by byte: for the ends of rows, where no vector fits.
#ifndef CK_PNG_GUESS_H
#define CK_PNG_GUESS_H

// From the byte to the left, the one above and the one above that to the left; `filter` is 0 to 4.
static inline int ck_png_guess(int filter, int a, int b, int c) {
    int pa = b > c ? b - c : c - b, pb = a > c ? a - c : c - a, pc = a + b > 2 * c ? a + b - 2 * c : 2 * c - a - b;
    switch (filter) {
    case 0: return 0;
    case 1: return a;
    case 2: return b;
    case 3: return (a + b) >> 1;
    default: return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
    }
}

#endif
