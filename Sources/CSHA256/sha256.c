#include "CSHA256.h"

#include "blocks.h"

#include <string.h>

const uint32_t csha256_constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

const uint32_t csha256_initial_state[8] = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

static uint32_t rotated(uint32_t word, int count) { return word >> count | word << (32 - count); }

static uint32_t big_endian(const uint8_t *bytes) {
  return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static void store_big_endian(uint8_t *bytes, uint32_t word) {
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  word = __builtin_bswap32(word);
#endif
  memcpy(bytes, &word, sizeof word);
}

/// The message schedule of one block (FIPS 180-4, 6.2.2).
static void expand(uint32_t *schedule, const uint8_t *block) {
  for (int word = 0; word < 16; word++) schedule[word] = big_endian(block + 4 * word);
  for (int word = 16; word < 64; word++) {
    const uint32_t early = schedule[word - 15], late = schedule[word - 2];
    const uint32_t small0 = rotated(early, 7) ^ rotated(early, 18) ^ early >> 3;
    const uint32_t small1 = rotated(late, 17) ^ rotated(late, 19) ^ late >> 10;
    schedule[word] = schedule[word - 16] + small0 + schedule[word - 7] + small1;
  }
}

void csha256_compress_portable(uint32_t *state, const uint8_t *blocks, size_t count) {
  for (; count > 0; count--, blocks += CSHA256_BLOCK_BYTES) {
    uint32_t schedule[64], v[8];
    expand(schedule, blocks);
    memcpy(v, state, sizeof v);
    for (int round = 0; round < 64; round++) {
      const uint32_t large1 = rotated(v[4], 6) ^ rotated(v[4], 11) ^ rotated(v[4], 25);
      const uint32_t choice = (v[4] & v[5]) ^ (~v[4] & v[6]);
      const uint32_t first = v[7] + large1 + choice + csha256_constants[round] + schedule[round];
      const uint32_t large0 = rotated(v[0], 2) ^ rotated(v[0], 13) ^ rotated(v[0], 22);
      const uint32_t majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);
      memmove(v + 1, v, 7 * sizeof v[0]);
      v[4] += first;
      v[0] = first + large0 + majority;
    }
    for (int word = 0; word < 8; word++) state[word] += v[word];
  }
}

/// Copies what follows the whole blocks of a message and pads it (FIPS 180-4, 5.1.1); returns its number of blocks.
static size_t pad(uint8_t *tail, const uint8_t *message, size_t count) {
  const size_t rest = count % CSHA256_BLOCK_BYTES;
  memset(tail, 0, 2 * CSHA256_BLOCK_BYTES);
  if (rest > 0) memcpy(tail, message + (count - rest), rest);
  tail[rest] = 0x80;
  const size_t tail_blocks = rest + 9 > CSHA256_BLOCK_BYTES ? 2 : 1;
  store_big_endian(tail + tail_blocks * CSHA256_BLOCK_BYTES - 8, (uint32_t)((uint64_t)count >> 29));
  store_big_endian(tail + tail_blocks * CSHA256_BLOCK_BYTES - 4, (uint32_t)((uint64_t)count << 3));
  return tail_blocks;
}

static void write_digest(uint8_t *digest, const uint32_t *state) {
  for (int word = 0; word < 8; word++) store_big_endian(digest + 4 * word, state[word]);
}

static void digest_by(csha256_compress *compress, const uint8_t *message, size_t count, uint8_t *digest) {
  uint32_t state[8];
  uint8_t tail[2 * CSHA256_BLOCK_BYTES];
  memcpy(state, csha256_initial_state, sizeof state);
  compress(state, message, count / CSHA256_BLOCK_BYTES);
  compress(state, tail, pad(tail, message, count));
  write_digest(digest, state);
}

void csha256_portable(const uint8_t *message, size_t count, uint8_t *digest) {
  digest_by(csha256_compress_portable, message, count, digest);
}

#if defined(__x86_64__)
#include <cpuid.h>

/// Leaf 7 says SHA, leaf 1 SSSE3 and SSE4.1. Two threads may ask at once: both write the same answer.
static int has_sha_extensions(void) {
  static volatile int known = -1;
  if (known >= 0) return known;
  unsigned a, b, c, d;
  int answer = 0;
  if (__get_cpuid(1, &a, &b, &c, &d) && (c & (1u << 9)) && (c & (1u << 19))) {
    answer = __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & (1u << 29)) ? 1 : 0;
  }
  known = answer;
  return answer;
}
#endif

/// Messages with which sixteen lanes are faster than pairs, the other lanes idle: 12 ns a block and lane against 22 (Zen 5).
#define LANES_MIN 9

/// How many of `count` messages go side by side; `compress` is what takes one alone.
static size_t lane_count(size_t count, csha256_compress **compress) {
  *compress = csha256_compress_portable;
#if defined(__x86_64__)
  if (count >= LANES_MIN && __builtin_cpu_supports("avx512bw")) return count < CSHA256_LANES ? count : CSHA256_LANES;
  if (!has_sha_extensions()) return 1;
  *compress = csha256_compress_sha_extensions;
  return count >= 2 ? 2 : 1;
#else
  return 1;
#endif
}

