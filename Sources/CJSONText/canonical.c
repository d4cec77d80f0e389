#include "document.h"
#include "escapes.h"
#include "plain.h"

#include <string.h>

/// What writing one value needs. Its functions return false if there is no memory.
struct writer {
  const struct cjson_node *nodes;
  const uint8_t *text;
  bool shortest_integers;
  struct cjson_buffer *buffer;
  /// The keys of the objects around the current value.
  struct cjson_keys keys;
};

static inline bool append(struct cjson_buffer *buffer, const void *bytes, size_t count) {
  if (!cjson_buffer_reserve(buffer, count)) return false;
  if (count > 0) memcpy(buffer->bytes + buffer->count, bytes, count);
  buffer->count += count;
  return true;
}

static inline bool append_byte(struct cjson_buffer *buffer, uint8_t byte) {
  if (!cjson_buffer_reserve(buffer, 1)) return false;
  buffer->bytes[buffer->count++] = byte;
  return true;
}

/// Writes `\uxxxx` and returns what comes after it.
static uint8_t *put_unit(uint8_t *output, uint32_t unit) {
  static const char digits[] = "0123456789abcdef";
  *output++ = '\\';
  *output++ = 'u';
  for (int shift = 12; shift >= 0; shift -= 4) *output++ = (uint8_t)digits[unit >> shift & 15];
  return output;
}

/// The letter that a character is escaped with; 0 for a character that needs its number.
static uint8_t short_escape(uint32_t character) {
  switch (character) {
  case '"':
  case '\\': return (uint8_t)character;
  case 0x08: return 'b';
  case 0x0C: return 'f';
  case '\n': return 'n';
  case '\r': return 'r';
  case '\t': return 't';
  default: return 0;
  }
}

/// Writes a character, at most 12 bytes, and returns what comes after it.
static uint8_t *put_character(uint8_t *output, uint32_t character) {
  const uint8_t letter = short_escape(character);
  if (letter) {
    *output++ = '\\';
    *output++ = letter;
    return output;
  }
  if (character >= 0x20 && character < 0x7F) {
    *output++ = (uint8_t)character;
    return output;
  }
  if (character < 0x10000) return put_unit(output, character);
  output = put_unit(output, 0xD800 + ((character - 0x10000) >> 10));
  return put_unit(output, 0xDC00 + ((character - 0x10000) & 0x3FF));
}

static bool write_special_string(struct writer *writer, const struct cjson_node *node) {
  const uint8_t *start = writer->text + node->start, *cursor = start, *end = start + node->length;
  if (!append_byte(writer->buffer, '"')) return false;
  while (cursor < end) {
    const uint8_t *plain_end = cjson_skip_plain(cursor, start, end);
    if (!append(writer->buffer, cursor, (size_t)(plain_end - cursor))) return false;
    cursor = plain_end;
    while (cursor < end && !cjson_is_plain(*cursor)) {
      if (!cjson_buffer_reserve(writer->buffer, 12)) return false;
      const uint32_t character = cjson_next_character(&cursor, end);
      if (character == CJSON_NO_CHARACTER) continue;
      uint8_t *output = writer->buffer->bytes + writer->buffer->count;
      writer->buffer->count += (size_t)(put_character(output, character) - output);
    }
  }
  return append_byte(writer->buffer, '"');
}

/// Plain strings are copied together with their quotes.
static inline bool write_string(struct writer *writer, const struct cjson_node *node) {
  if (!(node->flags & CJSON_PLAIN)) return write_special_string(writer, node);
  return append(writer->buffer, writer->text + node->start - 1, node->length + 2);
}

/// Writes a key and its colon, behind a comma unless it is the first. Most keys are plain: one check for room.
static inline bool write_key(struct writer *writer, const struct cjson_node *node, bool is_first) {
  struct cjson_buffer *buffer = writer->buffer;
  if (!(node->flags & CJSON_PLAIN)) {
    return (is_first || append_byte(buffer, ',')) && write_special_string(writer, node) && append_byte(buffer, ':');
  }
  const size_t length = (size_t)node->length + 2;
  if (!cjson_buffer_reserve(buffer, length + 2)) return false;
  uint8_t *output = buffer->bytes + buffer->count;
  if (!is_first) *output++ = ',';
  memcpy(output, writer->text + node->start - 1, length);
  output[length] = ':';
  buffer->count = (size_t)(output + length + 1 - buffer->bytes);
  return true;
}

static inline bool write_number(struct writer *writer, const struct cjson_node *node) {
  const uint8_t *token = writer->text + node->start;
  if (writer->shortest_integers && node->length == 2 && token[0] == '-' && token[1] == '0') {
    return append_byte(writer->buffer, '0');
  }
  return append(writer->buffer, token, node->length);
}

static bool write_value(struct writer *writer, uint32_t index);

static bool write_array(struct writer *writer, uint32_t index) {
  const uint32_t end = writer->nodes[index].next;
  if (!append_byte(writer->buffer, '[')) return false;
  for (uint32_t element = index + 1; element < end; element = writer->nodes[element].next) {
    if (element > index + 1 && !append_byte(writer->buffer, ',')) return false;
    if (!write_value(writer, element)) return false;
  }
  return append_byte(writer->buffer, ']');
}

static bool write_object(struct writer *writer, uint32_t index) {
  const size_t base = writer->keys.count;
  if (!append_byte(writer->buffer, '{')) return false;
  if (!cjson_keys_push(&writer->keys, writer->nodes, writer->text, index)) return false;
  const size_t end = writer->keys.count;
  for (size_t member = base; member < end; member++) {
    const uint32_t key = writer->keys.items[member].node;
    if (!write_key(writer, &writer->nodes[key], member == base) || !write_value(writer, key + 1)) return false;
  }
  writer->keys.count = base;
  return append_byte(writer->buffer, '}');
}

/// Writes a value. Calls itself for what a container holds: values are nested at most `CJSON_DEPTH_MAX` deep.
static bool write_value(struct writer *writer, uint32_t index) {
  const struct cjson_node *node = &writer->nodes[index];
  switch (node->kind) {
  case CJSON_NULL: return append(writer->buffer, "null", 4);
  case CJSON_TRUE: return append(writer->buffer, "true", 4);
  case CJSON_FALSE: return append(writer->buffer, "false", 5);
  case CJSON_NUMBER: return write_number(writer, node);
  case CJSON_STRING: return write_string(writer, node);
  case CJSON_ARRAY: return write_array(writer, index);
  default: return write_object(writer, index);
  }
}

bool cjson_append_canonical(const struct cjson_document *document, const uint8_t *text, uint32_t index,
    bool shortest_integers, struct cjson_buffer *buffer) {
  if (index >= document->node_count) return false;
  // Most values are about as long as they were; the quotes of a string are not part of its length.
  if (!cjson_buffer_reserve(buffer, (size_t)document->nodes[index].length + 2)) return false;
  struct writer writer = {document->nodes, text, shortest_integers, buffer, {0}};
  const bool is_written = write_value(&writer, index);
  cjson_keys_free(&writer.keys);
  return is_written;
}
