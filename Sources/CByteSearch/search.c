#define _GNU_SOURCE
#include <string.h>

#include "CByteSearch.h"

const uint8_t *cbyte_search(const uint8_t *text, size_t length, const uint8_t *bytes, size_t count) {
  return memmem(text, length, bytes, count);
}
