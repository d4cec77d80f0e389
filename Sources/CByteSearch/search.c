#define _GNU_SOURCE
#include <string.h>

#include "CByteSearch.h"

#if defined(__SSE2__)
#include <emmintrin.h>

#define BLOCK_BYTES 16

/// One bit for each of 16 places: set where `first` stands, and `last` so many bytes further on.
static inline unsigned candidates(const uint8_t *text, size_t distance, __m128i first, __m128i last) {
  const __m128i start = _mm_loadu_si128((const __m128i *)text);
  const __m128i end = _mm_loadu_si128((const __m128i *)(text + distance));
  return (unsigned)_mm_movemask_epi8(_mm_and_si128(_mm_cmpeq_epi8(start, first), _mm_cmpeq_epi8(end, last)));
}

/// Looks for the second byte and the last but one: what is searched here stands in quotes, and a text has many of them.
const uint8_t *cbyte_search(const uint8_t *text, size_t length, const uint8_t *bytes, size_t count) {
  if (count < 4) return memmem(text, length, bytes, count);
  const __m128i second = _mm_set1_epi8((char)bytes[1]), last_but_one = _mm_set1_epi8((char)bytes[count - 2]);
  size_t position = 0;
  // All of what may be found in a block's 16 places lies in the text.
  for (; length - position >= BLOCK_BYTES + count - 1; position += BLOCK_BYTES) {
    unsigned mask = candidates(text + position + 1, count - 3, second, last_but_one);
    for (; mask; mask &= mask - 1) {
      const uint8_t *found = text + position + __builtin_ctz(mask);
      if (memcmp(found, bytes, count) == 0) return found;
    }
  }
  return memmem(text + position, length - position, bytes, count);
}
#else
const uint8_t *cbyte_search(const uint8_t *text, size_t length, const uint8_t *bytes, size_t count) {
  return memmem(text, length, bytes, count);
}
#endif
