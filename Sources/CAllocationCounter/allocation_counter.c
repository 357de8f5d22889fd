#include "include/allocation_counter.h"
