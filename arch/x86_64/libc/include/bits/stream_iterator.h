// Hawser has no streams: empty, in place of libstdc++'s header of this name.
#pragma once
