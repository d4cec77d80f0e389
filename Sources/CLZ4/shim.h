/// liblz4's frame format (lz4frame.h), called from LogReading/FrameDecoder.swift only.
#include <lz4frame.h>
