#ifndef CJSON_ESCAPES_H
#define CJSON_ESCAPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// A UTF-16 unit that is no character, but the first or second half of one.
static inline bool cjson_is_lead_surrogate(uint32_t unit) { return unit >= 0xD800 && unit <= 0xDBFF; }
static inline bool cjson_is_trail_surrogate(uint32_t unit) { return unit >= 0xDC00 && unit <= 0xDFFF; }

/// The code point of two halves.
static inline uint32_t cjson_joined_surrogates(uint32_t lead, uint32_t trail) {
  return 0x10000 + ((lead - 0xD800) << 10) + (trail - 0xDC00);
}

/// The value of a hexadecimal digit; -1 for any other byte.
static inline int cjson_hexadecimal_value(uint8_t byte) {
  if (byte >= '0' && byte <= '9') return byte - '0';
  if (byte >= 'a' && byte <= 'f') return byte - 'a' + 10;
  if (byte >= 'A' && byte <= 'F') return byte - 'A' + 10;
  return -1;
}

/// The byte that a backslash and this letter stand for; -1 for `u` and any other letter.
int cjson_escaped_byte(uint8_t letter);

/// No character: what `cjson_next_character` returns for a lone surrogate.
#define CJSON_NO_CHARACTER UINT32_MAX

/// Reads the character at `*cursor`, escaped or not, and moves past it, never past `end`; `*cursor` < `end`.
///
/// The string has been validated; for one that has not, the result means nothing.
uint32_t cjson_next_character(const uint8_t **cursor, const uint8_t *end);

/// Whether a string as it stands between its quotes has these bytes.
bool cjson_unescaped_equals(const uint8_t *raw, size_t raw_length, const uint8_t *bytes, size_t length);

#endif
