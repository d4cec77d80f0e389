#include "escapes.h"

#include "CJSONText.h"

#include <string.h>

int cjson_escaped_byte(uint8_t letter) {
  switch (letter) {
  case '"':
  case '\\':
  case '/': return letter;
  case 'b': return 0x08;
  case 'f': return 0x0C;
  case 'n': return 0x0A;
  case 'r': return 0x0D;
  case 't': return 0x09;
  default: return -1;
  }
}

/// The UTF-16 unit of `\uxxxx` at `cursor`; `CJSON_NO_CHARACTER` where there is no such escape before `end`.
static uint32_t escaped_unit(const uint8_t *cursor, const uint8_t *end) {
  if (end - cursor < 6 || cursor[0] != '\\' || cursor[1] != 'u') return CJSON_NO_CHARACTER;
  uint32_t unit = 0;
  for (int index = 2; index < 6; index++) {
    const int digit = cjson_hexadecimal_value(cursor[index]);
    if (digit < 0) return CJSON_NO_CHARACTER;
    unit = unit << 4 | (uint32_t)digit;
  }
  return unit;
}

/// Reads the escape at `*cursor` and moves past it.
static uint32_t next_escape(const uint8_t **cursor, const uint8_t *end) {
  const uint32_t unit = escaped_unit(*cursor, end);
  if (unit == CJSON_NO_CHARACTER) {
    const int byte = end - *cursor > 1 ? cjson_escaped_byte((*cursor)[1]) : -1;
    *cursor += end - *cursor > 1 ? 2 : 1;
    return byte < 0 ? CJSON_NO_CHARACTER : (uint32_t)byte;
  }
  *cursor += 6;
  if (cjson_is_trail_surrogate(unit)) return CJSON_NO_CHARACTER;
  if (!cjson_is_lead_surrogate(unit)) return unit;
  const uint32_t trail = escaped_unit(*cursor, end);
  if (!cjson_is_trail_surrogate(trail)) return CJSON_NO_CHARACTER;
  *cursor += 6;
  return cjson_joined_surrogates(unit, trail);
}

uint32_t cjson_next_character(const uint8_t **cursor, const uint8_t *end) {
  const uint8_t *bytes = *cursor;
  if (bytes[0] == '\\') return next_escape(cursor, end);
  const ptrdiff_t length = bytes[0] < 0xC0 ? 1 : bytes[0] < 0xE0 ? 2 : bytes[0] < 0xF0 ? 3 : 4;
  if (end - bytes < length) {
    *cursor = end;
    return CJSON_NO_CHARACTER;
  }
  *cursor += length;
  if (length == 1) return bytes[0];
  uint32_t character = bytes[0] & (0x7F >> length);
  for (ptrdiff_t index = 1; index < length; index++) character = character << 6 | (bytes[index] & 0x3F);
  return character;
}

/// Writes a character as UTF-8 and returns the number of bytes, one to four.
static size_t encode(uint32_t character, uint8_t *output) {
  if (character < 0x80) {
    output[0] = (uint8_t)character;
    return 1;
  }
  const size_t length = character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
  for (size_t index = length - 1; index > 0; index--) {
    output[index] = (uint8_t)(0x80 | (character & 0x3F));
    character >>= 6;
  }
  output[0] = (uint8_t)((0xF00 >> length) | character);
  return length;
}

size_t cjson_unescape(const uint8_t *raw, size_t length, uint8_t *output) {
  size_t count = 0;
  size_t position = 0;
  while (position < length) {
    const uint8_t *backslash = memchr(raw + position, '\\', length - position);
    const size_t run = (backslash ? (size_t)(backslash - raw) : length) - position;
    memcpy(output + count, raw + position, run);
    count += run;
    position += run;
    while (position < length && raw[position] == '\\') {
      const uint8_t *cursor = raw + position;
      const uint32_t character = next_escape(&cursor, raw + length);
      position = (size_t)(cursor - raw);
      if (character != CJSON_NO_CHARACTER) count += encode(character, output + count);
    }
  }
  return count;
}

bool cjson_unescaped_equals(const uint8_t *raw, size_t raw_length, const uint8_t *bytes, size_t length) {
  const uint8_t *cursor = raw, *end = raw + raw_length;
  size_t position = 0;
  while (cursor < end) {
    uint8_t character[4];
    size_t count = 1;
    if (*cursor == '\\') {
      const uint32_t code = next_escape(&cursor, end);
      count = code == CJSON_NO_CHARACTER ? 0 : encode(code, character);
    } else {
      character[0] = *cursor++;
    }
    if (length - position < count || memcmp(bytes + position, character, count) != 0) return false;
    position += count;
  }
  return position == length;
}
