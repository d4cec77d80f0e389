#if defined(__x86_64__)

#include "permutation.h"
#include "sponge.h"

#include <immintrin.h>
#include <string.h>

#define LANES 4
/// Four blocks, about.
#define PREFETCHED_BYTES 512
#define AVX2 __attribute__((target("avx2")))

#define XOR(a, b) _mm256_xor_si256(a, b)
#define ANDNOT(a, b) _mm256_andnot_si256(a, b)
#define ROL(a, n) rotated(a, n)
#define CONSTANT(c) _mm256_set1_epi64x((long long)(c))

/// Every 64-bit element rotated left. Whole bytes are moved by one shuffle, which is cheaper than two shifts and an or.
AVX2 static inline __attribute__((always_inline)) __m256i rotated(__m256i word, const int count) {
  if (count == 8) {
    const __m256i places = _mm256_set_epi8(
        14, 13, 12, 11, 10, 9, 8, 15, 6, 5, 4, 3, 2, 1, 0, 7, 14, 13, 12, 11, 10, 9, 8, 15, 6, 5, 4, 3, 2, 1, 0, 7);
    return _mm256_shuffle_epi8(word, places);
  }
  if (count == 56) {
    const __m256i places = _mm256_set_epi8(
        8, 15, 14, 13, 12, 11, 10, 9, 0, 7, 6, 5, 4, 3, 2, 1, 8, 15, 14, 13, 12, 11, 10, 9, 0, 7, 6, 5, 4, 3, 2, 1);
    return _mm256_shuffle_epi8(word, places);
  }
  return _mm256_or_si256(_mm256_slli_epi64(word, count), _mm256_srli_epi64(word, 64 - count));
}

/// Permutes four states, word by word side by side.
AVX2 static void permute(__m256i *state) {
  __m256i a[CKECCAK_STATE_WORDS], b[CKECCAK_STATE_WORDS];
  memcpy(a, state, sizeof a);
  for (int round = 0; round < 24; round++) CKECCAK_ROUND(__m256i, a, b, round);
  memcpy(state, a, sizeof a);
}

/// Folds one block of each lane into the four states: words 4k to 4k+3 of the four blocks are transposed together.
AVX2 static void absorb(__m256i *state, const uint8_t *const blocks[LANES]) {
  for (int word = 0; word < 16; word += 4) {
    const __m256i row0 = _mm256_loadu_si256((const __m256i *)(blocks[0] + 8 * word));
    const __m256i row1 = _mm256_loadu_si256((const __m256i *)(blocks[1] + 8 * word));
    const __m256i row2 = _mm256_loadu_si256((const __m256i *)(blocks[2] + 8 * word));
    const __m256i row3 = _mm256_loadu_si256((const __m256i *)(blocks[3] + 8 * word));
    const __m256i low01 = _mm256_unpacklo_epi64(row0, row1);
    const __m256i high01 = _mm256_unpackhi_epi64(row0, row1);
    const __m256i low23 = _mm256_unpacklo_epi64(row2, row3);
    const __m256i high23 = _mm256_unpackhi_epi64(row2, row3);
    state[word] = XOR(state[word], _mm256_permute2x128_si256(low01, low23, 0x20));
    state[word + 1] = XOR(state[word + 1], _mm256_permute2x128_si256(high01, high23, 0x20));
    state[word + 2] = XOR(state[word + 2], _mm256_permute2x128_si256(low01, low23, 0x31));
    state[word + 3] = XOR(state[word + 3], _mm256_permute2x128_si256(high01, high23, 0x31));
  }
  long long last[LANES];
  for (int lane = 0; lane < LANES; lane++) memcpy(&last[lane], blocks[lane] + 128, 8);
  state[16] = XOR(state[16], _mm256_set_epi64x(last[3], last[2], last[1], last[0]));
}

/// Four sponges and the messages they work on. A lane without a message absorbs whatever its block points to.
struct lanes {
  union {
    __m256i vectors[CKECCAK_STATE_WORDS];
    uint64_t words[CKECCAK_STATE_WORDS][LANES];
  } state;
  struct ckeccak_cursor cursors[LANES];
  /// The digest each lane works for; NULL for an idle lane.
  uint8_t *digests[LANES];
  int active_count;
};

/// Gives a lane a message, from its first byte.
static void start(struct lanes *lanes, int lane, const struct ckeccak_message *message, uint8_t *digest) {
  for (int word = 0; word < CKECCAK_STATE_WORDS; word++) {
    lanes->state.words[word][lane] = message->absorbed ? message->absorbed[word] : 0;
  }
  ckeccak_cursor_start(&lanes->cursors[lane], message);
  lanes->digests[lane] = digest;
}

/// Asks for the first lines of a message that a lane will take soon. Blocks of one message come fast enough on their own, but each
/// message of a Merkle tree's leaves lies in a page that the processor has not seen coming: 3 % of the time such leaves take.
static void prefetch(const struct ckeccak_message *message) {
  const size_t count = message->head_count < PREFETCHED_BYTES ? message->head_count : PREFETCHED_BYTES;
  for (size_t place = 0; place < count; place += 64) __builtin_prefetch(message->head + place);
}

/// Writes the digest of a lane whose message has ended.
static void write_digest(struct lanes *lanes, int lane) {
  for (int word = 0; word < CKECCAK_DIGEST_BYTES / 8; word++) {
    memcpy(lanes->digests[lane] + 8 * word, &lanes->state.words[word][lane], 8);
  }
}

/// Carries the only lane at work to its end: alone, it is faster in ordinary registers.
static void finish_alone(struct lanes *lanes) {
  for (int lane = 0; lane < LANES; lane++) {
    if (!lanes->digests[lane]) continue;
    uint64_t state[CKECCAK_STATE_WORDS];
    for (int word = 0; word < CKECCAK_STATE_WORDS; word++) state[word] = lanes->state.words[word][lane];
    ckeccak_finish_scalar(&lanes->cursors[lane], state, lanes->digests[lane]);
  }
}

AVX2 void ckeccak_sha3_256_avx2(const struct ckeccak_message *messages, size_t count, uint8_t *digests) {
  static const uint8_t idle_block[CKECCAK_RATE_BYTES];
  struct lanes lanes;
  memset(&lanes, 0, sizeof lanes);
  size_t next = 0;
  for (int lane = 0; lane < LANES && next < count; lane++, next++) {
    start(&lanes, lane, &messages[next], digests + CKECCAK_DIGEST_BYTES * next);
    lanes.active_count++;
  }
  while (lanes.active_count > 1) {
    const uint8_t *blocks[LANES];
    for (int lane = 0; lane < LANES; lane++) {
      blocks[lane] = lanes.digests[lane] ? ckeccak_cursor_next(&lanes.cursors[lane]) : idle_block;
    }
    absorb(lanes.state.vectors, blocks);
    permute(lanes.state.vectors);
    for (int lane = 0; lane < LANES; lane++) {
      if (!lanes.digests[lane] || !lanes.cursors[lane].is_finished) continue;
      write_digest(&lanes, lane);
      if (next < count) {
        start(&lanes, lane, &messages[next], digests + CKECCAK_DIGEST_BYTES * next);
        if (next + LANES < count) prefetch(&messages[next + LANES]);
        next++;
      } else {
        lanes.digests[lane] = NULL;
        lanes.active_count--;
      }
    }
  }
  finish_alone(&lanes);
}

#endif
