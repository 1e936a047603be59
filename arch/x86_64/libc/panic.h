// The end of the road for the core's own bugs and for an exhausted heap.
#pragma once

/// Prints `what` with a back-trace if it can, then offers to reboot. Defined by each platform.
/// Input from wire, disk or firmware must never lead here.
extern "C" [[noreturn]] void hawser_panic(const char* what);
