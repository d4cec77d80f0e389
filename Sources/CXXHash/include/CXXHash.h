/// XXH32 with seed 0, the checksum of LZ4 frames (xxHash specification, 0.1.1).
#ifndef CXXHASH_H
#define CXXHASH_H

#include <stddef.h>
#include <stdint.h>

/// How checksums are computed.
enum cxxhash_backend {
  /// One message at a time, portable C.
  CXXHASH_SCALAR = 0,
  /// Up to eight messages side by side, two in an AVX2 register.
  CXXHASH_AVX2 = 1,
};

struct cxxhash_message {
  const uint8_t *bytes;
  size_t count;
};

/// The fastest backend that this processor runs.
enum cxxhash_backend cxxhash_fastest_backend(void);

/// The checksum of one message.
uint32_t cxxhash_xxh32(const uint8_t *bytes, size_t count);

/// Writes the checksums of `count` messages to `checksums`, in the order of the messages.
///
/// Messages may have any lengths; those that stand together are fastest where they are about as long.
void cxxhash_xxh32_many(
    enum cxxhash_backend backend, const struct cxxhash_message *messages, size_t count, uint32_t *checksums);

#endif
