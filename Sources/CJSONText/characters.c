#include "document.h"
#include "escapes.h"

static const uint8_t *scan_character(struct cjson_scanner *scanner, const uint8_t *cursor) {
  const uint8_t lead = *cursor;
  if (lead < 0xC2 || lead > 0xF4) return cjson_fail(scanner, cursor, CJSON_INVALID_UTF8);
  uint8_t low = 0x80, high = 0xBF;
  if (lead == 0xE0) low = 0xA0;
  if (lead == 0xED) high = 0x9F;
  if (lead == 0xF0) low = 0x90;
  if (lead == 0xF4) high = 0x8F;
  for (int rest = lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3; rest > 0; rest--) {
    cursor++;
    if (cursor == scanner->end || *cursor < low || *cursor > high) {
      return cjson_fail(scanner, cursor, CJSON_INVALID_UTF8);
    }
    low = 0x80;
    high = 0xBF;
  }
  return cursor + 1;
}

/// Reads the four digits after `u`, which is at the cursor.
static const uint8_t *scan_unit(struct cjson_scanner *scanner, const uint8_t *cursor, uint32_t *unit) {
  *unit = 0;
  cursor++;
  for (int index = 0; index < 4; index++, cursor++) {
    const int digit = cursor == scanner->end ? -1 : cjson_hexadecimal_value(*cursor);
    if (digit < 0) return cjson_fail(scanner, cursor, CJSON_INVALID_ESCAPE);
    *unit = *unit << 4 | (uint32_t)digit;
  }
  return cursor;
}

/// Reads the escape at the cursor if it is the second half of a character; leaves anything else where it is.
static const uint8_t *scan_trail(struct cjson_scanner *scanner, const uint8_t *cursor, bool *is_trail) {
  *is_trail = false;
  if (scanner->end - cursor < 2 || cursor[0] != '\\' || cursor[1] != 'u') return cursor;
  uint32_t unit;
  const uint8_t *after = scan_unit(scanner, cursor + 1, &unit);
  if (!after) return NULL;
  *is_trail = cjson_is_trail_surrogate(unit);
  return *is_trail ? after : cursor;
}

/// Reads `\uxxxx`, or two of them for a surrogate pair. A surrogate without its partner is a fault.
static const uint8_t *scan_unicode_escape(struct cjson_scanner *scanner, const uint8_t *start) {
  uint32_t unit;
  const uint8_t *cursor = scan_unit(scanner, start + 1, &unit);
  if (!cursor) return NULL;
  bool is_whole = !cjson_is_lead_surrogate(unit) && !cjson_is_trail_surrogate(unit);
  if (cjson_is_lead_surrogate(unit)) {
    cursor = scan_trail(scanner, cursor, &is_whole);
    if (!cursor) return NULL;
  }
  if (!is_whole) {
    const size_t time = (size_t)(cursor - scanner->text);
    cjson_record(scanner, CJSON_LONE_SURROGATE, (size_t)(start - scanner->text), time);
  }
  return cursor;
}

static const uint8_t *scan_escape(struct cjson_scanner *scanner, const uint8_t *start) {
  const uint8_t *cursor = start + 1;
  if (cursor == scanner->end) return cjson_fail(scanner, cursor, CJSON_INVALID_ESCAPE);
  if (*cursor == 'u') return scan_unicode_escape(scanner, start);
  if (cjson_escaped_byte(*cursor) < 0) return cjson_fail(scanner, cursor, CJSON_INVALID_ESCAPE);
  return cursor + 1;
}

const uint8_t *cjson_scan_special(struct cjson_scanner *scanner, const uint8_t *cursor, uint8_t *flags) {
  *flags &= (uint8_t)~CJSON_PLAIN;
  while (cursor && cursor < scanner->end) {
    if (*cursor == '\\') {
      *flags |= CJSON_ESCAPED;
      cursor = scan_escape(scanner, cursor);
    } else if (*cursor >= 0x80) {
      cursor = scan_character(scanner, cursor);
    } else if (*cursor == 0x7F) {
      cursor++;
    } else {
      return *cursor >= 0x20 ? cursor : cjson_fail(scanner, cursor, CJSON_CONTROL_CHARACTER);
    }
  }
  return cursor;
}
