#include "CBuildInformation.h"

#ifndef EQM_REPLAY_REVISION
#define EQM_REPLAY_REVISION "unknown"
#endif

const char *cbuildinformation_revision(void) { return EQM_REPLAY_REVISION; }
