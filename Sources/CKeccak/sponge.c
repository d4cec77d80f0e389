#include "sponge.h"

#include "permutation.h"

#include <string.h>

_Static_assert(CKECCAK_RATE_BYTES % 8 == 0, "a block is a whole number of words");
#if !defined(__BYTE_ORDER__) || __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "the words of a sponge are little-endian, and so must the machine be"
#endif

#define XOR(a, b) ((a) ^ (b))
#define ANDNOT(a, b) (~(a) & (b))
#define ROL(a, n) ((a) << (n) | (a) >> (64 - (n)))
#define CONSTANT(c) (c)

/// Permutes a state of 25 words.
static void permute(uint64_t *state) {
  uint64_t a[CKECCAK_STATE_WORDS], b[CKECCAK_STATE_WORDS];
  memcpy(a, state, sizeof a);
  for (int round = 0; round < 24; round++) CKECCAK_ROUND(uint64_t, a, b, round);
  memcpy(state, a, sizeof a);
}

void ckeccak_cursor_start(struct ckeccak_cursor *cursor, const struct ckeccak_message *message) {
  cursor->message = message;
  cursor->position = 0;
  cursor->is_finished = false;
}

const uint8_t *ckeccak_cursor_next(struct ckeccak_cursor *cursor) {
  const struct ckeccak_message *message = cursor->message;
  const size_t start = cursor->position;
  const size_t total = message->head_count + message->tail_count;
  const size_t count = total - start < CKECCAK_RATE_BYTES ? total - start : CKECCAK_RATE_BYTES;
  cursor->position = start + count;
  if (count == CKECCAK_RATE_BYTES) {
    if (start + count <= message->head_count) return message->head + start;
    if (start >= message->head_count) return message->tail + (start - message->head_count);
  }
  const size_t from_head =
      start >= message->head_count ? 0 : (message->head_count - start < count ? message->head_count - start : count);
  if (from_head > 0) memcpy(cursor->block, message->head + start, from_head);
  if (count > from_head) {
    memcpy(cursor->block + from_head, message->tail + (start + from_head - message->head_count), count - from_head);
  }
  if (count < CKECCAK_RATE_BYTES) {
    // The suffix 01 of SHA-3 and the padding 1 0…0 1 (FIPS 202, 6.1 and 5.1).
    memset(cursor->block + count, 0, CKECCAK_RATE_BYTES - count);
    cursor->block[count] = 0x06;
    cursor->block[CKECCAK_RATE_BYTES - 1] |= 0x80;
    cursor->is_finished = true;
  }
  return cursor->block;
}

static void absorb(uint64_t *state, const uint8_t *block) {
  for (int word = 0; word < CKECCAK_RATE_BYTES / 8; word++) {
    uint64_t value;
    memcpy(&value, block + 8 * word, 8);
    state[word] ^= value;
  }
  permute(state);
}

void ckeccak_finish_scalar(struct ckeccak_cursor *cursor, uint64_t *state, uint8_t *digest) {
  while (!cursor->is_finished) absorb(state, ckeccak_cursor_next(cursor));
  memcpy(digest, state, CKECCAK_DIGEST_BYTES);
}

static void sha3_256_scalar(const struct ckeccak_message *messages, size_t count, uint8_t *digests) {
  for (size_t index = 0; index < count; index++) {
    struct ckeccak_cursor cursor;
    uint64_t state[CKECCAK_STATE_WORDS] = {0};
    if (messages[index].absorbed) memcpy(state, messages[index].absorbed, sizeof state);
    ckeccak_cursor_start(&cursor, &messages[index]);
    ckeccak_finish_scalar(&cursor, state, digests + CKECCAK_DIGEST_BYTES * index);
  }
}

void ckeccak_sha3_256(
    enum ckeccak_backend backend, const struct ckeccak_message *messages, size_t count, uint8_t *digests) {
#if defined(__x86_64__)
  if (backend == CKECCAK_AVX2) return ckeccak_sha3_256_avx2(messages, count, digests);
#endif
  sha3_256_scalar(messages, count, digests);
}

enum ckeccak_backend ckeccak_fastest_backend(void) {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx2") ? CKECCAK_AVX2 : CKECCAK_SCALAR;
#else
  return CKECCAK_SCALAR;
#endif
}

void ckeccak_absorb_repeated(uint64_t *state, uint8_t byte, size_t block_count) {
  uint8_t block[CKECCAK_RATE_BYTES];
  memset(block, byte, sizeof block);
  for (size_t index = 0; index < block_count; index++) absorb(state, block);
}
