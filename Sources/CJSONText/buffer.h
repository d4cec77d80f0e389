#ifndef CJSON_BUFFER_H
#define CJSON_BUFFER_H

#include "CJSONText.h"

/// Makes room for `extra` more bytes, at least doubling what grows. False: no memory, and nothing has changed.
bool cjson_buffer_grow(struct cjson_buffer *buffer, size_t extra);

static inline bool cjson_buffer_reserve(struct cjson_buffer *buffer, size_t extra) {
  return buffer->capacity - buffer->count >= extra || cjson_buffer_grow(buffer, extra);
}

#endif
