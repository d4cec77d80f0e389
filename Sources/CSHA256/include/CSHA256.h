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

/// Writes the digests of `message_count` messages of `count` bytes each, which lie one after the other, to `digests`, 32 bytes
/// each. Two messages go side by side: the processor's SHA instructions wait for each other within one.
void csha256_equal_lengths(const uint8_t *messages, size_t count, size_t message_count, uint8_t *digests);

/// The same as `csha256` in portable C, whatever the processor.
void csha256_portable(const uint8_t *message, size_t count, uint8_t *digest);

#endif
