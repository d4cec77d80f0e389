#ifndef CJSONTEXT_H
#define CJSONTEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Containers inside each other that a value may have; a container below that is the fault `CJSON_TOO_DEEP`.
#define CJSON_DEPTH_MAX 512

/// What a node stands for.
enum cjson_kind { CJSON_NULL, CJSON_TRUE, CJSON_FALSE, CJSON_NUMBER, CJSON_STRING, CJSON_ARRAY, CJSON_OBJECT };

/// What is known of a string or a number besides its kind.
enum {
  /// String: only U+0020 to U+007E without `"` and `\`, so that the raw text is its bytes and its canonical form.
  CJSON_PLAIN = 1,
  /// String: holds a backslash, so that its bytes are what `cjson_unescape` makes of the raw text.
  CJSON_ESCAPED = 2,
  /// Number: neither fraction nor exponent.
  CJSON_INTEGER = 4,
};

/// One value of a text. Nodes are in the order of the text (a container before what it holds); an object's members are
/// key node, value node, key node, …
struct cjson_node {
  /// Offset in the text. String: of the first byte after the opening quote; else of the first byte of the value.
  uint64_t start;
  /// Bytes. String: between the quotes, as written; number, keyword: all; container: with both brackets.
  uint64_t length;
  /// Index of the node after this value and everything inside it.
  uint32_t next;
  /// Elements of an array, members of an object; else 0.
  uint32_t count;
  /// An `enum cjson_kind`.
  uint8_t kind;
  /// `CJSON_PLAIN`, `CJSON_ESCAPED`, `CJSON_INTEGER`.
  uint8_t flags;
};

enum cjson_status {
  /// The text is JSON; it may still hold a fault.
  CJSON_OK,
  CJSON_SYNTAX_ERROR,
  CJSON_NO_MEMORY,
};

/// What makes bytes something other than JSON (RFC 8259): the cases of `LogError.JSONFault` that a text can have.
enum cjson_syntax {
  CJSON_NO_ERROR,
  CJSON_UNEXPECTED_END,
  CJSON_UNEXPECTED_BYTE,
  CJSON_INVALID_UTF8,
  CJSON_CONTROL_CHARACTER,
  CJSON_INVALID_ESCAPE,
  CJSON_INVALID_NUMBER,
  CJSON_BYTES_AFTER_VALUE,
};

/// JSON that an entry must not hold.
enum cjson_fault { CJSON_NO_FAULT, CJSON_LONE_SURROGATE, CJSON_DUPLICATE_KEY, CJSON_TOO_DEEP };

/// What a parse found. Used for one text after the other, by one thread at a time; keeps its buffers.
struct cjson_document {
  /// The nodes of the last text; the first is the whole value. With a fault they are not to be relied on.
  const struct cjson_node *nodes;
  /// 0 unless the last text was JSON.
  uint32_t node_count;
  /// Of a syntax error only.
  enum cjson_syntax error;
  size_t error_position;
  /// The first fault of a text that is JSON, and where it is.
  enum cjson_fault fault;
  size_t fault_position;
  /// Private.
  struct cjson_workspace *workspace;
};

/// NULL: no memory.
struct cjson_document *cjson_document_create(void);
/// Frees a document and its nodes. NULL is allowed.
void cjson_document_free(struct cjson_document *document);

/// Parses the one value that `text` holds. Time O(length), save O(keys log keys) comparisons in an object with many
/// keys. A text of more than 2^32 - 1 nodes is `CJSON_NO_MEMORY`.
enum cjson_status cjson_parse(struct cjson_document *document, const uint8_t *text, size_t length);

/// Writes the bytes of a string, given as it stands between its quotes, and returns their number: at most `length`,
/// which `output` must hold. A lone surrogate adds nothing. Safe for any input, meaningful for what was parsed.
size_t cjson_unescape(const uint8_t *raw, size_t length, uint8_t *output);

