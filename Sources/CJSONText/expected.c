#include "document.h"
#include "plain.h"

#include <string.h>

#if defined(__SSE2__)

/// Containers inside each other that are read here.
#define DEPTH_MAX 4
/// Members of an inner object that are read here: each key is compared with all before it.
#define INNER_MEMBERS_MAX 4

/// What reading a text of the usual form needs. The functions return the cursor moved on, or NULL where anything is not as
/// usual: then nothing they wrote counts.
struct reader {
  const uint8_t *text, *end;
  struct cjson_node *nodes;
  uint32_t count, capacity;
};

static inline struct cjson_node *add(struct reader *reader, enum cjson_kind kind, uint8_t flags, const uint8_t *start,
    const uint8_t *end) {
  struct cjson_node *node = &reader->nodes[reader->count++];
  *node = (struct cjson_node){
      (uint64_t)(start - reader->text), (uint64_t)(end - start), reader->count, 0, (uint8_t)kind, flags};
  return node;
}

/// A string of plain bytes whose opening quote is before the cursor.
static inline const uint8_t *read_string(struct reader *reader, const uint8_t *cursor) {
  const uint8_t *close = cjson_skip_plain(cursor, reader->text, reader->end);
  if (close == reader->end || *close != '"') return NULL;
  add(reader, CJSON_STRING, CJSON_PLAIN, cursor, close);
  return close + 1;
}

/// An integer without needless zeros. What follows it is looked at by who reads on: no fraction and no exponent passes there.
static inline const uint8_t *read_integer(struct reader *reader, const uint8_t *start) {
  const uint8_t *cursor = start;
  if (*cursor == '-') cursor++;
  const uint8_t *first = cursor;
  while (cursor < reader->end && (uint8_t)(*cursor - '0') < 10) cursor++;
  if (cursor == first || (*first == '0' && cursor > first + 1)) return NULL;
  add(reader, CJSON_NUMBER, CJSON_INTEGER, start, cursor);
  return cursor;
}

static inline const uint8_t *read_null(struct reader *reader, const uint8_t *cursor) {
  if (reader->end - cursor < 4 || memcmp(cursor, "null", 4) != 0) return NULL;
  add(reader, CJSON_NULL, 0, cursor, cursor + 4);
  return cursor + 4;
}

/// One space at most: any other blank is unusual.
static inline const uint8_t *skip_space(const struct reader *reader, const uint8_t *cursor) {
  return cursor < reader->end && *cursor == ' ' ? cursor + 1 : cursor;
}

/// Whether the key at node `key` differs from the `count` keys before it from node `first` on.
static bool is_new_key(const struct reader *reader, uint32_t first, uint32_t key, uint32_t count) {
  const struct cjson_node *last = &reader->nodes[key];
  for (uint32_t node = first; count > 0; count--, node = reader->nodes[node + 1].next) {
    if (reader->nodes[node].length != last->length) continue;
    if (memcmp(reader->text + reader->nodes[node].start, reader->text + last->start, last->length) == 0) return false;
  }
  return true;
}

static const uint8_t *read_key(struct reader *reader, const uint8_t *cursor, uint32_t first, uint32_t count) {
  const uint32_t key = reader->count;
  if (count == INNER_MEMBERS_MAX || cursor == reader->end || *cursor != '"') return NULL;
  cursor = read_string(reader, cursor + 1);
  if (!cursor || cursor == reader->end || *cursor != ':' || !is_new_key(reader, first, key, count)) return NULL;
  return skip_space(reader, cursor + 1);
}

static const uint8_t *read_container(struct reader *reader, const uint8_t *cursor, unsigned depth);

static inline const uint8_t *read_value(struct reader *reader, const uint8_t *cursor, unsigned depth) {
  if (cursor == reader->end || reader->count + 2 > reader->capacity) return NULL;
  switch (*cursor) {
  case '"': return read_string(reader, cursor + 1);
  case '[':
  case '{': return read_container(reader, cursor, depth);
  case 'n': return read_null(reader, cursor);
  default: return read_integer(reader, cursor);
  }
}

