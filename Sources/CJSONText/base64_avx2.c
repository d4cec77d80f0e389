#if defined(__x86_64__)

#include "base64.h"

#include <immintrin.h>

#define AVX2 __attribute__((target("avx2")))

/// The digits by their high nibble (row): which low nibbles (columns) are digits.
///
/// 2: `+` and `/`, B and F. 3: `0` to `9`, 0 to 9. 4 and 6: letters, 1 to F. 5 and 7: letters, 0 to A. Any other: none.
enum row { ROW_SIGNS = 1, ROW_DIGITS = 2, ROW_LETTERS_LOW = 4, ROW_LETTERS_HIGH = 8, ROW_NONE = 16 };

/// The same 16 bytes in both halves.
AVX2 static inline __m256i twice(__m128i table) { return _mm256_broadcastsi128_si256(table); }

/// The row of each high nibble.
AVX2 static inline __m256i rows_of_high_nibbles(void) {
  const char none = ROW_NONE;
  return twice(_mm_setr_epi8(none, none, ROW_SIGNS, ROW_DIGITS, ROW_LETTERS_LOW, ROW_LETTERS_HIGH, ROW_LETTERS_LOW,
      ROW_LETTERS_HIGH, none, none, none, none, none, none, none, none));
}

/// The rows in which each low nibble is no digit.
AVX2 static inline __m256i rows_without_low_nibbles(void) {
  const char zero = ROW_NONE | ROW_SIGNS | ROW_LETTERS_LOW;
  const char one_to_nine = ROW_NONE | ROW_SIGNS;
  const char ten = ROW_NONE | ROW_SIGNS | ROW_DIGITS;
  const char plus_or_slash = ROW_NONE | ROW_DIGITS | ROW_LETTERS_HIGH;
  const char other = ROW_NONE | ROW_SIGNS | ROW_DIGITS | ROW_LETTERS_HIGH;
  return twice(_mm_setr_epi8(zero, one_to_nine, one_to_nine, one_to_nine, one_to_nine, one_to_nine, one_to_nine,
      one_to_nine, one_to_nine, one_to_nine, ten, plus_or_slash, other, other, other, plus_or_slash));
}

/// What to add to a digit for its value, by its high nibble; for `/` by its high nibble less one.
AVX2 static inline __m256i value_offsets(void) {
  return twice(_mm_setr_epi8(0, 63 - '/', 62 - '+', 52 - '0', -'A', -'A', 26 - 'a', 26 - 'a', 0, 0, 0, 0, 0, 0, 0, 0));
}

/// Puts four six-bit values in each 32-bit element together as 24 bits, and these side by side: 24 bytes, then zeros.
AVX2 static inline __m256i packed(__m256i values) {
  const __m256i pairs = _mm256_maddubs_epi16(values, _mm256_set1_epi16(1 << 8 | 64));
  const __m256i groups = _mm256_madd_epi16(pairs, _mm256_set1_epi32(1 << 16 | 4096));
  const __m256i bytes = _mm256_shuffle_epi8(
      groups, twice(_mm_setr_epi8(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1)));
  return _mm256_permutevar8x32_epi32(bytes, _mm256_setr_epi32(0, 1, 2, 4, 5, 6, 3, 7));
}

AVX2 size_t cjson_base64_decode_avx2(const uint8_t *text, size_t length, uint8_t *output) {
  const __m256i high_rows = rows_of_high_nibbles(), excluded_rows = rows_without_low_nibbles();
  const __m256i offsets = value_offsets(), nibble = _mm256_set1_epi8(15), slash = _mm256_set1_epi8('/');
  size_t position = 0;
  while (length - position >= CJSON_BASE64_AVX2_MIN) {
    const __m256i digits = _mm256_loadu_si256((const __m256i *)(text + position));
    const __m256i high = _mm256_and_si256(_mm256_srli_epi16(digits, 4), nibble);
    const __m256i low = _mm256_and_si256(digits, nibble);
    const __m256i rows = _mm256_shuffle_epi8(high_rows, high);
    const __m256i excluded = _mm256_shuffle_epi8(excluded_rows, low);
    if (!_mm256_testz_si256(rows, excluded)) break;
    const __m256i place = _mm256_add_epi8(high, _mm256_cmpeq_epi8(digits, slash));
    const __m256i values = _mm256_add_epi8(digits, _mm256_shuffle_epi8(offsets, place));
    _mm256_storeu_si256((__m256i *)(output + position / 4 * 3), packed(values));
    position += 32;
  }
  return position;
}

#endif
