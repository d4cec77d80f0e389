#if defined(__x86_64__)

#include "stripes.h"

#include <immintrin.h>

#define AVX2 __attribute__((target("avx2")))
#define PAIRS (CXXHASH_LANES / 2)

/// A round of two messages: the low half is of one, the high half of the other.
AVX2 static inline __attribute__((always_inline)) __m256i folded(
    __m256i pair, const uint8_t *low, const uint8_t *high, __m256i prime1, __m256i prime2) {
  const __m256i stripes = _mm256_inserti128_si256(
      _mm256_castsi128_si256(_mm_loadu_si128((const __m128i *)low)), _mm_loadu_si128((const __m128i *)high), 1);
  const __m256i sum = _mm256_add_epi32(pair, _mm256_mullo_epi32(stripes, prime2));
  return _mm256_mullo_epi32(_mm256_or_si256(_mm256_slli_epi32(sum, 13), _mm256_srli_epi32(sum, 19)), prime1);
}

/// A round waits for the one before it, some seven steps of the processor; four pairs fill the wait.
AVX2 void cxxhash_fold_side_by_side(
    struct cxxhash_accumulators lanes[CXXHASH_LANES], const uint8_t *const bytes[CXXHASH_LANES], size_t stripe_count) {
  const __m256i prime1 = _mm256_set1_epi32((int)CXXHASH_PRIME1);
  const __m256i prime2 = _mm256_set1_epi32((int)CXXHASH_PRIME2);
  // Two lanes are 32 bytes without a gap: one register.
  __m256i pairs[PAIRS];
  for (int pair = 0; pair < PAIRS; pair++) pairs[pair] = _mm256_loadu_si256((const __m256i *)&lanes[2 * pair]);
  for (size_t place = 0; place < stripe_count * CXXHASH_STRIPE_BYTES; place += CXXHASH_STRIPE_BYTES) {
    for (int pair = 0; pair < PAIRS; pair++) {
      pairs[pair] = folded(pairs[pair], bytes[2 * pair] + place, bytes[2 * pair + 1] + place, prime1, prime2);
    }
  }
  for (int pair = 0; pair < PAIRS; pair++) _mm256_storeu_si256((__m256i *)&lanes[2 * pair], pairs[pair]);
}

#endif