/// Calls itself for what the container holds: at most `DEPTH_MAX` deep.
static const uint8_t *read_container(struct reader *reader, const uint8_t *start, unsigned depth) {
  const uint32_t index = reader->count;
  const bool is_object = *start == '{';
  const uint8_t close = is_object ? '}' : ']';
  if (depth == DEPTH_MAX) return NULL;
  add(reader, is_object ? CJSON_OBJECT : CJSON_ARRAY, 0, start, start);
  const uint8_t *cursor = start + 1;
  uint32_t count = 0;
  if (cursor < reader->end && *cursor == close) {
    cursor++;
  } else {
    do {
      if (is_object) cursor = read_key(reader, cursor, index + 1, count);
      if (cursor) cursor = read_value(reader, cursor, depth + 1);
      if (!cursor || cursor == reader->end) return NULL;
      count++;
    } while (*cursor == ',' && (cursor = skip_space(reader, cursor + 1)));
    if (*cursor++ != close) return NULL;
  }
  struct cjson_node *node = &reader->nodes[index];
  node->length = (uint64_t)(cursor - start);
  node->next = reader->count;
  node->count = count;
  return cursor;
}

/// Whether the text at the cursor starts with a key. Compares 32 bytes at once.
static inline bool has_key(const uint8_t *cursor, const struct cjson_name *name) {
  const __m128i *text = (const __m128i *)cursor, *key = (const __m128i *)name->key;
  const unsigned low = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_loadu_si128(text), _mm_loadu_si128(key)));
  const unsigned high =
      (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_loadu_si128(text + 1), _mm_loadu_si128(key + 1)));
  return ((low | high << 16) & name->key_mask) == name->key_mask;
}

/// The first name from `index` on whose key the text at the cursor starts with; `name_count` for none.
static inline size_t key_at(
    const struct reader *reader, const uint8_t *cursor, const struct cjson_name *names, size_t index, size_t name_count) {
  if (reader->end - cursor < CJSON_KEY_BYTES) return name_count;
  while (index < name_count && (names[index].key_mask == 0 || !has_key(cursor, &names[index]))) index++;
  return index;
}

/// Reads an object whose members have the given names, in their order. NULL: it is another.
static const uint8_t *read_members(
    struct reader *reader, const struct cjson_name *names, size_t name_count, uint32_t *values) {
  const uint8_t *cursor = reader->text;
  if (cursor == reader->end || *cursor != '{') return NULL;
  add(reader, CJSON_OBJECT, 0, cursor, cursor);
  uint32_t count = 0;
  size_t name = 0;
  do {
    cursor++;
    if (count > 0) cursor = skip_space(reader, cursor);
    name = key_at(reader, cursor, names, name, name_count);
    if (name == name_count || reader->count + 2 > reader->capacity) return NULL;
    add(reader, CJSON_STRING, CJSON_PLAIN, cursor + 1, cursor + 1 + names[name].length);
    // Behind the quotes and the colon.
    cursor = skip_space(reader, cursor + names[name].length + 3);
    values[name++] = reader->count;
    cursor = read_value(reader, cursor, 1);
    if (!cursor || cursor == reader->end) return NULL;
    count++;
  } while (*cursor == ',');
  if (*cursor++ != '}') return NULL;
  reader->nodes[0].length = (uint64_t)(cursor - reader->text);
  reader->nodes[0].next = reader->count;
  reader->nodes[0].count = count;
  return cursor;
}

static bool parse_expected(struct cjson_document *document, const uint8_t *text, size_t length,
    const struct cjson_name *names, size_t name_count, uint32_t *values) {
  struct cjson_workspace *workspace = document->workspace;
  struct reader reader = {text, text + length, workspace->nodes, 0, workspace->node_capacity};
  if (reader.capacity < 2) return false;
  const uint8_t *cursor = read_members(&reader, names, name_count, values);
  if (!cursor) return false;
  while (cursor < reader.end && (*cursor == ' ' || *cursor == '\n' || *cursor == '\r' || *cursor == '\t')) cursor++;
  if (cursor < reader.end) return false;
  *document = (struct cjson_document){.nodes = reader.nodes, .node_count = reader.count, .workspace = workspace};
  return true;
}

#endif

void cjson_name_prepare(struct cjson_name *name) {
  memset(name->key, 0, sizeof name->key);
  name->key_mask = 0;
  const size_t length = name->length + 3;
  if (length > CJSON_KEY_BYTES) return;
  name->key[0] = '"';
  memcpy(name->key + 1, name->bytes, name->length);
  name->key[length - 2] = '"';
  name->key[length - 1] = ':';
  name->key_mask = length == 32 ? UINT32_MAX : (UINT32_C(1) << length) - 1;
}

enum cjson_status cjson_parse_members(struct cjson_document *document, const uint8_t *text, size_t length,
    const struct cjson_name *names, size_t name_count, uint32_t *values) {
  memset(values, 0, name_count * sizeof *values);
#if defined(__SSE2__)
  if (parse_expected(document, text, length, names, name_count, values)) return CJSON_OK;
#endif
  const enum cjson_status status = cjson_parse(document, text, length);
  cjson_find_members(document, text, 0, names, name_count, values);
  return status;
}
