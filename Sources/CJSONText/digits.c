#include "CJSONText.h"

#if defined(__SSE2__)
#include <emmintrin.h>

/// The values of 16 digits, in `*valid` zero in every byte that is none.
static inline __m128i values_of(const uint8_t *text, __m128i *valid) {
  const __m128i bytes = _mm_loadu_si128((const __m128i *)text);
  const __m128i digits = _mm_sub_epi8(bytes, _mm_set1_epi8('0'));
  const __m128i letters = _mm_sub_epi8(bytes, _mm_set1_epi8('a'));
  // Unsigned comparisons: the smaller of a byte and the greatest allowed is the byte itself.
  const __m128i are_digits = _mm_cmpeq_epi8(_mm_min_epu8(digits, _mm_set1_epi8(9)), digits);
  const __m128i are_letters = _mm_cmpeq_epi8(_mm_min_epu8(letters, _mm_set1_epi8(5)), letters);
  *valid = _mm_and_si128(*valid, _mm_or_si128(are_digits, are_letters));
  return _mm_or_si128(_mm_and_si128(are_digits, digits),
      _mm_and_si128(are_letters, _mm_add_epi8(letters, _mm_set1_epi8(10))));
}

/// Two values to a byte, in the low byte of each 16-bit unit.
static inline __m128i joined(__m128i values) {
  const __m128i high = _mm_slli_epi16(_mm_and_si128(values, _mm_set1_epi16(0x00FF)), 4);
  return _mm_or_si128(high, _mm_srli_epi16(values, 8));
}

bool cjson_digest_decode(const uint8_t *text, uint8_t *digest) {
  __m128i valid = _mm_set1_epi8(-1);
  for (int half = 0; half < 2; half++) {
    const __m128i first = joined(values_of(text + 32 * half, &valid));
    const __m128i second = joined(values_of(text + 32 * half + 16, &valid));
    _mm_storeu_si128((__m128i *)(digest + 16 * half), _mm_packus_epi16(first, second));
  }
  return _mm_movemask_epi8(valid) == 0xFFFF;
}
#else
static int value_of(uint8_t byte) {
  if (byte >= '0' && byte <= '9') return byte - '0';
  return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

bool cjson_digest_decode(const uint8_t *text, uint8_t *digest) {
  for (int byte = 0; byte < CJSON_DIGEST_BYTES; byte++) {
    const int high = value_of(text[2 * byte]), low = value_of(text[2 * byte + 1]);
    if (high < 0 || low < 0) return false;
    digest[byte] = (uint8_t)(high << 4 | low);
  }
  return true;
}
#endif
