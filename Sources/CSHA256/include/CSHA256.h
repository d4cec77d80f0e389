#ifndef CSHA256_H
#define CSHA256_H

#include <stddef.h>
#include <stdint.h>

/// Bytes of a digest.
#define CSHA256_DIGEST_BYTES 32

/// Writes the SHA-256 digest (FIPS 180-4) of `count` bytes to `digest`, 32 bytes.
///
/// Made for short messages in great number, the leaves and nodes of trees: no context, no allocation. Uses the processor's
/// SHA instructions where it has them.
void csha256(const uint8_t *message, size_t count, uint8_t *digest);

/// The same in portable C, whatever the processor.
void csha256_portable(const uint8_t *message, size_t count, uint8_t *digest);

#endif
