#define _GNU_SOURCE
#include <string.h>

#include "CByteSearch.h"

#if defined(__x86_64__)
#include <emmintrin.h>

#define STEP 16

/// The first of the places of a step, one bit each, that holds `bytes`; NULL where none does.
static const uint8_t *first_equal(const uint8_t *text, unsigned places, const uint8_t *bytes, size_t count) {
  for (; places != 0; places &= places - 1) {
    const uint8_t *place = text + __builtin_ctz(places);
    if (memcmp(place, bytes, count) == 0) return place;
  }
  return NULL;
}

/// Looks at 16 places at once, as long as all of them lie in the text, for the first byte and the one in the middle: of a
/// name in quotes those that text has seldom together. Leaves what was not looked at in `text` and `length`.
static const uint8_t *search_steps(
    const uint8_t **text, size_t *length, const uint8_t *bytes, size_t count) {
  const size_t middle = count / 2;
  const __m128i first_byte = _mm_set1_epi8((char)bytes[0]);
  const __m128i middle_byte = _mm_set1_epi8((char)bytes[middle]);
  while (*length >= STEP + count - 1) {
    const __m128i first = _mm_loadu_si128((const __m128i *)*text);
    const __m128i second = _mm_loadu_si128((const __m128i *)(*text + middle));
    const __m128i equal = _mm_and_si128(_mm_cmpeq_epi8(first, first_byte), _mm_cmpeq_epi8(second, middle_byte));
    const unsigned places = (unsigned)_mm_movemask_epi8(equal);
    const uint8_t *found = places ? first_equal(*text, places, bytes, count) : NULL;
    if (found) return found;
    *text += STEP;
    *length -= STEP;
  }
  return NULL;
}
#endif

const uint8_t *cbyte_search(const uint8_t *text, size_t length, const uint8_t *bytes, size_t count) {
#if defined(__x86_64__)
  if (count > 0) {
    const uint8_t *found = search_steps(&text, &length, bytes, count);
    if (found) return found;
  }
#endif
  return memmem(text, length, bytes, count);
}
