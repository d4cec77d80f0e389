#include "document.h"
#include "escapes.h"

#include <string.h>

static inline bool has_name(const struct cjson_node *key, const uint8_t *text, const struct cjson_name *name) {
  const uint8_t *raw = text + key->start;
  if (key->flags & CJSON_ESCAPED) {
    return cjson_unescaped_equals(raw, key->length, (const uint8_t *)name->bytes, name->length);
  }
  return key->length == name->length && (name->length == 0 || memcmp(raw, name->bytes, name->length) == 0);
}

void cjson_find_members(const struct cjson_document *document, const uint8_t *text, uint32_t object,
    const struct cjson_name *names, size_t name_count, uint32_t *values) {
  for (size_t index = 0; index < name_count; index++) values[index] = 0;
  if (object >= document->node_count || document->nodes[object].kind != CJSON_OBJECT) return;
  const struct cjson_node *nodes = document->nodes;
  // The name after the last one found is tried first.
  size_t expected = 0;
  for (uint32_t key = object + 1; key < nodes[object].next; key = nodes[key + 1].next) {
    for (size_t tried = 0; tried < name_count; tried++) {
      const size_t index = expected + tried < name_count ? expected + tried : expected + tried - name_count;
      if (!has_name(&nodes[key], text, &names[index])) continue;
      values[index] = key + 1;
      expected = index + 1;
      break;
    }
  }
}
