/// Work of a known size, planted to see that a measurement notices it.
#ifndef CPLANTEDWORK_H
#define CPLANTEDWORK_H

#include <stdint.h>

/// Executes about as many instructions as it is told, and does nothing else.
void cplantedwork_execute(uint64_t instructions);

#endif
