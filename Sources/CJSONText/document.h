#ifndef CJSON_DOCUMENT_H
#define CJSON_DOCUMENT_H

#include "keys.h"

/// Keys of one object that are compared one by one as they are read; those of larger objects are sorted at its end.
#define CJSON_COMPARED_KEYS_MAX 24

/// A container that has been opened and not yet closed.
struct cjson_frame {
  uint32_t node;
  /// Members or elements that have ended.
  uint32_t count;
  /// The object's first mark.
  uint32_t mark_base;
  /// The byte that closes the container.
  uint8_t close;
  /// One bit for every mark: where a key's bit is not set, no earlier key equals it.
  uint64_t filter;
};

/// A key that later keys of its object are compared with.
struct cjson_mark {
  /// Of the key's bytes: different signatures, different keys.
  uint32_t signature;
  uint32_t node;
};

struct cjson_workspace {
  struct cjson_node *nodes;
  uint32_t node_capacity;
  uint32_t mark_count;
  /// Containers open now.
  size_t depth;
  /// Where the scanner was when it met the document's fault: faults found later may have come before it.
  size_t fault_time;
  /// The bytes of an escaped key.
  struct cjson_buffer key;
  /// The closing brackets of containers that are nested too deeply.
  struct cjson_buffer skipped;
  /// The keys of an object that has many.
  struct cjson_keys keys;
  struct cjson_frame frames[CJSON_DEPTH_MAX];
  struct cjson_mark marks[CJSON_DEPTH_MAX * CJSON_COMPARED_KEYS_MAX];
};

/// What scanning one text needs.
///
/// Where the scanner is goes from function to function as a value, so that it stays in a register: they take the
/// cursor and return it moved on, NULL after an error, which is then in the document, or without memory.
struct cjson_scanner {
  const uint8_t *text;
  const uint8_t *end;
  struct cjson_document *document;
  struct cjson_workspace *workspace;
};

/// Sets the syntax error at the cursor (at the end of the text, that it ends) and returns NULL.
const uint8_t *cjson_fail(struct cjson_scanner *scanner, const uint8_t *cursor, enum cjson_syntax error);

/// Records a fault at `position`, met with the cursor at `time`, unless one was met before.
void cjson_record(struct cjson_scanner *scanner, enum cjson_fault fault, size_t position, size_t time);

/// Reads the bytes at the cursor that are part of a string but not plain, and clears or sets flags accordingly.
const uint8_t *cjson_scan_special(struct cjson_scanner *scanner, const uint8_t *cursor, uint8_t *flags);

/// Compares a key that has just been read with the keys of its object before it, as far as these are few. False: no
/// memory.
bool cjson_check_key(struct cjson_scanner *scanner, struct cjson_frame *frame, uint32_t node);

/// Looks for equal keys in an object that has ended and has many. False: no memory.
bool cjson_check_many_keys(struct cjson_scanner *scanner, uint32_t object);

#endif
