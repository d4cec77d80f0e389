/// What only the build knows of itself.
#ifndef CBUILDINFORMATION_H
#define CBUILDINFORMATION_H

/// The revision of the sources, as EQM_BUILD_REVISION named it when the manifest was read; `unknown` without.
const char *cbuildinformation_revision(void);

#endif
