#ifndef CJSON_KEYS_H
#define CJSON_KEYS_H

#include "buffer.h"

/// A key of an object, by its bytes.
struct cjson_key {
  /// The first eight bytes, the first highest, zeros behind a shorter key: decides most comparisons.
  uint64_t prefix;
  const uint8_t *bytes;
  size_t length;
  /// Index of the key's node.
  uint32_t node;
};

/// A stack of keys, those of one object on top of those of another. All zero is an empty one.
struct cjson_keys {
  struct cjson_key *items;
  size_t count, capacity;
  /// The bytes of the escaped keys on top of the stack; those of the objects below are gone.
  struct cjson_buffer unescaped;
};

/// Pushes the keys of the object at node `object` in the order of their bytes, equal ones in the order of the text.
/// False: no memory. Once another object is pushed, only the `node` of the keys below it is valid.
bool cjson_keys_push(struct cjson_keys *keys, const struct cjson_node *nodes, const uint8_t *text, uint32_t object);

/// The node of the first key of the text that equals an earlier one among the keys from `base`; 0 if all differ.
uint32_t cjson_keys_first_duplicate(const struct cjson_keys *keys, size_t base);

void cjson_keys_free(struct cjson_keys *keys);

#endif
