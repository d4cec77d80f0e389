#if defined(__x86_64__)

#include "blocks.h"

#include <immintrin.h>

#define SHA __attribute__((target("sha,ssse3,sse4.1")))

/// Four rounds with the words `message` of the schedule: the instructions do two at a time.
#define FOUR_ROUNDS(message, round)                                                                       \
  do {                                                                                                    \
    const __m128i constants = _mm_loadu_si128((const __m128i *)&csha256_constants[(round)]);              \
    const __m128i words = _mm_add_epi32((message), constants);                                            \
    state1 = _mm_sha256rnds2_epu32(state1, state0, words);                                                \
    state0 = _mm_sha256rnds2_epu32(state0, state1, _mm_shuffle_epi32(words, 0x0E));                       \
  } while (0)

/// The next four words of the schedule, in place of the oldest four: a, b, c, d are the last sixteen, oldest first.
SHA static inline __attribute__((always_inline)) __m128i next_words(__m128i a, __m128i b, __m128i c, __m128i d) {
  const __m128i early = _mm_sha256msg1_epu32(a, b);
  return _mm_sha256msg2_epu32(_mm_add_epi32(early, _mm_alignr_epi8(d, c, 4)), d);
}

SHA void csha256_compress_sha_extensions(uint32_t *state, const uint8_t *blocks, size_t count) {
  const __m128i big_endian = _mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3);
  // The instructions want the words as (A, B, E, F) and (C, D, G, H), the first in the highest place.
  __m128i low = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)state), 0xB1);
  __m128i high = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(state + 4)), 0x1B);
  __m128i state0 = _mm_alignr_epi8(low, high, 8);
  __m128i state1 = _mm_blend_epi16(high, low, 0xF0);
  for (; count > 0; count--, blocks += CSHA256_BLOCK_BYTES) {
    const __m128i before0 = state0, before1 = state1;
    __m128i w[4];
    for (int part = 0; part < 4; part++) {
      w[part] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(blocks + 16 * part)), big_endian);
    }
    for (int round = 0; round < 48; round += 16) {
      FOUR_ROUNDS(w[0], round);
      w[0] = next_words(w[0], w[1], w[2], w[3]);
      FOUR_ROUNDS(w[1], round + 4);
      w[1] = next_words(w[1], w[2], w[3], w[0]);
      FOUR_ROUNDS(w[2], round + 8);
      w[2] = next_words(w[2], w[3], w[0], w[1]);
      FOUR_ROUNDS(w[3], round + 12);
      w[3] = next_words(w[3], w[0], w[1], w[2]);
    }
    for (int part = 0; part < 4; part++) FOUR_ROUNDS(w[part], 48 + 4 * part);
    state0 = _mm_add_epi32(state0, before0);
    state1 = _mm_add_epi32(state1, before1);
  }
  low = _mm_shuffle_epi32(state0, 0x1B);
  high = _mm_shuffle_epi32(state1, 0xB1);
  _mm_storeu_si128((__m128i *)state, _mm_blend_epi16(low, high, 0xF0));
  _mm_storeu_si128((__m128i *)(state + 4), _mm_alignr_epi8(high, low, 8));
}

#endif