/// Bytes that grow; all zero is an empty one.
struct cjson_buffer {
  uint8_t *bytes;
  size_t count, capacity;
};

/// Frees the bytes and leaves an empty buffer.
void cjson_buffer_free(struct cjson_buffer *buffer);

/// Appends the canonical form (`JSONFormat.canonical`) of the value at node `index` of a text parsed without a fault.
/// `text` is the text that was parsed; `shortest_integers` turns every number token `-0` into `0`.
///
/// False if there is no memory or no such node; what was appended by then stays in the buffer.
bool cjson_append_canonical(const struct cjson_document *document, const uint8_t *text, uint32_t index,
    bool shortest_integers, struct cjson_buffer *buffer);

/// Bytes of a key that are compared at once.
#define CJSON_KEY_BYTES 32

/// The bytes of a key to look for.
struct cjson_name {
  const char *bytes;
  size_t length;
  /// Private: the key as compact JSON has it, in quotes and with its colon, and one bit for each byte of it; nothing where that is
  /// longer than `CJSON_KEY_BYTES`.
  char key[CJSON_KEY_BYTES];
  uint32_t key_mask;
};

/// Sets the private part of a name whose bytes are set and plain. Before it is used.
void cjson_name_prepare(struct cjson_name *name);

/// Parses as `cjson_parse` does and finds members of the whole value as `cjson_find_members` does.
///
/// Much faster where the text is an object whose members are among the names and in their order, written as a live engine writes
/// them: anything else is read twice, up to what differs. With a fault or an error `values` are not to be relied on.
enum cjson_status cjson_parse_members(struct cjson_document *document, const uint8_t *text, size_t length,
    const struct cjson_name *names, size_t name_count, uint32_t *values);

/// Sets each of `values` to the index of the value of the member of that name in the object at node `object`, 0 where
/// there is none (or no object). Names must differ. Fastest if members come in the order of the names.
void cjson_find_members(const struct cjson_document *document, const uint8_t *text, uint32_t object,
    const struct cjson_name *names, size_t name_count, uint32_t *values);

/// What a member's canonical text starts with, and which of the values found it has.
struct cjson_member {
  /// A comma (of the first member a brace), the key in quotes, a colon; whole blocks are copied from it.
  char key[CJSON_KEY_BYTES];
  uint32_t key_length;
  uint32_t value;
};

/// Bytes behind its text that `cjson_write_simple_members` may write to.
#define CJSON_WRITE_SLACK 64

/// Writes the object that has just these members, in canonical form (`cjson_append_canonical` with the shortest integers), and
/// returns its bytes; SIZE_MAX, and nothing of use in `output`, where a value is not simple: a text with escapes, a truth value,
/// `-0`, an object of several members, lists in lists.
///
/// `values` are nodes, all of them there, of the text that was parsed, different ones for different members. `output` must hold
/// `length` and `CJSON_WRITE_SLACK` bytes: no simple value is longer than it was.
size_t cjson_write_simple_members(const struct cjson_document *document, const uint8_t *text, size_t length,
    const struct cjson_member *members, size_t member_count, const uint32_t *values, uint8_t *output);

/// Bytes of a digest; its text has twice as many digits.
#define CJSON_DIGEST_BYTES 32

/// Reads 64 **lowercase** hexadecimal digits; false, and nothing of use in `digest`, where one is something else.
bool cjson_digest_decode(const uint8_t *text, uint8_t *digest);

/// Decodes base64 (RFC 4648, section 4, padded) and returns the number of bytes; SIZE_MAX for anything else: a foreign
/// character, missing or surplus padding, white space. Unused low bits of the last character may be anything.
/// `output` must hold `length / 4 * 3` bytes, all of which may be written to.
size_t cjson_base64_decode(const uint8_t *text, size_t length, uint8_t *output);

/// The same in portable C, whatever the processor.
size_t cjson_base64_decode_scalar(const uint8_t *text, size_t length, uint8_t *output);

#endif
