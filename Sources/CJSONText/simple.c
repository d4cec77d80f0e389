#include "CJSONText.h"

#include <string.h>

/// Bytes that are copied at once: values are short, and a call for each costs more than what it copies.
#define BLOCK_BYTES 32

/// What writing members needs. The functions return the end of the text, or NULL where a value is not simple.
struct source {
  const struct cjson_node *nodes;
  const uint8_t *text, *end;
};

/// Copies whole blocks, where the text has them: what lies behind the bytes in the output is overwritten later.
static inline uint8_t *copy(const struct source *source, uint8_t *output, const uint8_t *bytes, size_t count) {
  if ((size_t)(source->end - bytes) < count + BLOCK_BYTES) {
    memcpy(output, bytes, count);
    return output + count;
  }
  uint8_t *const end = output + count;
  for (;;) {
    memcpy(output, bytes, BLOCK_BYTES);
    output += BLOCK_BYTES;
    bytes += BLOCK_BYTES;
    if (output >= end) return end;
  }
}

static inline uint8_t *write_scalar(const struct source *source, const struct cjson_node *node, uint8_t *output) {
  const uint8_t *start = source->text + node->start;
  if (node->kind == CJSON_STRING) {
    // With the quotes around it.
    return node->flags & CJSON_PLAIN ? copy(source, output, start - 1, node->length + 2) : NULL;
  }
  if (node->kind == CJSON_NULL) return copy(source, output, start, node->length);
  // All numbers but -0 are written as they stand; -1 to -9 are as short, and rare.
  if (node->kind != CJSON_NUMBER || (node->length == 2 && *start == '-')) return NULL;
  return copy(source, output, start, node->length);
}

static uint8_t *write_array(const struct source *source, uint32_t index, uint8_t *output) {
  *output++ = '[';
  for (uint32_t element = index + 1; element < source->nodes[index].next; element++) {
    if (element > index + 1) *output++ = ',';
    output = write_scalar(source, &source->nodes[element], output);
    if (!output) return NULL;
  }
  *output++ = ']';
  return output;
}

static inline uint8_t *write_value(const struct source *source, uint32_t index, uint8_t *output) {
  const struct cjson_node *node = &source->nodes[index];
  if (node->kind == CJSON_ARRAY) return write_array(source, index, output);
  if (node->kind != CJSON_OBJECT) return write_scalar(source, node, output);
  // More than one member would have to be sorted.
  if (node->count > 1) return NULL;
  *output++ = '{';
  if (node->count == 1) {
    const struct cjson_node *key = node + 1;
    output = write_scalar(source, key, output);
    if (!output) return NULL;
    *output++ = ':';
    output = key[1].kind == CJSON_ARRAY ? write_array(source, index + 2, output) : write_scalar(source, key + 1, output);
    if (!output) return NULL;
  }
  *output++ = '}';
  return output;
}

size_t cjson_write_simple_members(const struct cjson_document *document, const uint8_t *text, size_t length,
    const struct cjson_member *members, size_t member_count, const uint32_t *values, uint8_t *output) {
  const struct source source = {document->nodes, text, text + length};
  uint8_t *cursor = output;
  for (size_t index = 0; index < member_count; index++) {
    memcpy(cursor, members[index].key, CJSON_KEY_BYTES);
    cursor = write_value(&source, values[members[index].value], cursor + members[index].key_length);
    if (!cursor) return SIZE_MAX;
  }
  *cursor++ = '}';
  return (size_t)(cursor - output);
}
