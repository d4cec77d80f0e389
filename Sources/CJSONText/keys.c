#include "keys.h"

#include "escapes.h"

#include <stdlib.h>
#include <string.h>

/// Up to this many keys are sorted by insertion; runs of this many are what merging starts with.
#define INSERTION_MAX 16

static uint64_t prefix_of(const uint8_t *bytes, size_t length) {
  uint64_t prefix = 0;
  if (length >= 8) {
    for (int index = 0; index < 8; index++) prefix = prefix << 8 | bytes[index];
    return prefix;
  }
  for (size_t index = 0; index < length; index++) prefix |= (uint64_t)bytes[index] << (56 - 8 * index);
  return prefix;
}

/// Negative, zero, positive as the bytes of `left` come before, are, or come after those of `right`.
static int compare_bytes(const struct cjson_key *left, const struct cjson_key *right) {
  if (left->prefix != right->prefix) return left->prefix < right->prefix ? -1 : 1;
  const size_t shared = left->length < right->length ? left->length : right->length;
  const int order = shared > 0 ? memcmp(left->bytes, right->bytes, shared) : 0;
  if (order != 0 || left->length == right->length) return order;
  return left->length < right->length ? -1 : 1;
}

static void sort_by_insertion(struct cjson_key *keys, size_t count) {
  for (size_t index = 1; index < count; index++) {
    const struct cjson_key key = keys[index];
    size_t place = index;
    while (place > 0 && compare_bytes(&key, &keys[place - 1]) < 0) {
      keys[place] = keys[place - 1];
      place--;
    }
    keys[place] = key;
  }
}

/// Merges two sorted runs that lie side by side into `output`; of equal keys the left one comes first.
static void merge(const struct cjson_key *keys, size_t left_count, size_t count, struct cjson_key *output) {
  size_t left = 0, right = left_count;
  for (size_t index = 0; index < count; index++) {
    const bool takes_left = left < left_count && (right == count || compare_bytes(&keys[right], &keys[left]) >= 0);
    output[index] = keys[takes_left ? left++ : right++];
  }
}

/// Sorts in place, stable, in O(count log count) comparisons whatever the keys are. `spare` holds `count` keys.
static void sort(struct cjson_key *keys, size_t count, struct cjson_key *spare) {
  for (size_t start = 0; start < count; start += INSERTION_MAX) {
    sort_by_insertion(keys + start, count - start < INSERTION_MAX ? count - start : INSERTION_MAX);
  }
  struct cjson_key *from = keys, *to = spare;
  for (size_t width = INSERTION_MAX; width < count; width *= 2) {
    for (size_t start = 0; start < count; start += 2 * width) {
      const size_t rest = count - start;
      merge(from + start, rest < width ? rest : width, rest < 2 * width ? rest : 2 * width, to + start);
    }
    struct cjson_key *const sorted = to;
    to = from;
    from = sorted;
  }
  if (from != keys) memcpy(keys, from, count * sizeof *keys);
}

static bool reserve(struct cjson_keys *keys, size_t extra) {
  if (keys->capacity - keys->count >= extra) return true;
  const size_t count_max = SIZE_MAX / 4 / sizeof *keys->items;
  if (keys->count > count_max || extra > count_max) return false;
  size_t capacity = keys->count + extra;
  if (capacity < 32) capacity = 32;
  if (capacity < 2 * keys->capacity) capacity = 2 * keys->capacity;
  struct cjson_key *items = realloc(keys->items, capacity * sizeof *items);
  if (!items) return false;
  keys->items = items;
  keys->capacity = capacity;
  return true;
}

/// Makes room for the bytes of all escaped keys of an object at once, so that they do not move while it is collected.
static bool reserve_unescaped(struct cjson_keys *keys, const struct cjson_node *nodes, uint32_t object) {
  size_t length = 0;
  for (uint32_t node = object + 1; node < nodes[object].next; node = nodes[node + 1].next) {
    if (nodes[node].flags & CJSON_ESCAPED) length += nodes[node].length;
  }
  keys->unescaped.count = 0;
  return length == 0 || cjson_buffer_reserve(&keys->unescaped, length);
}

/// The key at `node`, its bytes in the text or, if it is escaped, appended to the buffer.
static struct cjson_key key_at(
    struct cjson_buffer *unescaped, const struct cjson_node *nodes, const uint8_t *text, uint32_t node) {
  const uint8_t *bytes = text + nodes[node].start;
  size_t length = nodes[node].length;
  if (nodes[node].flags & CJSON_ESCAPED) {
    uint8_t *copy = unescaped->bytes + unescaped->count;
    length = cjson_unescape(bytes, length, copy);
    unescaped->count += length;
    bytes = copy;
  }
  return (struct cjson_key){prefix_of(bytes, length), bytes, length, node};
}

bool cjson_keys_push(struct cjson_keys *keys, const struct cjson_node *nodes, const uint8_t *text, uint32_t object) {
  const size_t count = nodes[object].count;
  if (count == 0) return true;
  if (!reserve(keys, 2 * count) || !reserve_unescaped(keys, nodes, object)) return false;
  struct cjson_key *items = keys->items + keys->count;
  bool is_sorted = true;
  uint32_t node = object + 1;
  for (size_t index = 0; index < count; index++) {
    items[index] = key_at(&keys->unescaped, nodes, text, node);
    if (is_sorted && index > 0) is_sorted = compare_bytes(&items[index - 1], &items[index]) <= 0;
    node = nodes[node + 1].next;
  }
  if (!is_sorted) sort(items, count, items + count);
  keys->count += count;
  return true;
}

uint32_t cjson_keys_first_duplicate(const struct cjson_keys *keys, size_t base) {
  uint32_t first = 0;
  for (size_t index = base + 1; index < keys->count; index++) {
    const struct cjson_key *key = &keys->items[index];
    if ((first == 0 || key->node < first) && compare_bytes(key - 1, key) == 0) first = key->node;
  }
  return first;
}

void cjson_keys_free(struct cjson_keys *keys) {
  free(keys->items);
  cjson_buffer_free(&keys->unescaped);
  *keys = (struct cjson_keys){0};
}
