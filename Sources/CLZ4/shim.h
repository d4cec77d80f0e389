/// liblz4's frame format (lz4frame.h) and blocks (lz4.h), called from LogReading/FrameContext.swift and FrameEncoder.swift only.
#include <lz4.h>
#include <lz4frame.h>
