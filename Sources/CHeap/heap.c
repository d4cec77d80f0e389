#include <malloc.h>

#include "CHeap.h"

void cheap_trim(void) { malloc_trim(0); }
