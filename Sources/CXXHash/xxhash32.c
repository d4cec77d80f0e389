#include "include/CXXHash.h"

#include "stripes.h"

#include <string.h>

_Static_assert(sizeof(struct cxxhash_accumulators) == CXXHASH_STRIPE_BYTES, "two lanes are read as one register");
#if !defined(__BYTE_ORDER__) || __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "the words of a stripe are little-endian, and so must the machine be"
#endif

#define PRIME3 0xC2B2AE3Du
#define PRIME4 0x27D4EB2Fu
#define PRIME5 0x165667B1u

static const struct cxxhash_accumulators start = {
    {CXXHASH_PRIME1 + CXXHASH_PRIME2, CXXHASH_PRIME2, 0, 0u - CXXHASH_PRIME1}};

static uint32_t rotated(uint32_t word, int count) { return word << count | word >> (32 - count); }

static uint32_t word_at(const uint8_t *bytes) {
  uint32_t word;
  memcpy(&word, bytes, sizeof word);
  return word;
}

/// Folds `stripe_count` stripes in.
static void fold(struct cxxhash_accumulators *accumulators, const uint8_t *bytes, size_t stripe_count) {
  uint32_t words[4];
  memcpy(words, accumulators->words, sizeof words);
  for (size_t stripe = 0; stripe < stripe_count; stripe++, bytes += CXXHASH_STRIPE_BYTES) {
    for (int word = 0; word < 4; word++) {
      words[word] = rotated(words[word] + word_at(bytes + 4 * word) * CXXHASH_PRIME2, 13) * CXXHASH_PRIME1;
    }
  }
  memcpy(accumulators->words, words, sizeof words);
}

/// The checksum of a message whose whole stripes were folded in.
static uint32_t finish(const struct cxxhash_accumulators *accumulators, const uint8_t *bytes, size_t count) {
  const uint32_t *words = accumulators->words;
  uint32_t sum = count < CXXHASH_STRIPE_BYTES
                     ? PRIME5
                     : rotated(words[0], 1) + rotated(words[1], 7) + rotated(words[2], 12) + rotated(words[3], 18);
  sum += (uint32_t)count;
  size_t place = count - count % CXXHASH_STRIPE_BYTES;
  for (; place + 4 <= count; place += 4) sum = rotated(sum + word_at(bytes + place) * PRIME3, 17) * PRIME4;
  for (; place < count; place++) sum = rotated(sum + bytes[place] * PRIME5, 11) * CXXHASH_PRIME1;
  sum = (sum ^ sum >> 15) * CXXHASH_PRIME2;
  sum = (sum ^ sum >> 13) * PRIME3;
  return sum ^ sum >> 16;
}

uint32_t cxxhash_xxh32(const uint8_t *bytes, size_t count) {
  struct cxxhash_accumulators accumulators = start;
  fold(&accumulators, bytes, count / CXXHASH_STRIPE_BYTES);
  return finish(&accumulators, bytes, count);
}

#if defined(__x86_64__)
/// Messages at work side by side, the first `count` of the lanes; the others look where the first does, for nothing.
struct group {
  struct cxxhash_accumulators lanes[CXXHASH_LANES];
  const uint8_t *bytes[CXXHASH_LANES];
  size_t stripes_left[CXXHASH_LANES];
  /// Which message of the group a lane works for.
  size_t messages[CXXHASH_LANES];
  size_t count;
};

/// Folds as many stripes in as every message at work has.
static void advance(struct group *group) {
  size_t stripe_count = group->stripes_left[0];
  for (size_t lane = 1; lane < group->count; lane++) {
    if (group->stripes_left[lane] < stripe_count) stripe_count = group->stripes_left[lane];
  }
  if (group->count == 1) {
    fold(&group->lanes[0], group->bytes[0], stripe_count);
  } else {
    for (size_t lane = group->count; lane < CXXHASH_LANES; lane++) group->bytes[lane] = group->bytes[0];
    cxxhash_fold_side_by_side(group->lanes, group->bytes, stripe_count);
  }
  for (size_t lane = 0; lane < group->count; lane++) {
    group->bytes[lane] += stripe_count * CXXHASH_STRIPE_BYTES;
    group->stripes_left[lane] -= stripe_count;
  }
}

/// Puts the last lane at work in the place of `lane`.
static void drop(struct group *group, size_t lane) {
  const size_t last = --group->count;
  group->lanes[lane] = group->lanes[last];
  group->bytes[lane] = group->bytes[last];
  group->stripes_left[lane] = group->stripes_left[last];
  group->messages[lane] = group->messages[last];
}

static void hash_group(const struct cxxhash_message *messages, size_t count, uint32_t *checksums) {
  struct group group = {.count = count};
  for (size_t lane = 0; lane < count; lane++) {
    group.lanes[lane] = start;
    group.bytes[lane] = messages[lane].bytes;
    group.stripes_left[lane] = messages[lane].count / CXXHASH_STRIPE_BYTES;
    group.messages[lane] = lane;
  }
  while (group.count > 0) {
    advance(&group);
    for (size_t lane = group.count; lane-- > 0;) {
      if (group.stripes_left[lane] > 0) continue;
      const struct cxxhash_message *message = &messages[group.messages[lane]];
      checksums[group.messages[lane]] = finish(&group.lanes[lane], message->bytes, message->count);
      drop(&group, lane);
    }
  }
}
#endif

void cxxhash_xxh32_many(
    enum cxxhash_backend backend, const struct cxxhash_message *messages, size_t count, uint32_t *checksums) {
  size_t next = 0;
#if defined(__x86_64__)
  if (backend == CXXHASH_AVX2) {
    for (size_t group_count; next < count; next += group_count) {
      group_count = count - next < CXXHASH_LANES ? count - next : CXXHASH_LANES;
      hash_group(messages + next, group_count, checksums + next);
    }
  }
#endif
  (void)backend;
  for (; next < count; next++) checksums[next] = cxxhash_xxh32(messages[next].bytes, messages[next].count);
}

enum cxxhash_backend cxxhash_fastest_backend(void) {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx2") ? CXXHASH_AVX2 : CXXHASH_SCALAR;
#else
  return CXXHASH_SCALAR;
#endif
}
