#ifndef CKECCAK_SPONGE_H
#define CKECCAK_SPONGE_H

#include "include/CKeccak.h"

#include <stdbool.h>

/// A message on its way through a sponge: where it stands, and room for a block that is not contiguous in it.
struct ckeccak_cursor {
  const struct ckeccak_message *message;
  /// Bytes of head and tail handed out so far.
  size_t position;
  bool is_finished;
  uint8_t block[CKECCAK_RATE_BYTES];
};

/// Starts at the first byte of `message`.
void ckeccak_cursor_start(struct ckeccak_cursor *cursor, const struct ckeccak_message *message);

/// Returns the next block of 136 bytes, the last one padded, and sets `is_finished` with it.
///
/// The block lies in the message where it can, and else in the cursor: it is valid until the next call.
const uint8_t *ckeccak_cursor_next(struct ckeccak_cursor *cursor);

/// Carries a message from where its cursor stands to its digest.
void ckeccak_finish_scalar(struct ckeccak_cursor *cursor, uint64_t *state, uint8_t *digest);

/// `ckeccak_sha3_256` with AVX2.
void ckeccak_sha3_256_avx2(const struct ckeccak_message *messages, size_t count, uint8_t *digests);

#endif
