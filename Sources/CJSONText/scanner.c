#include "document.h"
#include "plain.h"

#include <stdlib.h>
#include <string.h>

#define LIKELY(condition) __builtin_expect(!!(condition), 1)

const uint8_t *cjson_fail(struct cjson_scanner *scanner, const uint8_t *cursor, enum cjson_syntax error) {
  scanner->document->error = cursor < scanner->end ? error : CJSON_UNEXPECTED_END;
  scanner->document->error_position = (size_t)(cursor - scanner->text);
  return NULL;
}

void cjson_record(struct cjson_scanner *scanner, enum cjson_fault fault, size_t position, size_t time) {
  struct cjson_document *document = scanner->document;
  if (document->fault != CJSON_NO_FAULT && scanner->workspace->fault_time <= time) return;
  document->fault = fault;
  document->fault_position = position;
  scanner->workspace->fault_time = time;
}

static inline bool is_at(const struct cjson_scanner *scanner, const uint8_t *cursor, uint8_t byte) {
  return LIKELY(cursor < scanner->end) && *cursor == byte;
}

static inline const uint8_t *expect(struct cjson_scanner *scanner, const uint8_t *cursor, uint8_t byte) {
  return LIKELY(is_at(scanner, cursor, byte)) ? cursor + 1 : cjson_fail(scanner, cursor, CJSON_UNEXPECTED_BYTE);
}

