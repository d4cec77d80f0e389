#ifndef CKECCAK_PERMUTATION_H
#define CKECCAK_PERMUTATION_H

#include <stdint.h>

/// Round constants of iota (FIPS 202, 3.2.5).
static const uint64_t ckeccak_round_constants[24] = {
    0x0000000000000001, 0x0000000000008082, 0x800000000000808A, 0x8000000080008000,
    0x000000000000808B, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
    0x000000000000008A, 0x0000000000000088, 0x0000000080008009, 0x000000008000000A,
    0x000000008000808B, 0x800000000000008B, 0x8000000000008089, 0x8000000000008003,
    0x8000000000008002, 0x8000000000000080, 0x000000000000800A, 0x800000008000000A,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
};

/// One round over the lanes a[x + 5y], written once for every word type: W is the type, and XOR, ANDNOT (not a, and b),
/// ROL and CONSTANT are its operations. `b` is scratch of 25 words.
///
/// Theta folds the column parities in; rho and pi move each lane to its place; chi and iota finish.
#define CKECCAK_ROUND(W, a, b, round)                                                                   \
  do {                                                                                                  \
    W c0 = XOR(XOR(XOR(a[0], a[5]), XOR(a[10], a[15])), a[20]);                                         \
    W c1 = XOR(XOR(XOR(a[1], a[6]), XOR(a[11], a[16])), a[21]);                                         \
    W c2 = XOR(XOR(XOR(a[2], a[7]), XOR(a[12], a[17])), a[22]);                                         \
    W c3 = XOR(XOR(XOR(a[3], a[8]), XOR(a[13], a[18])), a[23]);                                         \
    W c4 = XOR(XOR(XOR(a[4], a[9]), XOR(a[14], a[19])), a[24]);                                         \
    W d0 = XOR(c4, ROL(c1, 1));                                                                         \
    W d1 = XOR(c0, ROL(c2, 1));                                                                         \
    W d2 = XOR(c1, ROL(c3, 1));                                                                         \
    W d3 = XOR(c2, ROL(c4, 1));                                                                         \
    W d4 = XOR(c3, ROL(c0, 1));                                                                         \
    b[0] = XOR(a[0], d0);                                                                               \
    b[10] = ROL(XOR(a[1], d1), 1);                                                                      \
    b[20] = ROL(XOR(a[2], d2), 62);                                                                     \
    b[5] = ROL(XOR(a[3], d3), 28);                                                                      \
    b[15] = ROL(XOR(a[4], d4), 27);                                                                     \
    b[16] = ROL(XOR(a[5], d0), 36);                                                                     \
    b[1] = ROL(XOR(a[6], d1), 44);                                                                      \
    b[11] = ROL(XOR(a[7], d2), 6);                                                                      \
    b[21] = ROL(XOR(a[8], d3), 55);                                                                     \
    b[6] = ROL(XOR(a[9], d4), 20);                                                                      \
    b[7] = ROL(XOR(a[10], d0), 3);                                                                      \
    b[17] = ROL(XOR(a[11], d1), 10);                                                                    \
    b[2] = ROL(XOR(a[12], d2), 43);                                                                     \
    b[12] = ROL(XOR(a[13], d3), 25);                                                                    \
    b[22] = ROL(XOR(a[14], d4), 39);                                                                    \
    b[23] = ROL(XOR(a[15], d0), 41);                                                                    \
    b[8] = ROL(XOR(a[16], d1), 45);                                                                     \
    b[18] = ROL(XOR(a[17], d2), 15);                                                                    \
    b[3] = ROL(XOR(a[18], d3), 21);                                                                     \
    b[13] = ROL(XOR(a[19], d4), 8);                                                                     \
    b[14] = ROL(XOR(a[20], d0), 18);                                                                    \
    b[24] = ROL(XOR(a[21], d1), 2);                                                                     \
    b[9] = ROL(XOR(a[22], d2), 61);                                                                     \
    b[19] = ROL(XOR(a[23], d3), 56);                                                                    \
    b[4] = ROL(XOR(a[24], d4), 14);                                                                     \
    CKECCAK_CHI(a, b, 0);                                                                               \
    CKECCAK_CHI(a, b, 5);                                                                               \
    CKECCAK_CHI(a, b, 10);                                                                              \
    CKECCAK_CHI(a, b, 15);                                                                              \
    CKECCAK_CHI(a, b, 20);                                                                              \
    a[0] = XOR(a[0], CONSTANT(ckeccak_round_constants[round]));                                         \
  } while (0)

#define CKECCAK_CHI(a, b, y)                            \
  a[(y)] = XOR(b[(y)], ANDNOT(b[(y) + 1], b[(y) + 2]));     \
  a[(y) + 1] = XOR(b[(y) + 1], ANDNOT(b[(y) + 2], b[(y) + 3])); \
  a[(y) + 2] = XOR(b[(y) + 2], ANDNOT(b[(y) + 3], b[(y) + 4])); \
  a[(y) + 3] = XOR(b[(y) + 3], ANDNOT(b[(y) + 4], b[(y)]));     \
  a[(y) + 4] = XOR(b[(y) + 4], ANDNOT(b[(y)], b[(y) + 1]))

#endif
