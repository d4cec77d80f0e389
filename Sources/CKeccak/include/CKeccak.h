#ifndef CKECCAK_H
#define CKECCAK_H

#include <stddef.h>
#include <stdint.h>

/// Bytes that one permutation absorbs: the rate of SHA3-256 (FIPS 202).
#define CKECCAK_RATE_BYTES 136
/// 64-bit words of a sponge state.
#define CKECCAK_STATE_WORDS 25
/// Bytes of a digest.
#define CKECCAK_DIGEST_BYTES 32

/// How permutations are computed.
enum ckeccak_backend {
  /// One message at a time, portable C.
  CKECCAK_SCALAR = 0,
  /// Four messages side by side in AVX2 registers.
  CKECCAK_AVX2 = 1,
};

/// A message in up to two pieces, after blocks that have been absorbed already.
struct ckeccak_message {
  /// The state after a whole number of blocks, 25 words; NULL for none.
  const uint64_t *absorbed;
  const uint8_t *head;
  size_t head_count;
  const uint8_t *tail;
  size_t tail_count;
};

/// The fastest backend that this processor runs.
enum ckeccak_backend ckeccak_fastest_backend(void);

/// Writes the SHA3-256 digests of `count` messages to `digests`, 32 bytes each, in the order of the messages.
///
/// Messages may have any lengths: a lane whose message has ended takes the next one.
void ckeccak_sha3_256(
    enum ckeccak_backend backend, const struct ckeccak_message *messages, size_t count, uint8_t *digests);

/// Absorbs `block_count` blocks that consist of `byte` only into `state`, 25 words.
void ckeccak_absorb_repeated(uint64_t *state, uint8_t byte, size_t block_count);

#endif