static inline bool is_blank(uint8_t byte) { return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t'; }

static inline const uint8_t *skip_blanks(const struct cjson_scanner *scanner, const uint8_t *cursor) {
  while (cursor < scanner->end && is_blank(*cursor)) cursor++;
  return cursor;
}

/// Makes room for more nodes. Indices have 32 bits: the end of the last node must be one.
static bool grow_nodes(struct cjson_workspace *workspace) {
  uint64_t capacity = workspace->node_capacity < 64 ? 64 : 2 * (uint64_t)workspace->node_capacity;
  if (capacity > UINT32_MAX) capacity = UINT32_MAX;
  if (capacity == workspace->node_capacity || capacity > SIZE_MAX / sizeof *workspace->nodes) return false;
  struct cjson_node *nodes = realloc(workspace->nodes, (size_t)capacity * sizeof *nodes);
  if (!nodes) return false;
  workspace->nodes = nodes;
  workspace->node_capacity = (uint32_t)capacity;
  return true;
}

/// Adds a node, from `start` to `end`, that holds no others. False: no memory.
static inline bool append_node(struct cjson_scanner *scanner, enum cjson_kind kind, uint8_t flags,
    const uint8_t *start, const uint8_t *end) {
  struct cjson_workspace *workspace = scanner->workspace;
  const uint32_t index = scanner->document->node_count;
  if (index == workspace->node_capacity && !grow_nodes(workspace)) return false;
  workspace->nodes[index] = (struct cjson_node){
      (uint64_t)(start - scanner->text), (uint64_t)(end - start), index + 1, 0, (uint8_t)kind, flags};
  scanner->document->node_count = index + 1;
  return true;
}

// MARK: - Scalars

/// Goes on with a string from its first byte that is not plain, to behind its closing quote.
static const uint8_t *scan_special_string(struct cjson_scanner *scanner, const uint8_t *cursor, uint8_t *flags) {
  while (!is_at(scanner, cursor, '"')) {
    if (cursor == scanner->end) return cjson_fail(scanner, cursor, CJSON_UNEXPECTED_END);
    uint8_t changed = *flags;
    cursor = cjson_scan_special(scanner, cursor, &changed);
    *flags = changed;
    if (!cursor) return NULL;
    cursor = cjson_skip_plain(cursor, scanner->text, scanner->end);
  }
  return cursor + 1;
}

/// Reads a string from its opening quote, which must be there, to behind its closing quote.
static inline const uint8_t *scan_string(struct cjson_scanner *scanner, const uint8_t *cursor, uint8_t *flags) {
  *flags = CJSON_PLAIN;
  cursor = expect(scanner, cursor, '"');
  if (!cursor) return NULL;
  cursor = cjson_skip_plain(cursor, scanner->text, scanner->end);
  if (LIKELY(is_at(scanner, cursor, '"'))) return cursor + 1;
  return scan_special_string(scanner, cursor, flags);
}

static inline const uint8_t *string_node(struct cjson_scanner *scanner, const uint8_t *start) {
  uint8_t flags;
  const uint8_t *cursor = scan_string(scanner, start, &flags);
  if (!cursor || !append_node(scanner, CJSON_STRING, flags, start + 1, cursor - 1)) return NULL;
  return cursor;
}

/// One digit or more.
static inline const uint8_t *scan_digits(struct cjson_scanner *scanner, const uint8_t *start) {
  const uint8_t *cursor = start;
  while (cursor < scanner->end && *cursor >= '0' && *cursor <= '9') cursor++;
  return cursor > start ? cursor : cjson_fail(scanner, cursor, CJSON_INVALID_NUMBER);
}

/// Reads the fraction and the exponent of a number, if any.
static inline const uint8_t *scan_fraction(struct cjson_scanner *scanner, const uint8_t *cursor) {
  if (is_at(scanner, cursor, '.')) {
    cursor = scan_digits(scanner, cursor + 1);
    if (!cursor) return NULL;
  }
  if (!is_at(scanner, cursor, 'e') && !is_at(scanner, cursor, 'E')) return cursor;
  cursor++;
  if (is_at(scanner, cursor, '+') || is_at(scanner, cursor, '-')) cursor++;
  return scan_digits(scanner, cursor);
}

static inline const uint8_t *number_node(struct cjson_scanner *scanner, const uint8_t *start) {
  const uint8_t *cursor = is_at(scanner, start, '-') ? start + 1 : start;
  cursor = is_at(scanner, cursor, '0') ? cursor + 1 : scan_digits(scanner, cursor);
  if (!cursor) return NULL;
  const uint8_t *integer_end = cursor;
  cursor = scan_fraction(scanner, cursor);
  if (!cursor) return NULL;
  const uint8_t flags = cursor == integer_end ? CJSON_INTEGER : 0;
  return append_node(scanner, CJSON_NUMBER, flags, start, cursor) ? cursor : NULL;
}

static inline const uint8_t *keyword_node(
    struct cjson_scanner *scanner, const uint8_t *start, const char *word, size_t length, enum cjson_kind kind) {
  const uint8_t *cursor = start;
  if (LIKELY((size_t)(scanner->end - start) >= length && memcmp(start, word, length) == 0)) {
    return append_node(scanner, kind, 0, start, start + length) ? start + length : NULL;
  }
  for (size_t index = 0; cursor && index < length; index++) cursor = expect(scanner, cursor, (uint8_t)word[index]);
  return cursor;
}

static inline const uint8_t *scalar_node(struct cjson_scanner *scanner, const uint8_t *cursor) {
  switch (cursor < scanner->end ? *cursor : 0) {
  case '"': return string_node(scanner, cursor);
  case 't': return keyword_node(scanner, cursor, "true", 4, CJSON_TRUE);
  case 'f': return keyword_node(scanner, cursor, "false", 5, CJSON_FALSE);
  case 'n': return keyword_node(scanner, cursor, "null", 4, CJSON_NULL);
  case '-':
  case '0':
  case '1':
  case '2':
  case '3':
  case '4':
  case '5':
  case '6':
  case '7':
  case '8':
  case '9': return number_node(scanner, cursor);
  default: return cjson_fail(scanner, cursor, CJSON_UNEXPECTED_BYTE);
  }
}

// MARK: - Between values

/// The colon after a key, and the blanks around it.
static inline const uint8_t *scan_colon(struct cjson_scanner *scanner, const uint8_t *cursor) {
  cursor = expect(scanner, skip_blanks(scanner, cursor), ':');
  return cursor ? skip_blanks(scanner, cursor) : NULL;
}

/// Consumes a comma (`*goes_on`) or the closing bracket.
static inline const uint8_t *scan_continuation(
    struct cjson_scanner *scanner, const uint8_t *cursor, uint8_t close, bool *goes_on) {
  cursor = skip_blanks(scanner, cursor);
  *goes_on = is_at(scanner, cursor, ',');
  return *goes_on ? cursor + 1 : expect(scanner, cursor, close);
}

// MARK: - Nesting that is too deep

/// Reads a key where the innermost open container is an object.
static const uint8_t *skip_key(
    struct cjson_scanner *scanner, const uint8_t *cursor, const struct cjson_buffer *open) {
  uint8_t flags;
  if (open->bytes[open->count - 1] != '}') return cursor;
  cursor = scan_string(scanner, cursor, &flags);
  return cursor ? scan_colon(scanner, cursor) : NULL;
}

/// Enters the containers that start at the cursor; `*is_ended` where the last of them is empty and has been left.
static const uint8_t *skip_openings(
    struct cjson_scanner *scanner, const uint8_t *cursor, struct cjson_buffer *open, bool *is_ended) {
  *is_ended = false;
  while (cursor && (is_at(scanner, cursor, '{') || is_at(scanner, cursor, '['))) {
    if (!cjson_buffer_reserve(open, 1)) return NULL;
    const uint8_t close = *cursor == '{' ? '}' : ']';
    open->bytes[open->count++] = close;
    cursor = skip_blanks(scanner, cursor + 1);
    if (is_at(scanner, cursor, close)) {
      open->count--;
      *is_ended = true;
      return cursor + 1;
    }
    cursor = skip_key(scanner, cursor, open);
  }
  return cursor;
}

/// Leaves the containers that end here, up to the next value.
static const uint8_t *skip_closings(
    struct cjson_scanner *scanner, const uint8_t *cursor, struct cjson_buffer *open) {
  while (open->count > 0) {
    bool goes_on;
    cursor = scan_continuation(scanner, cursor, open->bytes[open->count - 1], &goes_on);
    if (!cursor) return NULL;
    if (goes_on) return skip_key(scanner, skip_blanks(scanner, cursor), open);
    open->count--;
  }
  return cursor;
}

/// Reads over the container at the cursor, one byte of memory for each level, and leaves a null in its place.
static const uint8_t *skip_container(struct cjson_scanner *scanner, const uint8_t *start) {
  struct cjson_buffer *open = &scanner->workspace->skipped;
  const size_t position = (size_t)(start - scanner->text);
  const uint32_t node_count = scanner->document->node_count;
  const uint8_t *cursor = start;
  cjson_record(scanner, CJSON_TOO_DEEP, position, position);
  open->count = 0;
  do {
    bool is_ended;
    cursor = skip_openings(scanner, cursor, open, &is_ended);
    if (cursor && !is_ended) cursor = scalar_node(scanner, cursor);
    scanner->document->node_count = node_count;
    if (cursor) cursor = skip_closings(scanner, cursor, open);
  } while (cursor && open->count > 0);
  return cursor && append_node(scanner, CJSON_NULL, 0, start, cursor) ? cursor : NULL;
}

// MARK: - Containers

static inline struct cjson_frame *top_frame(const struct cjson_scanner *scanner) {
  return &scanner->workspace->frames[scanner->workspace->depth - 1];
}

/// Reads the key of the next member of the innermost container, if that is an object.
static inline const uint8_t *begin_item(
    struct cjson_scanner *scanner, const uint8_t *cursor, struct cjson_frame *frame) {
  if (frame->close != '}') return cursor;
  const uint32_t node = scanner->document->node_count;
  cursor = string_node(scanner, cursor);
  if (!cursor || !cjson_check_key(scanner, frame, node)) return NULL;
  return scan_colon(scanner, cursor);
}

/// Ends the innermost container, whose closing bracket is before the cursor. False: no memory.
static inline bool close_container(struct cjson_scanner *scanner, const uint8_t *cursor) {
  struct cjson_workspace *workspace = scanner->workspace;
  const struct cjson_frame *frame = top_frame(scanner);
  struct cjson_node *node = &workspace->nodes[frame->node];
  node->length = (uint64_t)(cursor - scanner->text) - node->start;
  node->next = scanner->document->node_count;
  node->count = frame->count;
  workspace->mark_count = frame->mark_base;
  workspace->depth--;
  if (frame->close != '}' || frame->count <= CJSON_COMPARED_KEYS_MAX) return true;
  return cjson_check_many_keys(scanner, frame->node);
}

/// Opens the container at the cursor and, in an object, reads the first key; `*is_ended` if it is empty or too deep.
static inline const uint8_t *open_container(struct cjson_scanner *scanner, const uint8_t *cursor, bool *is_ended) {
  struct cjson_workspace *workspace = scanner->workspace;
  *is_ended = true;
  if (workspace->depth == CJSON_DEPTH_MAX) return skip_container(scanner, cursor);
  const bool is_object = *cursor == '{';
  const uint8_t close = is_object ? '}' : ']';
  const uint32_t index = scanner->document->node_count;
  if (!append_node(scanner, is_object ? CJSON_OBJECT : CJSON_ARRAY, 0, cursor, cursor)) return NULL;
  struct cjson_frame *frame = &workspace->frames[workspace->depth++];
  *frame = (struct cjson_frame){index, 0, workspace->mark_count, close, 0};
  cursor = skip_blanks(scanner, cursor + 1);
  if (is_at(scanner, cursor, close)) return close_container(scanner, cursor + 1) ? cursor + 1 : NULL;
  *is_ended = false;
  return begin_item(scanner, cursor, frame);
}

/// A value has ended: closes the containers that end here, up to the next value.
static inline const uint8_t *end_value(struct cjson_scanner *scanner, const uint8_t *cursor) {
  while (scanner->workspace->depth > 0) {
    struct cjson_frame *frame = top_frame(scanner);
    bool goes_on;
    frame->count++;
    cursor = scan_continuation(scanner, cursor, frame->close, &goes_on);
    if (!cursor) return NULL;
    if (goes_on) return begin_item(scanner, skip_blanks(scanner, cursor), frame);
    if (!close_container(scanner, cursor)) return NULL;
  }
  return cursor;
}

/// Reads the whole text. False: an error, or no memory.
static bool scan_text(struct cjson_scanner *scanner) {
  const uint8_t *cursor = skip_blanks(scanner, scanner->text);
  do {
    bool is_ended = true;
    if (is_at(scanner, cursor, '{') || is_at(scanner, cursor, '[')) {
      cursor = open_container(scanner, cursor, &is_ended);
    } else {
      cursor = scalar_node(scanner, cursor);
    }
    if (cursor && is_ended) cursor = end_value(scanner, cursor);
  } while (cursor && scanner->workspace->depth > 0);
  if (!cursor) return false;
  cursor = skip_blanks(scanner, cursor);
  return cursor == scanner->end || cjson_fail(scanner, cursor, CJSON_BYTES_AFTER_VALUE);
}

// MARK: - Documents

enum cjson_status cjson_parse(struct cjson_document *document, const uint8_t *text, size_t length) {
  static const uint8_t no_text[1];
  struct cjson_workspace *workspace = document->workspace;
  if (length == 0) text = no_text;
  struct cjson_scanner scanner = {text, text + length, document, workspace};
  *document = (struct cjson_document){.workspace = workspace};
  workspace->depth = 0;
  workspace->mark_count = 0;
  workspace->fault_time = 0;
  const bool is_valid = scan_text(&scanner);
  document->nodes = workspace->nodes;
  if (is_valid) return CJSON_OK;
  document->node_count = 0;
  document->fault = CJSON_NO_FAULT;
  document->fault_position = 0;
  return document->error == CJSON_NO_ERROR ? CJSON_NO_MEMORY : CJSON_SYNTAX_ERROR;
}

struct cjson_document *cjson_document_create(void) {
  struct cjson_document *document = calloc(1, sizeof *document);
  struct cjson_workspace *workspace = calloc(1, sizeof *workspace);
  if (!document || !workspace) {
    free(document);
    free(workspace);
    return NULL;
  }
  document->workspace = workspace;
  return document;
}

void cjson_document_free(struct cjson_document *document) {
  if (!document) return;
  cjson_buffer_free(&document->workspace->key);
  cjson_buffer_free(&document->workspace->skipped);
  cjson_keys_free(&document->workspace->keys);
  free(document->workspace->nodes);
  free(document->workspace);
  free(document);
}
