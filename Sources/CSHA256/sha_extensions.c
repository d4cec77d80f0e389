#if defined(__x86_64__)

#include "blocks.h"

#include <immintrin.h>

#define SHA __attribute__((target("sha,ssse3,sse4.1")))

/// A state as the instructions want it: words (A, B, E, F) and (C, D, G, H), the first in the highest place.
struct halves {
  __m128i abef, cdgh;
};

SHA static inline __attribute__((always_inline)) struct halves loaded(const uint32_t *state) {
  const __m128i low = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)state), 0xB1);
  const __m128i high = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(state + 4)), 0x1B);
  return (struct halves){_mm_alignr_epi8(low, high, 8), _mm_blend_epi16(high, low, 0xF0)};
}

SHA static inline __attribute__((always_inline)) void store(uint32_t *state, struct halves halves) {
  const __m128i low = _mm_shuffle_epi32(halves.abef, 0x1B);
  const __m128i high = _mm_shuffle_epi32(halves.cdgh, 0xB1);
  _mm_storeu_si128((__m128i *)state, _mm_blend_epi16(low, high, 0xF0));
  _mm_storeu_si128((__m128i *)(state + 4), _mm_alignr_epi8(high, low, 8));
}

SHA static inline __attribute__((always_inline)) void load_words(__m128i *words, const uint8_t *block) {
  const __m128i big_endian = _mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3);
  for (int part = 0; part < 4; part++) {
    words[part] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(block + 16 * part)), big_endian);
  }
}

/// Four rounds with the words `message` of the schedule: the instructions do two at a time.
SHA static inline __attribute__((always_inline)) void four_rounds(struct halves *state, __m128i message, int round) {
  const __m128i words = _mm_add_epi32(message, _mm_loadu_si128((const __m128i *)&csha256_constants[round]));
  state->cdgh = _mm_sha256rnds2_epu32(state->cdgh, state->abef, words);
  state->abef = _mm_sha256rnds2_epu32(state->abef, state->cdgh, _mm_shuffle_epi32(words, 0x0E));
}

/// The next four words of the schedule, in place of the oldest four; `part` says which those are.
SHA static inline __attribute__((always_inline)) void expand(__m128i *words, int part) {
  const __m128i early = _mm_sha256msg1_epu32(words[part], words[(part + 1) & 3]);
  const __m128i late = words[(part + 3) & 3];
  words[part] = _mm_sha256msg2_epu32(_mm_add_epi32(early, _mm_alignr_epi8(late, words[(part + 2) & 3], 4)), late);
}

SHA static inline __attribute__((always_inline)) struct halves sum(struct halves a, struct halves b) {
  return (struct halves){_mm_add_epi32(a.abef, b.abef), _mm_add_epi32(a.cdgh, b.cdgh)};
}

SHA void csha256_compress_sha_extensions(uint32_t *state, const uint8_t *blocks, size_t count) {
  struct halves halves = loaded(state);
  for (; count > 0; count--, blocks += CSHA256_BLOCK_BYTES) {
    const struct halves before = halves;
    __m128i words[4];
    load_words(words, blocks);
#pragma clang loop unroll(full)
    for (int step = 0; step < 16; step++) {
      four_rounds(&halves, words[step & 3], 4 * step);
      if (step < 12) expand(words, step & 3);
    }
    halves = sum(halves, before);
  }
  store(state, halves);
}

SHA void csha256_compress_two(
    uint32_t *state, const uint8_t *blocks, uint32_t *other_state, const uint8_t *other_blocks, size_t count) {
  struct halves halves = loaded(state), other = loaded(other_state);
  for (; count > 0; count--, blocks += CSHA256_BLOCK_BYTES, other_blocks += CSHA256_BLOCK_BYTES) {
    const struct halves before = halves, other_before = other;
    __m128i words[4], other_words[4];
    load_words(words, blocks);
    load_words(other_words, other_blocks);
#pragma clang loop unroll(full)
    for (int step = 0; step < 16; step++) {
      four_rounds(&halves, words[step & 3], 4 * step);
      four_rounds(&other, other_words[step & 3], 4 * step);
      if (step < 12) {
        expand(words, step & 3);
        expand(other_words, step & 3);
      }
    }
    halves = sum(halves, before);
    other = sum(other, other_before);
  }
  store(state, halves);
  store(other_state, other);
}

#endif
