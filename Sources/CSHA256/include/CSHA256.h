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
/// each. Messages go side by side: two by the processor's SHA instructions, which wait for each other within one, or sixteen by AVX-512.
void csha256_equal_lengths(const uint8_t *messages, size_t count, size_t message_count, uint8_t *digests);

/// Writes the digest of 0x00 and 32 bytes for each of the `count` entries, which lie one after the other: what the log tree's leaves are.
void csha256_leaves(const uint8_t *entries, size_t count, uint8_t *digests);

/// Writes the digest of 0x01 and two digests for each of the `count` pairs, which lie one after the other: what the inner nodes of trees
/// are. `parents` may be `children`: a pair is read before its parent is written, and no later pair lies there.
void csha256_parents(const uint8_t *children, size_t count, uint8_t *parents);

/// Continues `count` messages, which lie in blocks of 64 bytes, padded, by a block each: for every `place` of `places` the state
/// behind block `place` goes to state `place + 1`, computed from state `place`. A state has 8 words; the states that are read are not
/// among those that are written.
void csha256_continue(const uint8_t *blocks, uint32_t *states, const uint32_t *places, size_t count);

/// Writes the state before the first block of a message: 8 words.
void csha256_start(uint32_t *state);

/// Puts padding (FIPS 180-4, 5.1.1) behind the `count` bytes at `message`, up to the end of a block: at most 72 bytes. Returns the number
/// of blocks.
size_t csha256_pad(uint8_t *message, size_t count);

/// The same as `csha256` in portable C, whatever the processor.
void csha256_portable(const uint8_t *message, size_t count, uint8_t *digest);

#endif
