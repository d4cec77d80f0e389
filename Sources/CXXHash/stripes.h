#ifndef CXXHASH_STRIPES_H
#define CXXHASH_STRIPES_H

#include <stddef.h>
#include <stdint.h>

/// Bytes that a round of the four accumulators takes.
#define CXXHASH_STRIPE_BYTES 16
/// Messages side by side.
#define CXXHASH_LANES 8

#define CXXHASH_PRIME1 0x9E3779B1u
#define CXXHASH_PRIME2 0x85EBCA77u

/// The four accumulators of a message.
struct cxxhash_accumulators {
  uint32_t words[4];
};

/// Folds `stripe_count` stripes of each message in. Lanes may share a message.
void cxxhash_fold_side_by_side(
    struct cxxhash_accumulators lanes[CXXHASH_LANES], const uint8_t *const bytes[CXXHASH_LANES], size_t stripe_count);

#endif
