#ifndef CSHA256_BLOCKS_H
#define CSHA256_BLOCKS_H

#include <stddef.h>
#include <stdint.h>

#define CSHA256_BLOCK_BYTES 64

/// Round constants (FIPS 180-4, 4.2.2).
extern const uint32_t csha256_constants[64];

/// The state before a message (FIPS 180-4, 5.3.3).
extern const uint32_t csha256_initial_state[8];

/// Compresses `count` blocks of 64 bytes into `state`, eight words.
typedef void csha256_compress(uint32_t *state, const uint8_t *blocks, size_t count);

csha256_compress csha256_compress_portable;

/// Messages that go side by side at most.
#define CSHA256_LANES 16

#if defined(__x86_64__)
csha256_compress csha256_compress_sha_extensions;
/// Compresses `count` blocks of each of two messages into their states, side by side.
void csha256_compress_two(
    uint32_t *state, const uint8_t *blocks, uint32_t *other_state, const uint8_t *other_blocks, size_t count);

/// Compresses by AVX-512 `count` blocks of each of 16 messages into their states, which are given by word.
void csha256_compress_sixteen(uint32_t (*state)[CSHA256_LANES], const uint8_t *const *blocks, size_t count);
/// Writes the digests of `lanes` messages of `block_count` blocks, padded, one after the other; there are pointers to 16.
void csha256_digest_sixteen(const uint8_t *const *messages, size_t block_count, size_t lanes, uint8_t *digests);
#endif

#endif