/// Compresses `block_count` blocks of each of `lanes` messages into their states.
static void compress_lanes(
    uint32_t **states, const uint8_t **blocks, size_t block_count, size_t lanes, csha256_compress *compress) {
#if defined(__x86_64__)
  if (lanes == 2) return csha256_compress_two(states[0], blocks[0], states[1], blocks[1], block_count);
  if (lanes > 2) {
    uint32_t by_word[8][CSHA256_LANES];
    for (size_t lane = 0; lane < CSHA256_LANES; lane++) {
      if (lane >= lanes) blocks[lane] = blocks[0];
      const uint32_t *state = states[lane < lanes ? lane : 0];
      for (int word = 0; word < 8; word++) by_word[word][lane] = state[word];
    }
    csha256_compress_sixteen(by_word, blocks, block_count);
    for (size_t lane = 0; lane < lanes; lane++) {
      for (int word = 0; word < 8; word++) states[lane][word] = by_word[word][lane];
    }
    return;
  }
#endif
  compress(states[0], blocks[0], block_count);
}

void csha256_equal_lengths(const uint8_t *messages, size_t count, size_t message_count, uint8_t *digests) {
  uint32_t states[CSHA256_LANES][8], *state[CSHA256_LANES];
  uint8_t tails[CSHA256_LANES][2 * CSHA256_BLOCK_BYTES];
  csha256_compress *compress;
  for (size_t next = 0, lanes; next < message_count; next += lanes) {
    const uint8_t *blocks[CSHA256_LANES], *tail[CSHA256_LANES];
    size_t tail_blocks = 0;
    lanes = lane_count(message_count - next, &compress);
    for (size_t lane = 0; lane < lanes; lane++) {
      blocks[lane] = messages + (next + lane) * count;
      tail[lane] = tails[lane];
      tail_blocks = pad(tails[lane], blocks[lane], count);
      state[lane] = memcpy(states[lane], csha256_initial_state, sizeof csha256_initial_state);
    }
    if (count >= CSHA256_BLOCK_BYTES) compress_lanes(state, blocks, count / CSHA256_BLOCK_BYTES, lanes, compress);
    compress_lanes(state, tail, tail_blocks, lanes, compress);
    for (size_t lane = 0; lane < lanes; lane++) write_digest(digests + (next + lane) * CSHA256_DIGEST_BYTES, state[lane]);
  }
}

/// Hashes `count` messages of `prefix` and `rest_count` bytes, below 119; those bytes lie one after the other, as digests do then.
static void digest_short(uint8_t prefix, const uint8_t *rests, size_t rest_count, size_t count, uint8_t *digests) {
  uint32_t states[CSHA256_LANES][8], *state[CSHA256_LANES];
  uint8_t messages[CSHA256_LANES][2 * CSHA256_BLOCK_BYTES];
  csha256_compress *compress;
  size_t block_count = 0;
  for (size_t lane = 0; lane < (count < CSHA256_LANES ? count : CSHA256_LANES); lane++) {
    // What stands before and behind the rest is the same in all messages.
    messages[lane][0] = prefix;
    block_count = csha256_pad(messages[lane], 1 + rest_count);
  }
  for (size_t next = 0, lanes; next < count; next += lanes) {
    const uint8_t *blocks[CSHA256_LANES];
    lanes = lane_count(count - next, &compress);
    for (size_t lane = 0; lane < CSHA256_LANES; lane++) {
      if (lane < lanes) memcpy(messages[lane] + 1, rests + (next + lane) * rest_count, rest_count);
      blocks[lane] = messages[lane < lanes ? lane : 0];
    }
#if defined(__x86_64__)
    if (lanes > 2) {
      csha256_digest_sixteen(blocks, block_count, lanes, digests + next * CSHA256_DIGEST_BYTES);
      continue;
    }
#endif
    for (size_t lane = 0; lane < lanes; lane++) {
      state[lane] = memcpy(states[lane], csha256_initial_state, sizeof csha256_initial_state);
    }
    compress_lanes(state, blocks, block_count, lanes, compress);
    for (size_t lane = 0; lane < lanes; lane++) write_digest(digests + (next + lane) * CSHA256_DIGEST_BYTES, state[lane]);
  }
}

void csha256_leaves(const uint8_t *entries, size_t count, uint8_t *digests) {
  digest_short(0x00, entries, CSHA256_DIGEST_BYTES, count, digests);
}

void csha256_parents(const uint8_t *children, size_t count, uint8_t *parents) {
  digest_short(0x01, children, 2 * CSHA256_DIGEST_BYTES, count, parents);
}

void csha256_start(uint32_t *state) { memcpy(state, csha256_initial_state, sizeof csha256_initial_state); }

size_t csha256_pad(uint8_t *message, size_t count) {
  const size_t rest = count % CSHA256_BLOCK_BYTES;
  uint8_t tail[2 * CSHA256_BLOCK_BYTES];
  const size_t tail_blocks = pad(tail, message, count);
  memcpy(message + count, tail + rest, tail_blocks * CSHA256_BLOCK_BYTES - rest);
  return count / CSHA256_BLOCK_BYTES + tail_blocks;
}

void csha256_continue(const uint8_t *blocks, uint32_t *states, const uint32_t *places, size_t count) {
  csha256_compress *compress;
  for (size_t next = 0, lanes; next < count; next += lanes) {
    const uint8_t *block[CSHA256_LANES];
    uint32_t *state[CSHA256_LANES];
    lanes = lane_count(count - next, &compress);
    for (size_t lane = 0; lane < lanes; lane++) {
      const size_t place = places[next + lane];
      block[lane] = blocks + CSHA256_BLOCK_BYTES * place;
      state[lane] = memcpy(states + 8 * (place + 1), states + 8 * place, sizeof csha256_initial_state);
    }
    compress_lanes(state, block, 1, lanes, compress);
  }
}

void csha256(const uint8_t *message, size_t count, uint8_t *digest) {
#if defined(__x86_64__)
  if (has_sha_extensions()) return digest_by(csha256_compress_sha_extensions, message, count, digest);
#endif
  csha256_portable(message, count, digest);
}
