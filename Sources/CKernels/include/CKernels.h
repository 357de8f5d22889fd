// The C leaf of Kernels: CPU detection, and loops that need an instruction set Swift cannot compile for. One header a family.
//
// Nothing here allocates, keeps state, reports errors or decides anything: the Swift side checks, blocks and dispatches.
// Symbols are hidden, so that an application that links the library never sees or collides with them.
#ifndef CKERNELS_H
#define CKERNELS_H

#include "ck_base.h"
#include "ck_core.h"

#include "ck_aggregation.h"
#include "ck_arrow.h"
#include "ck_checksums.h"
#include "ck_compression.h"
#include "ck_encodings.h"
#include "ck_hashing.h"
#include "ck_imaging.h"
#include "ck_json.h"
#include "ck_matrix.h"
#include "ck_prefetch.h"
#include "ck_uploads.h"

#endif
