#ifndef CJSON_PLAIN_H
#define CJSON_PLAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/// Whether a byte stands for itself in a string, and in the canonical form of a string: U+0020 to U+007E without the
/// quote and the backslash. U+007F is JSON but is escaped in the canonical form.
static inline bool cjson_is_plain(uint8_t byte) {
  return byte >= 0x20 && byte < 0x7F && byte != '"' && byte != '\\';
}

#if defined(__SSE2__)
/// All ones in every byte that is not plain. Adding one moves U+007F next to the bytes from 0x80, which are negative:
/// one signed comparison then finds these and the control characters.
static inline __m128i cjson_special_bytes(const uint8_t *bytes) {
  const __m128i block = _mm_loadu_si128((const __m128i *)bytes);
  const __m128i outside = _mm_cmplt_epi8(_mm_add_epi8(block, _mm_set1_epi8(1)), _mm_set1_epi8(0x21));
  const __m128i quote = _mm_cmpeq_epi8(block, _mm_set1_epi8('"'));
  const __m128i backslash = _mm_cmpeq_epi8(block, _mm_set1_epi8('\\'));
  return _mm_or_si128(outside, _mm_or_si128(quote, backslash));
}

/// One bit for each of 16 bytes, the first lowest: set where the byte is not plain.
static inline unsigned cjson_special_mask(const uint8_t *bytes) {
  return (unsigned)_mm_movemask_epi8(cjson_special_bytes(bytes));
}
#endif

/// Steps over plain bytes in steps of 64, as long as there are 64.
static inline const uint8_t *cjson_skip_plain_blocks(const uint8_t *cursor, const uint8_t *end) {
#if defined(__SSE2__)
  while (end - cursor >= 64) {
    const __m128i low = _mm_or_si128(cjson_special_bytes(cursor), cjson_special_bytes(cursor + 16));
    const __m128i high = _mm_or_si128(cjson_special_bytes(cursor + 32), cjson_special_bytes(cursor + 48));
    if (_mm_movemask_epi8(_mm_or_si128(low, high))) break;
    cursor += 64;
  }
#else
  (void)end;
#endif
  return cursor;
}

/// Returns the first byte from `cursor` that is not plain, or `end`. Everything from `floor` to `end` may be read: the
/// last bytes are looked at together with those before them.
static inline const uint8_t *cjson_skip_plain(const uint8_t *cursor, const uint8_t *floor, const uint8_t *end) {
#if defined(__SSE2__)
  for (unsigned step = 0; end - cursor >= 16; step++) {
    const unsigned mask = cjson_special_mask(cursor);
    if (mask) return cursor + __builtin_ctz(mask);
    cursor += 16;
    if (step == 3) cursor = cjson_skip_plain_blocks(cursor, end);
  }
  if (cursor < end && end - floor >= 16) {
    const unsigned mask = cjson_special_mask(end - 16) >> (16 - (end - cursor));
    return mask ? cursor + __builtin_ctz(mask) : end;
  }
#else
  (void)floor;
#endif
  while (cursor < end && cjson_is_plain(*cursor)) cursor++;
  return cursor;
}

#endif
