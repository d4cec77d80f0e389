#include "buffer.h"

#include <stdlib.h>

bool cjson_buffer_grow(struct cjson_buffer *buffer, size_t extra) {
  if (extra > SIZE_MAX / 2 - buffer->count) return false;
  size_t capacity = buffer->count + extra;
  if (capacity < 256) capacity = 256;
  if (buffer->capacity <= SIZE_MAX / 4 && capacity < 2 * buffer->capacity) capacity = 2 * buffer->capacity;
  uint8_t *bytes = realloc(buffer->bytes, capacity);
  if (!bytes) return false;
  buffer->bytes = bytes;
  buffer->capacity = capacity;
  return true;
}

void cjson_buffer_free(struct cjson_buffer *buffer) {
  free(buffer->bytes);
  *buffer = (struct cjson_buffer){0};
}
