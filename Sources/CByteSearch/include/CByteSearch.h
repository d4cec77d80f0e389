/// A search that Swift's library lacks, and the C library has without vectors.
#ifndef CBYTESEARCH_H
#define CBYTESEARCH_H

#include <stddef.h>
#include <stdint.h>

/// The first place of `count` bytes in a text; NULL where they are not.
const uint8_t *cbyte_search(const uint8_t *text, size_t length, const uint8_t *bytes, size_t count);

#endif
