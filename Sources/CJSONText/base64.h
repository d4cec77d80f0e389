#ifndef CJSON_BASE64_H
#define CJSON_BASE64_H

#include <stddef.h>
#include <stdint.h>

/// Characters that must be left for one step: it decodes 32 but writes 32 bytes, 8 more than it has decoded, which the
/// output (three bytes for every four characters) must still hold.
#define CJSON_BASE64_AVX2_MIN 44

/// Decodes from the start as far as all are digits and 44 characters are left, and returns the number of characters
/// decoded, a multiple of 32. Never reaches the last group, the only one that may be padded.
size_t cjson_base64_decode_avx2(const uint8_t *text, size_t length, uint8_t *output);

#endif
