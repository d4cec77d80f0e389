#include "document.h"
#include "escapes.h"

#include <string.h>

/// Any four bytes of the text as a number.
static uint32_t four_bytes(const uint8_t *bytes) {
  uint32_t word;
  memcpy(&word, bytes, sizeof word);
  return word;
}

/// Mixes length, first and last bytes: cheap, the same for equal keys, and mostly different for the keys of an entry.
static uint32_t signature_of(const uint8_t *bytes, size_t length) {
  uint32_t first = 0, last = 0;
  if (length >= 4) {
    first = four_bytes(bytes);
    last = four_bytes(bytes + length - 4);
  } else if (length > 0) {
    first = bytes[0] | (uint32_t)bytes[length / 2] << 8 | (uint32_t)bytes[length - 1] << 16;
  }
  return (first ^ (last << 7 | last >> 25)) * 0x9E3779B1u + (uint32_t)length * 0x85EBCA77u;
}

/// Whether the key at `node` has these bytes.
static bool key_equals(const struct cjson_scanner *scanner, uint32_t node, const uint8_t *bytes, size_t length) {
  const struct cjson_node *key = &scanner->workspace->nodes[node];
  const uint8_t *raw = scanner->text + key->start;
  if (key->flags & CJSON_ESCAPED) return cjson_unescaped_equals(raw, key->length, bytes, length);
  return key->length == length && (length == 0 || memcmp(raw, bytes, length) == 0);
}

/// A key's fault is met when the key ends, with its closing quote.
static void record_duplicate(struct cjson_scanner *scanner, uint32_t node) {
  const struct cjson_node *key = &scanner->workspace->nodes[node];
  cjson_record(scanner, CJSON_DUPLICATE_KEY, key->start - 1, key->start + key->length + 1);
}

bool cjson_check_key(struct cjson_scanner *scanner, struct cjson_frame *frame, uint32_t node) {
  struct cjson_workspace *workspace = scanner->workspace;
  if (workspace->mark_count - frame->mark_base >= CJSON_COMPARED_KEYS_MAX) return true;
  const struct cjson_node *key = &workspace->nodes[node];
  const uint8_t *bytes = scanner->text + key->start;
  size_t length = key->length;
  if (key->flags & CJSON_ESCAPED) {
    workspace->key.count = 0;
    if (!cjson_buffer_reserve(&workspace->key, length)) return false;
    length = cjson_unescape(bytes, length, workspace->key.bytes);
    bytes = workspace->key.bytes;
  }
  const uint32_t signature = signature_of(bytes, length);
  const uint64_t bit = (uint64_t)1 << (signature >> 26);
  if (frame->filter & bit) {
    for (uint32_t index = frame->mark_base; index < workspace->mark_count; index++) {
      const struct cjson_mark *mark = &workspace->marks[index];
      if (mark->signature != signature || !key_equals(scanner, mark->node, bytes, length)) continue;
      record_duplicate(scanner, node);
      break;
    }
  }
  frame->filter |= bit;
  workspace->marks[workspace->mark_count++] = (struct cjson_mark){signature, node};
  return true;
}

bool cjson_check_many_keys(struct cjson_scanner *scanner, uint32_t object) {
  struct cjson_keys *keys = &scanner->workspace->keys;
  keys->count = 0;
  if (!cjson_keys_push(keys, scanner->workspace->nodes, scanner->text, object)) return false;
  const uint32_t duplicate = cjson_keys_first_duplicate(keys, 0);
  if (duplicate > 0) record_duplicate(scanner, duplicate);
  return true;
}
