#if defined(__x86_64__)

#include "CSHA256.h"
#include "blocks.h"

#include <immintrin.h>
#include <string.h>

#define WIDE __attribute__((target("avx512f,avx512bw")))
#define INLINE static inline __attribute__((always_inline))

/// Turns 16 rows of 16 words around: word w of row r becomes word r of row w.
WIDE INLINE void transpose(__m512i *rows) {
  __m512i pairs[16], quads[16];
  for (int row = 0; row < 16; row += 2) {
    pairs[row] = _mm512_unpacklo_epi32(rows[row], rows[row + 1]);
    pairs[row + 1] = _mm512_unpackhi_epi32(rows[row], rows[row + 1]);
  }
  for (int row = 0; row < 16; row += 4) {
    quads[row] = _mm512_unpacklo_epi64(pairs[row], pairs[row + 2]);
    quads[row + 1] = _mm512_unpackhi_epi64(pairs[row], pairs[row + 2]);
    quads[row + 2] = _mm512_unpacklo_epi64(pairs[row + 1], pairs[row + 3]);
    quads[row + 3] = _mm512_unpackhi_epi64(pairs[row + 1], pairs[row + 3]);
  }
  for (int word = 0; word < 4; word++) {
    const __m512i even = _mm512_shuffle_i32x4(quads[word], quads[word + 4], 0x88);
    const __m512i odd = _mm512_shuffle_i32x4(quads[word], quads[word + 4], 0xDD);
    const __m512i other_even = _mm512_shuffle_i32x4(quads[word + 8], quads[word + 12], 0x88);
    const __m512i other_odd = _mm512_shuffle_i32x4(quads[word + 8], quads[word + 12], 0xDD);
    rows[word] = _mm512_shuffle_i32x4(even, other_even, 0x88);
    rows[word + 4] = _mm512_shuffle_i32x4(odd, other_odd, 0x88);
    rows[word + 8] = _mm512_shuffle_i32x4(even, other_even, 0xDD);
    rows[word + 12] = _mm512_shuffle_i32x4(odd, other_odd, 0xDD);
  }
}

/// The words of one block of every message, by word.
WIDE INLINE void load_words(__m512i *words, const uint8_t *const *blocks, size_t offset) {
  const __m512i big_endian =
      _mm512_broadcast_i32x4(_mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3));
  for (int lane = 0; lane < CSHA256_LANES; lane++) {
    words[lane] = _mm512_shuffle_epi8(_mm512_loadu_si512(blocks[lane] + offset), big_endian);
  }
  transpose(words);
}

#define SUM3(value, a, b, c)                                                                                          \
  _mm512_ternarylogic_epi32(_mm512_ror_epi32(value, a), _mm512_ror_epi32(value, b), c, 0x96)

/// The next word of the schedule, in place of the oldest one.
WIDE INLINE void expand(__m512i *words, int word) {
  const __m512i early = words[(word + 1) & 15], late = words[(word + 14) & 15];
  const __m512i small0 = SUM3(early, 7, 18, _mm512_srli_epi32(early, 3));
  const __m512i small1 = SUM3(late, 17, 19, _mm512_srli_epi32(late, 10));
  words[word] =
      _mm512_add_epi32(_mm512_add_epi32(words[word], small0), _mm512_add_epi32(words[(word + 9) & 15], small1));
}

/// One round: `v` is the state, whose first word is at `7 & -round`.
WIDE INLINE void one_round(__m512i *v, __m512i word, int round) {
#define V(place) v[((place) - round) & 7]
  const __m512i large1 = SUM3(V(4), 6, 11, _mm512_ror_epi32(V(4), 25));
  const __m512i choice = _mm512_ternarylogic_epi32(V(4), V(5), V(6), 0xCA);
  const __m512i constant = _mm512_set1_epi32((int)csha256_constants[round]);
  const __m512i first = _mm512_add_epi32(
      _mm512_add_epi32(V(7), large1), _mm512_add_epi32(choice, _mm512_add_epi32(word, constant)));
  const __m512i large0 = SUM3(V(0), 2, 13, _mm512_ror_epi32(V(0), 22));
  const __m512i majority = _mm512_ternarylogic_epi32(V(0), V(1), V(2), 0xE8);
  V(3) = _mm512_add_epi32(V(3), first);
  V(7) = _mm512_add_epi32(first, _mm512_add_epi32(large0, majority));
#undef V
}

/// Compresses `count` blocks of each message into the states `v`, which are given by word.
WIDE INLINE void compress(__m512i *v, const uint8_t *const *blocks, size_t count) {
  __m512i words[16];
  for (size_t block = 0; block < count; block++) {
    load_words(words, blocks, block * CSHA256_BLOCK_BYTES);
    __m512i before[8];
    for (int word = 0; word < 8; word++) before[word] = v[word];
#pragma clang loop unroll(full)
    for (int round = 0; round < 64; round++) {
      one_round(v, words[round & 15], round);
      if (round < 48) expand(words, round & 15);
    }
    for (int word = 0; word < 8; word++) v[word] = _mm512_add_epi32(v[word], before[word]);
  }
}

WIDE void csha256_compress_sixteen(uint32_t (*state)[CSHA256_LANES], const uint8_t *const *blocks, size_t count) {
  __m512i v[8];
  for (int word = 0; word < 8; word++) v[word] = _mm512_loadu_si512(state[word]);
  compress(v, blocks, count);
  for (int word = 0; word < 8; word++) _mm512_storeu_si512(state[word], v[word]);
}

WIDE void csha256_digest_sixteen(const uint8_t *const *messages, size_t block_count, size_t lanes, uint8_t *digests) {
  const __m512i big_endian =
      _mm512_broadcast_i32x4(_mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3));
  uint32_t by_word[8][CSHA256_LANES];
  __m512i v[8];
  for (int word = 0; word < 8; word++) v[word] = _mm512_set1_epi32((int)csha256_initial_state[word]);
  compress(v, messages, block_count);
  for (int word = 0; word < 8; word++) _mm512_storeu_si512(by_word[word], _mm512_shuffle_epi8(v[word], big_endian));
  for (size_t lane = 0; lane < lanes; lane++) {
    for (size_t word = 0; word < 8; word++) {
      memcpy(digests + lane * CSHA256_DIGEST_BYTES + word * sizeof(uint32_t), &by_word[word][lane], sizeof(uint32_t));
    }
  }
}

#endif
